"""Choices beside each other, of which one is chosen, moved through with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.line import Line, Span, fit, spans_width
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.glyphs import Glyphs

LABEL: Final = 13
"""Cells of the label before the choices."""
_GAPS: Final = (4, 3, 2)
"""Cells between two choices: as many of these as let all stand in one row."""


def radio(glyphs: Glyphs, *, chosen: bool) -> Span:
    """Return the sign before a choice, with a space after it."""
    if chosen:
        return ("(*) " if glyphs.ascii else "◉ ", "accent")
    return ("( ) " if glyphs.ascii else "○ ", "muted")


class Confirm(Message):
    """Decide: Enter was pressed in a field, or the button."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: what it stands for, and what it is called."""

    value: object
    name: str


@dataclass(frozen=True, slots=True)
class _Spot:
    choice: Choice
    row: int
    start: int
    width: int


class ChoiceRow(LineView):
    """Shows `choices` after a label, in one row where they fit. Left and right choose, up and down leave the row."""

    GUTTER: ClassVar[int] = 0
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--spot"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
    ]

    choices: reactive[tuple[Choice, ...]] = reactive(())
    """What there is to choose from."""
    chosen: reactive[object] = reactive(None)
    """The value of the one that is chosen."""

    class Taken(Message):
        """Another choice was taken, by key or mouse."""

        def __init__(self, row: ChoiceRow, value: object) -> None:
            """Remember the row and the value."""
            super().__init__()
            self.row = row
            self.value = value

        @property
        def control(self) -> ChoiceRow:
            """The row, so that handlers can select by it."""
            return self.row

    def __init__(self, label: str, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Show this label."""
        super().__init__(id=id)
        self._label = label
        self._spots: list[_Spot] = []

    def _watch_choices(self) -> None:
        self.rebuild()
        self.refresh(layout=True)

    watch_choices = watch_chosen = _watch_choices

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Mark the chosen one only where the keys go."""
        super().watch_has_focus(_has_focus)
        self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return as many rows as the choices take."""
        self._spots = list(self._placed(width))
        rows: dict[int, list[Span]] = {}
        for spot in self._spots:
            spans = rows.setdefault(spot.row, [(self._label if spot.row == 0 else "", "title")])
            spans.append((" " * (spot.start - spans_width(spans)), ""))
            spans += fit(self._drawn(spot.choice), spot.width)
        return [Line(tuple(spans), skip=True) for spans in rows.values()] or [
            Line(((self._label, "title"),), skip=True)
        ]

    def _drawn(self, choice: Choice) -> Sequence[Span]:
        chosen = choice.value == self.chosen
        role = "strong" if chosen else ""
        spot = " spot" if chosen and self.has_focus else ""
        sign, sign_role = radio(self.glyphs, chosen=chosen)
        return ((sign, sign_role + spot), (choice.name, f"{role}{spot}".strip()))

    def _placed(self, width: int) -> Iterator[_Spot]:
        room = max(width - LABEL, 1)
        sizes = [spans_width(self._drawn(choice)) for choice in self.choices]
        gap = next((gap for gap in _GAPS if sum(sizes) + gap * (len(sizes) - 1) <= room), _GAPS[-1])
        row, start = 0, LABEL
        for choice, size in zip(self.choices, sizes, strict=True):
            if start > LABEL and start + size > width:
                row, start = row + 1, LABEL
            yield _Spot(choice, row, start, min(size, room))
            start += size + gap

    def action_step(self, step: int) -> None:
        """Choose the next one (or the one before)."""
        values = [choice.value for choice in self.choices]
        if self.chosen in values:
            self._take(values[min(max(values.index(self.chosen) + step, 0), len(values) - 1)])

    def action_cursor(self, step: int) -> None:
        """Leave the row for the next field (or the one before)."""
        self.screen.focus_next() if step > 0 else self.screen.focus_previous()

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for spot in self._spots:
            if spot.row == offset.y + self.scroll_offset.y and spot.start <= offset.x < spot.start + spot.width:
                self._take(spot.choice.value)

    def action_choose(self) -> None:
        """Leave Enter to the dialog."""
        self.post_message(Confirm())

    def _take(self, value: object) -> None:
        if value != self.chosen:
            self.chosen = value
            self.post_message(self.Taken(self, value))
