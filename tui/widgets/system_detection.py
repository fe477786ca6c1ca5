"""Rules and notifications: how many rules are at work, which cannot be used, and who could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui.alert_words import counted
from tui.widgets.fact_line import LABEL, NUMBER, fact
from tui.widgets.line import Line, Span, heading, pad, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.targets import TargetState
    from tui.detection_state import DetectionState

_MOST: Final = 5
"""So many rules that cannot be used are told of one by one."""
_ROWS: Final = 3


class SystemDetection(LineView):
    """A block of facts to read; arrows scroll. It is away while nothing is known."""

    GUTTER: ClassVar[int] = 0

    state: reactive[DetectionState | None] = reactive(None)
    """What is shown; None: nothing is known of rules here."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Be away until something is known."""
        super().__init__(id=id)
        self.display = False

    def watch_state(self) -> None:
        """Show what is known now."""
        self.display = self.state is not None
        self.rebuild()
        self.refresh(layout=True)

    def build(self, width: int) -> Sequence[Line]:
        """Return the block."""
        return [] if self.state is None else list(self._build(self.state, width))

    def _build(self, state: DetectionState, width: int) -> Iterator[Line]:
        troubles = len(state.attention)
        said = (f"{troubles} to be looked at", "error") if troubles else ("all is well", "success")
        yield heading("Rules and notifications", said)
        off = f", {state.switched_off} switched off" if state.switched_off else ""
        yield fact("rules", f"{state.at_work:,}", f"at work{off}")
        for problem in state.problems[:_MOST]:
            yield from self._trouble(problem, width)
        if len(state.problems) > _MOST:
            more = len(state.problems) - _MOST
            yield from self._trouble(f"{counted(more, 'more rule')} cannot be used: auditail rules list", width)
        if not state.targets:
            yield fact("told", "0", "nobody was told in 24 h, and nothing waits")
        for target in state.targets:
            yield from self._target(target, width)

    def _target(self, target: TargetState, width: int) -> Iterator[Line]:
        parts = [f"{number:,} {word}" for number, word in _numbers(target) if number]
        spans: tuple[Span, ...] = ((pad(target.label, LABEL + NUMBER), ""), (f"  {', '.join(parts)}", "muted"))
        yield Line(spans)
        if target.error is not None and (target.failing or target.given_up):
            yield from self._trouble(target.error, width)

    def _trouble(self, said: str, width: int) -> Iterator[Line]:
        for index, row in enumerate(wrap(said, max(width - 2, 1), _ROWS)):
            yield Line(((f"{self.glyphs.failure if index == 0 else ' '} ", "error"), (row, "")))


def _numbers(target: TargetState) -> tuple[tuple[int, str], ...]:
    """Return the numbers with their words; what is wrong comes first, where a narrow pane does not cut it."""
    return (
        (target.waiting, "waiting"),
        (target.failing, "tried in vain"),
        (target.given_up, "given up in 24 h"),
        (target.told, "told in 24 h"),
    )
