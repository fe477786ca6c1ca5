"""The histogram above the alerts: how many were last seen when, the severe ones hanging below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from tui.format import MICROS, count, minute
from tui.widgets.one_line import Piece
from tui.widgets.search_histogram import SearchHistogram

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOMY: Final = 60
_ABOUT_A_DAY_US: Final = 26 * 3600 * MICROS


class AlertsHistogram(SearchHistogram):
    """Draws bars of alerts: `events` of a slice are all of them, `errors` the critical and high ones."""

    VOLUME_ROWS: ClassVar[int] = 2
    NOUN: ClassVar[str] = "alert"

    def tick(self, ts_us: int) -> str:
        """Return how a time is written on the axis: without its day where the bars are over one."""
        one_day = self.bars.end_us - self.bars.start_us <= _ABOUT_A_DAY_US
        return minute(ts_us, utc=self.utc) if one_day else super().tick(ts_us)

    def _trouble(self) -> Sequence[Piece]:
        if not self.bars.slices:
            return ()
        severe = sum(tally.errors for tally in self.bars.slices)
        words = "critical and high hang below" if self.size.width >= _ROOMY else "severe"
        return (
            Piece(f"{words}  ", "label"),
            Piece(f"{self.glyphs.alert} {count(severe)} ", "error" if severe else "label"),
        )
