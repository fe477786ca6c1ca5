"""Saved views in a dialog: name, query, and whether they come with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.reactive import reactive

from store.safe_text import safe_text
from tui.shown_view import Offer
from tui.widgets.line import Line, Span, pad
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME: Final = 28
"""Cells that a name has at most, where there is more to say."""


class ViewList(LineView):
    """Shows `offers`. It never has the focus: keys go to the text above it, and its screen moves the cursor."""

    can_focus = False

    offers: reactive[Sequence[Offer]] = reactive(())
    """The rows."""
    text = reactive("")
    """What was typed: marked in the names."""
    note = reactive("")
    """What stands there where there is no row."""

    def _watch_content(self) -> None:
        self.rebuild()

    watch_offers = watch_text = watch_note = _watch_content

    @property
    def marks_cursor(self) -> bool:
        """The keys always go to this list, by way of the text above it."""
        return True

    @property
    def offer(self) -> Offer | None:
        """The view under the cursor."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, Offer) else None

    def build(self, width: int) -> Sequence[Line]:
        """Return a row for every view."""
        if not self.offers:
            return [Line(((f" {self.note}", "muted"),), skip=True)]
        longest = max(cell_len(safe_text(one.view.name)) for one in self.offers)
        room = min(longest, _NAME, max(width // 2, 1))
        return [self._line(offer, room) for offer in self.offers]

    def _line(self, offer: Offer, room: int) -> Line:
        right = (("shipped ", "faint"),) if offer.view.shipped else ()
        return Line((*self._title(pad(offer.view.name, room)), ("  ", ""), self._query(offer)), right, target=offer)

    def _query(self, offer: Offer) -> Span:
        if offer.shown is None:
            return f"{self.glyphs.failure} {offer.view.query}", "error"
        return offer.shown.query_words, "muted"

    def _title(self, name: str) -> Iterator[Span]:
        wanted = self.text.strip().casefold()
        start = name.casefold().find(wanted) if wanted else -1
        if start < 0:
            yield f" {name}", ""
            return
        end = start + len(wanted)
        yield f" {name[:start]}", ""
        yield name[start:end], "match"
        yield name[end:], ""
