"""What is wrong with scanner and sources, each in a few words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.left_alone import left_alone
from tui.widgets.line import Line, Span, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.health import Health, ScannerHealth, SourceHealth
    from tui.glyphs import Glyphs

ROLE_OF_STATE: Final = {"ok": "success", "idle": "muted", "slow": "warning", "missing": "error", "unreadable": "error"}
NOT_READING: Final = "not reading: "
"""How a capture's line begins where its scanner does not run."""
ROWS: Final = 4
"""A remark takes so many rows at most."""

Remark = tuple[str, str, str]
"""Sign, its role, and what is said."""


def sign_of(source: SourceHealth, glyphs: Glyphs) -> str:
    """Return the sign of a source's state."""
    signs = {"ok": glyphs.following, "idle": glyphs.none, "slow": glyphs.timeout}
    return signs.get(source.state, glyphs.failure)


def remarks(
    health: Health, glyphs: Glyphs, ago: Callable[[int | None], str], width: int, capture_said: str = ""
) -> Iterator[Line]:
    """Yield the remarks as lines of `width` cells, the worst first.

    `ago` writes how long ago a time was; `capture_said` is what is known here of why no scanner runs.
    """
    why = capture_said if capture_said.startswith(NOT_READING) else ""
    for sign, role, said in (*_of_scanner(health.scanner, glyphs, ago, why), *_of_sources(health, glyphs)):
        for index, row in enumerate(wrap(said, width - 4, ROWS)):
            mark: Span = (f"  {sign if index == 0 else ' '} ", role)
            yield Line((mark, (row, "")), skip=True)


def notes(health: Health, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """Yield what is left alone in the sources, as lines of `width` cells: nothing is wrong with it."""
    for source in health.sources:
        for said in left_alone(source):
            for index, row in enumerate(wrap(f"{source.path}: {said}", width - 4, ROWS)):
                yield Line(((f"  {glyphs.none if index == 0 else ' '} {row}", "muted"),), skip=True)


def _of_scanner(scanner: ScannerHealth, glyphs: Glyphs, ago: Callable[[int | None], str], why: str) -> Iterator[Remark]:
    if not scanner.running and why:
        yield glyphs.failure, "error", f"Nothing is being read: {why.removeprefix(NOT_READING)}"
        return
    if not scanner.running:
        heard = ago(scanner.heartbeat_us)
        last = "none has ever run here" if heard == "never" else f"the scanner was last heard of {heard}"
        said = f"Nothing is being read: {last}. Events that arrive now are read when one starts: "
        yield glyphs.failure, "error", f"{said}auditail --watch PATH starts it."
        return
    if scanner.trouble:
        yield glyphs.failure, "error", f"Nothing can be stored now, and nothing is lost: {scanner.trouble}"
    if scanner.watcher_reason and scanner.watcher_reason != scanner.trouble:
        yield glyphs.timeout, "warning", scanner.watcher_reason


def _of_sources(health: Health, glyphs: Glyphs) -> Iterator[Remark]:
    for source in health.sources:
        if source.reason:
            again = "" if source.kind == "stream" or source.state == "slow" else " Press r to try now."
            said = f"{source.path}: {source.reason.rstrip('.')}.{again}"
            yield sign_of(source, glyphs), ROLE_OF_STATE[source.state], said
        elif source.watcher_reason and source.watcher_reason != health.scanner.watcher_reason:
            yield glyphs.timeout, "warning", f"{source.path}: {source.watcher_reason}"
