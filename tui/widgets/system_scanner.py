"""The scanner's block of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui import format as fmt
from tui.widgets.fact_line import fact
from tui.widgets.line import Line, heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.health import ScannerHealth
    from tui.system_rates import Rates

STALE_US: Final = 10 * fmt.MICROS
"""A heartbeat older than this is worth a warning."""
DAY_US: Final = 86_400 * fmt.MICROS
KINDS: Final = {
    "dashboard": "ends with its dashboard",
    "service": "a service, needs no terminal",
    "ingest": "ends when everything is read",
}


def scanner_lines(
    scanner: ScannerHealth, rates: Rates, ago: Callable[[int | None], str], now_us: int
) -> Iterator[Line]:
    """Yield heading and facts; `ago` writes how long ago a time was."""
    yield heading("Scanner", ("running", "success") if scanner.running else ("not running", "error"))
    pid = "·" if scanner.pid is None else f"pid {scanner.pid}"
    up = "" if scanner.started_us is None else f"up {_long(now_us - scanner.started_us)} · "
    yield fact("process", pid, f"{up}{KINDS.get(scanner.kind, scanner.kind)}" if scanner.running else "ended")
    stale = scanner.heartbeat_us is None or now_us - scanner.heartbeat_us > STALE_US
    role = "warning" if scanner.running and stale else ""
    yield fact("heartbeat", ago(scanner.heartbeat_us), "the lease is renewed every second", role)
    limited = scanner.watcher_reason is not None
    told = "why: see the remarks on the sources" if limited else "tells of changes at once"
    if scanner.watcher == "off" and not limited:
        told = "no folder is watched: + adds one"
    yield fact("watcher", scanner.watcher, told if scanner.running else "", "warning" if limited else "")
    took = "" if scanner.scan_ms is None else f"took {' '.join(fmt.duration(scanner.scan_ms * 1000))} · "
    yield fact("reconcile", ago(scanner.last_scan_us), f"{took}looks at every file there is")
    cpu = "·" if rates.cpu_percent is None else f"{rates.cpu_percent:.1f} %"
    yield fact("CPU", cpu, f"of one core · {fmt.span(scanner.cpu_us)} since its start")
    yield fact("memory", fmt.size(scanner.memory_bytes) if scanner.memory_bytes else "·", "")


def _long(micros: int) -> str:
    days, rest = divmod(max(micros, 0), DAY_US)
    return f"{days} d {fmt.elapsed(rest)}" if days else fmt.elapsed(rest)
