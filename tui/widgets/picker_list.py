"""The values of a picker with bar, count and trouble; for types a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from tui import format as fmt
from tui.picker_choices import Choice
from tui.widgets.line import BLANK, Line, Span, fit, pad, spans_width
from tui.widgets.line_view import LineView
from tui.widgets.thin_bar import thin_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import Tally

BAR: Final = 6
"""Cells of a bar; the tree has no tag for the row's own value and gives half of that room to it."""
BAR_IN_TREE: Final = 9
COUNT: Final = 9
TROUBLE: Final = 9
TAG: Final = 9
LOUD_SHARE: Final = 0.05
"""From this share of errors on, a value's share is marked."""


class PickerList(LineView):
    """Shows `choices`. It never has the focus: keys go to the text above it, and its screen moves the cursor."""

    can_focus = False

    choices: reactive[Sequence[Choice]] = reactive(())
    marks: reactive[frozenset[str | None]] = reactive(frozenset())
    """Values that were taken."""
    negated = reactive(default=False)
    """Whether what is taken is left out instead of kept."""
    opened: reactive[frozenset[str]] = reactive(frozenset())
    """Groups that are unfolded."""
    text = reactive("")
    """What was typed: marked in the values."""
    note = reactive("")
    """One line below the values; empty: none."""

    def _watch_content(self) -> None:
        self.rebuild()

    watch_choices = watch_marks = watch_negated = watch_opened = watch_text = watch_note = _watch_content

    @property
    def marks_cursor(self) -> bool:
        """The keys always go to this list, by way of the text above it."""
        return True

    @property
    def choice(self) -> Choice | None:
        """The value under the cursor."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, Choice) else None

    def put_cursor_on(self, value: str | None) -> None:
        """Move the cursor to a value; nothing happens where it is not shown."""
        for index, line in enumerate(self.lines):
            if isinstance(line.target, Choice) and line.target.value == value:
                self.cursor = index

    def build(self, width: int) -> Sequence[Line]:
        """Return a row for every choice and the note below them."""
        return list(self._build(width))

    def _build(self, width: int) -> Iterator[Line]:
        most = max((choice.tally.events for choice in self.choices if choice.tally is not None), default=0)
        tree = any(choice.group for choice in self.choices)
        for choice in self.choices:
            yield self._row(choice, width, most, tree=tree)
        if self.note:
            yield BLANK
            yield Line(((f"  {self.note}", "muted"),), skip=True)

    def _row(self, choice: Choice, width: int, most: int, *, tree: bool) -> Line:
        bar = BAR_IN_TREE if tree else BAR
        room = width - 2 - 1 - bar - COUNT - TROUBLE - (0 if tree else TAG) - 1
        label = fit(list(self._label(choice, tree=tree)), room)
        gap = " " * (room - spans_width(label) + 1)
        tag = ((" this row", "muted"),) if choice.own and not tree else ()
        numbers = self._numbers(choice, most, bar, tree=tree)
        return Line((self._mark(choice), *label, (gap, ""), *numbers, *tag), target=choice)

    def _mark(self, choice: Choice) -> Span:
        if choice.value not in self.marks:
            return ("  ", "")
        return (f"{self.glyphs.minus} ", "warning strong") if self.negated else (f"{self.glyphs.success} ", "accent")

    def _label(self, choice: Choice, *, tree: bool) -> Iterator[Span]:
        if tree:
            sign = self.glyphs.opened if choice.value in self.opened or self.text else self.glyphs.closed
            yield (f"{sign} " if choice.group else "    " if choice.parent else "  ", "muted")
        role = "strong" if choice.group else "muted" if choice.value is None else ""
        start = choice.label.casefold().find(self.text.casefold()) if self.text else -1
        if start < 0:
            yield choice.label, role
            return
        end = start + len(self.text)
        yield choice.label[:start], role
        yield choice.label[start:end], "match"
        yield choice.label[end:], role

    def _numbers(self, choice: Choice, most: int, bar: int, *, tree: bool) -> Iterator[Span]:
        tally = choice.tally
        if tally is None:
            yield " " * bar, ""
            yield pad(self.glyphs.pending, COUNT, right=True), "faint"
            yield " " * TROUBLE, ""
            return
        yield pad(thin_bar(tally.events, most, bar, self.glyphs), bar), "bar"
        yield pad(fmt.count(tally.events), COUNT, right=True), "" if tally.events else "faint"
        yield from self._number_of_trouble(tally) if tree else self._share_of_trouble(tally)

    def _number_of_trouble(self, tally: Tally) -> Iterator[Span]:
        """Yield how many errors there are, or, where there are none, denials; nothing where all went well."""
        number, sign, role = (tally.errors, self.glyphs.failure, "error")
        if not number:
            number, sign, role = (tally.denials, self.glyphs.denied, "warning")
        yield pad(f"{sign} {fmt.short_count(number)}" if number else "", TROUBLE, right=True), role

    def _share_of_trouble(self, tally: Tally) -> Iterator[Span]:
        """Yield the share of errors, or, where there are denials but no errors, that of denials."""
        denied = tally.denials > 0 and not tally.errors
        part = tally.denials if denied else tally.errors
        loud = part > 0 and part >= LOUD_SHARE * tally.events
        sign = (self.glyphs.denied if denied else self.glyphs.failure) if loud or denied else ""
        yield f"{pad(sign, 2, right=True)} ", "warning" if denied else "error"
        share = fmt.percent(part, tally.events) if tally.events else ""
        yield pad(share.removesuffix(".0") if share == "100.0" else share, 4, right=True), "" if loud else "muted"
        yield " %" if share else "  ", "muted"
