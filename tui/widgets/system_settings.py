"""The settings in force and where each comes from; first those that nothing acts on yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui.system_tools import SettingLine
from tui.widgets.line import Line, fit, heading, pad, spans_width, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY: Final = 32
VALUE: Final = 30


class SystemSettings(LineView):
    """One row a setting; arrows scroll."""

    GUTTER: ClassVar[int] = 0

    settings: reactive[tuple[SettingLine, ...]] = reactive(())
    """All settings, in the file's order."""

    def watch_settings(self) -> None:
        """Show them."""
        self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return heading and rows: not in force, made by somebody, defaults."""
        return list(self._build(width))

    def _build(self, width: int) -> Iterator[Line]:
        waiting = [one for one in self.settings if one.instead is not None]
        made = [one for one in self.settings if one.instead is None and not one.is_default]
        defaults = [one for one in self.settings if one.instead is None and one.is_default]
        note = ((f" · {len(waiting)} not yet in force", "warning"),) if waiting else ()
        yield heading("Settings", (f"{len(made)} made, {len(defaults)} default", "muted"), *note)
        if not self.settings:
            yield Line((("none were handed in", "muted"),))
        for one in waiting:
            yield _row(one, width, "warning")
            for row in wrap(f"not in force: {one.instead}", width - 2, 3):
                yield Line(((f"  {row}", "warning"),))
        for one in made:
            yield _row(one, width, "")
        for one in defaults:
            yield _row(one, width, "faint")


def _row(one: SettingLine, width: int, role: str) -> Line:
    key = min(KEY, width * 2 // 5)
    value = min(VALUE, (width - key) // 2)
    shown = fit([(one.value, role)], value - 1)
    space = " " * (value - spans_width(shown))
    return Line(((f"{pad(one.key, key - 1)} ", role or "muted"), *shown, (space, ""), (one.origin, "muted")))
