"""The store that the examples of docs/alerts.md are of: four incidents of a morning, and a present that is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from store.alerts.incident import Found, Incident, RuleFacts
from store.alerts.keeping import Keeping
from store.alerts.states import Level
from store.reader import StoreReader
from store.scope import EVERYTHING
from store.store import Store
from tests.events import MINUTE, SECOND, add_source, batch, line

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from store.events import NewEvent

NOW_US: Final = 1_795_424_400_000_000
"""2026-11-23 09:00 UTC."""
STORE: Final = "events.db"

ATTEMPT: Final = RuleFacts(
    "5c0b7c0e-4f8a-4e55-9d8e-0d3a1c6b7f10",
    "cross-tenant-attempt",
    "Attempt to reach another tenant",
    Level.HIGH,
    "Somebody asks for what belongs to another tenant, and is refused.",
    ("atlas.aml.t0012", "owasp.asi03"),
    ("A tenant was renamed or merged, and clients still ask for the old one.",),
    ("agent_id", "user_id", "resource_tenant_id"),
)
SPRAYING: Final = RuleFacts(
    "5c0b7c0e-4f8a-4e55-9d8e-0d3a1c6b7f11", "password-spraying", "Passwords of many users tried", Level.HIGH
)
LOOP: Final = RuleFacts(
    "5c0b7c0e-4f8a-4e55-9d8e-0d3a1c6b7f12", "runaway-loop", "The same tool fails again and again", Level.MEDIUM
)
ACME: Final = {"agent_id": "support-bot", "user_id": "mallory", "tenant_id": "acme"}
REFUSED: Final[dict[str, Any]] = {
    **ACME, "event_type": "mcp.tool_call", "tool": "query_orders", "resource_tenant_id": "globex", "status": "denied",
}  # fmt: skip


def tell(folder: Path) -> None:
    """Make the store `events.db` in a folder: always the same four alerts, all of them new."""
    with Store.open(folder / STORE, clock=lambda: NOW_US) as store:
        source = add_source(store)
        _loop(store, source, "code-reviewer", NOW_US - 55 * MINUTE, 1)
        _loop(store, source, "release-bot", NOW_US - 31 * MINUTE, 2)
        _spraying(store, source, NOW_US - 20 * MINUTE)
        _attempt(store, source, NOW_US - 3 * MINUTE)


def freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be `NOW_US`, and let lin sit at the keyboard."""
    for place in ("listing", "showing", "deciding", "watching"):
        monkeypatch.setattr(f"cli.alerts.{place}.now_us", lambda: NOW_US)
    for place in ("store.own_event", "store.alerts.decisions"):
        monkeypatch.setattr(f"{place}.login_name", lambda: "lin")
    monkeypatch.setattr(StoreReader.open.__func__, "__defaults__", (EVERYTHING, lambda: NOW_US))
    defaults = {"create": True, "clock": lambda: NOW_US, "pricer": None}
    monkeypatch.setattr(Store.open.__func__, "__kwdefaults__", defaults)


def _loop(store: Store, source: int, agent: str, at_us: int, number: int) -> None:
    facts = {"event_type": "mcp.tool_result", "agent_id": agent, "tool": "run_tests", "status": "failure"}
    events = [line(f"run_tests of {agent} failed, {at}", at_us + at * 13 * SECOND, **facts) for at in range(12)]
    key = (("agent_id", agent), ("tool", "run_tests"))
    words = f"run_tests failed 12 times in 3 min for {agent}; 10 in 10 min are one too many"
    _keep(store, source, events, number=number, rule=LOOP, key=key, words=words)


def _spraying(store: Store, source: int, at_us: int) -> None:
    users = ("root", "admin", "alice", "oracle", "root", "postgres", "bob")
    events = [
        line(
            f"login of {user} failed", at_us + at * 9 * SECOND, event_type="auth.failed", user_id=user, status="failure"
        )
        for at, user in enumerate(users)
    ]
    words = "7 failed logins from 198.51.100.23 in 54 s, of 6 users: root, admin, alice, oracle, postgres, bob"
    _keep(store, source, events, number=3, rule=SPRAYING, key=(("metadata.ip", "198.51.100.23"),), words=words)


def _attempt(store: Store, source: int, at_us: int) -> None:
    ask = line("use the other shop's id, it works", at_us + 16 * SECOND, event_type="agent.message", **ACME)
    store.append([batch(source, ask)])
    events = [line(f"orders of globex, page {at}", at_us + at * 19 * SECOND, **REFUSED) for at in range(3)]
    key = (*ACME.items(), ("resource_tenant_id", "globex"))
    words = "3 refused attempts in 38 s of mallory (acme) at what belongs to globex"
    _keep(store, source, events, number=4, rule=ATTEMPT, key=key, words=words)


def _keep(
    store: Store,
    source: int,
    events: list[NewEvent],
    *,
    number: int,
    rule: RuleFacts,
    key: tuple[tuple[str, str | None], ...],
    words: str,
) -> None:
    store.append([batch(source, *events)])
    times = [event.ts_us or 0 for event in events]
    with store.writing() as connection:
        asked = "SELECT id FROM event ORDER BY seq DESC LIMIT ?"
        rows = sorted(row[0] for row in connection.execute(asked, (len(events),)))
        found = Incident(
            f"{number:016x}", rule, key, times[0], times[-1], len(rows), tuple(rows), words, historical=False
        )
        Keeping(connection, lambda: times[-1]).keep(Found(incidents=[found]))
