"""How the installed service is: from its file, its lock, and what its scanner says in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.problems import UsageProblem
from cli.service.lifecycle import own_text
from cli.service.planning import store_in
from store.claim import service_claims
from store.errors import StoreError
from store.reader import StoreReader
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.service.plan import ServiceManager
    from store.health import ScannerHealth


@dataclass(frozen=True, slots=True)
class ServiceState:
    """`running` is about the service's own store, or where none is installed about the one that was asked for."""

    installed: bool
    running: bool
    lines: tuple[str, ...]
    """For a person; safe to print."""


def look(manager: ServiceManager, asked_store: Path, *, utc: bool) -> ServiceState:
    """Return how the service is; `asked_store` is the store of this command line."""
    try:
        text, remark = own_text(manager), ""
    except UsageProblem as problem:
        text, remark = manager.path.read_text("utf-8", errors="replace"), str(problem)
    installed = text is not None
    store = (store_in(manager.command_in(text)) if text is not None else None) or asked_store
    running = service_claims(store)
    lines = [f"installed  {manager.path if installed else 'no: `auditail service install` shows what it would do'}"]
    if remark:
        lines.append(f"           {remark}")
    lines += [f"running    {_running(store, utc=utc) if running else _not_running(manager, installed=installed)}"]
    lines += _stores(store, asked_store, installed=installed)
    return ServiceState(installed, running, tuple(map(safe_text, lines)))


def _stores(store: Path, asked: Path, *, installed: bool) -> Iterator[str]:
    yield f"store      {store}"
    if installed and store.resolve() != asked.resolve():
        yield f"           no service reads into {asked}, the store of this command line"


def _not_running(manager: ServiceManager, *, installed: bool) -> str:
    if not installed:
        return "no"
    said = manager.state()
    return f"no{f', {manager.tool} says {said}' if said else ''}: `{manager.log_hint}` says why"


def _running(store: Path, *, utc: bool) -> str:
    scanner = _scanner(store)
    if scanner is None or scanner.started_us is None or not scanner.running:
        return "yes, about to read"
    if scanner.kind != "service":
        return f"yes, waiting for another scanner to end (process {scanner.pid})"
    since = words.full_time(scanner.started_us, utc=utc)
    return f"since {since} ({words.ago(words.now_us() - scanner.started_us)}), process {scanner.pid}"


def _scanner(store: Path) -> ScannerHealth | None:
    try:
        reader = StoreReader.open(store)
    except StoreError:
        return None
    try:
        return reader.health().scanner
    finally:
        reader.close()
