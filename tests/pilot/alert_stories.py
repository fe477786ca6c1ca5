"""Invented alerts: twelve that somebody has to look at and two muted ones, some of them whole; and seven invariants."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from store.alerts.model import AlertDetail, AlertRow, AlertStep, Alike, Evidence, Happened, InvariantRow
from store.alerts.states import AlertState, Level, Reach, Verdict
from store.events import EventSummary, Status
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SECOND, Shape, event_of

HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
ATTEMPT: Final = 118
"""The number of the alert that is told in full: a tenant's data asked for by somebody of another one."""
MUTED_BURST: Final = 97
EXPIRED: Final = 104
"""Most of its evidence is gone."""
HISTORICAL: Final = 88
NAMELESS: Final = 113
"""One that speaks of many keys at once: it has neither agent nor user, and its rule is an own one."""


def _row(
    number: int, rule: str, title: str, level: Level, state: AlertState, *,
    count: int, last: int, span: int = 0, key: tuple[tuple[str, str | None], ...] = (), explanation: str = "",
    until: int | None = None, historical: bool = False,
) -> AlertRow:  # fmt: skip
    """`last` is how long before the frozen time it was last seen, `span` how long it went on: both in microseconds."""
    names = dict(key)
    last_us = FROZEN_US - last
    return AlertRow(
        id=number,
        rule_id=f"00000000-0000-4000-8000-{abs(hash_of(rule)):012x}",
        rule=rule,
        title=title,
        level=level,
        state=state,
        until_us=until,
        count=count,
        first_us=last_us - span,
        last_us=last_us,
        opened_us=last_us - span,
        agent=names.get("agent_id"),
        user=names.get("user_id"),
        tenant=names.get("tenant_id"),
        key=key,
        explanation=explanation,
        historical=historical,
    )


def hash_of(text: str) -> int:
    """Return the same small number for the same text in every run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text)) % 16**12


ATTEMPT_WORDS: Final = "3 refused attempts in 38 s of mallory (acme) at what belongs to globex"
ATTEMPT_ROW: Final = _row(
    ATTEMPT, "cross-tenant-attempt", "Attempt to reach another tenant", Level.HIGH, AlertState.NEW,
    count=3, last=5_152_000, span=37_742_000, explanation=ATTEMPT_WORDS,
    key=(("agent_id", "support-bot"), ("user_id", "mallory"), ("tenant_id", "acme"), ("resource_tenant_id", "globex")),
)  # fmt: skip

ROWS: Final = (
    _row(
        119, "cross-tenant-success", "Another tenant's resource was reached", Level.CRITICAL, AlertState.NEW,
        count=1, last=659 * SECOND, explanation="yuki of initech reached what belongs to acme: 1 events in 0 s",
        key=(("agent_id", "export-bot"), ("user_id", "yuki"), ("tenant_id", "initech"), ("resource_tenant_id", "acme")),
    ),
    ATTEMPT_ROW,
    _row(
        116, "password-spraying", "Passwords of many users tried from one address", Level.HIGH, AlertState.OPEN,
        count=7, last=65 * SECOND, span=6 * MINUTE, key=(("metadata.ip", "198.51.100.23"),),
        explanation="7 failed logins from 198.51.100.23 in 6 min, of 4 users: root, admin, alice, oracle",
    ),
    _row(
        NAMELESS, "token-of-another", "Token used by another user", Level.HIGH, AlertState.NEW,
        count=2, last=202 * SECOND, span=40 * SECOND, explanation="tok_91e2 was issued to alice and used by root",
    ),
    _row(
        115, "denial-burst", "One permission after another denied", Level.MEDIUM, AlertState.OPEN,
        count=11, last=5 * SECOND, span=80 * SECOND, key=(("agent_id", "support-bot"), ("user_id", "mallory")),
        explanation="11 denials in 80 s for mallory through support-bot; 5 in 2 min are one too many",
    ),
    _row(
        114, "runaway-loop", "The same tool fails again and again", Level.MEDIUM, AlertState.SEEN,
        count=41, last=7 * SECOND, span=9 * MINUTE,
        key=(("agent_id", "code-reviewer"), ("session_id", "ses_44d0a91"), ("tool", "run_tests")),
        explanation="run_tests failed 41 times in 9 min for code-reviewer; 10 in 10 min are one too many",
    ),
    _row(
        111, "cost-spike", "Far more cost than usual", Level.MEDIUM, AlertState.OPEN,
        count=212, last=22 * MINUTE, span=HOUR, key=(("agent_id", "research-agent"),),
        explanation="research-agent cost $41.20 in an hour; the usual is $3.10, so this is 13 times as much",
    ),
    _row(
        110, "hostile-text", "Hostile text", Level.MEDIUM, AlertState.SEEN,
        count=4, last=155 * MINUTE, span=HOUR, key=(("agent_id", "support-bot"), ("user_id", "mei")),
        explanation="4 messages in 60 min with text that is meant to command whoever reads it",
    ),
    _row(
        EXPIRED, "clock-jump", "A clock was set, or is wrong", Level.MEDIUM, AlertState.OPEN,
        count=60, last=12 * HOUR, span=20 * DAY, key=(("host", "platform-14"),),
        explanation="60 events say that a clock is wrong (system.clock_jump)",
    ),
    _row(
        109, "agent-silent", "An agent has gone silent", Level.LOW, AlertState.OPEN,
        count=1, last=5 * HOUR, key=(("agent_id", "legacy-cron"),),
        explanation="nothing from legacy-cron for 2 days; the longest pause known of it is 10 min",
    ),
    _row(
        107, "off-hours", "Login at an unusual time of day", Level.LOW, AlertState.OPEN,
        count=1, last=11 * HOUR, key=(("user_id", "dmitri"),),
        explanation="dmitri never signed in at this time of day before (UTC): night",
    ),
    _row(
        HISTORICAL, "first-seen-tool", "A tool that the agent never used", Level.LOW, AlertState.OPEN,
        count=2, last=40 * DAY, span=MINUTE, key=(("agent_id", "code-reviewer"),), historical=True,
        explanation="code-reviewer never used merge_pull_request before; 22 other tools are known of it",
    ),
    _row(
        MUTED_BURST, "denial-burst", "One permission after another denied", Level.MEDIUM, AlertState.MUTED,
        count=212, last=21 * MINUTE, span=2 * DAY, key=(("agent_id", "content-writer"), ("user_id", "bob")),
        until=FROZEN_US + 7 * DAY,
        explanation="212 denials in 2 days for bob through content-writer; 5 in 2 min are one too many",
    ),
    _row(
        90, "secret-read", "Secret-looking file read", Level.LOW, AlertState.MUTED,
        count=38, last=102 * MINUTE, span=3 * DAY, key=(("agent_id", "code-reviewer"), ("user_id", "ci")),
        until=FROZEN_US + 9 * DAY, explanation="38 secret-looking files read by code-reviewer in 3 days",
    ),
)  # fmt: skip
"""In the order of a list: the worst and the newest first, muted ones behind."""


def _event(
    seq: int, before: int, event_type: str, tool: str | None, *, status: Status | None, says: str
) -> EventSummary:
    """`before`: microseconds before the frozen time."""
    shape = Shape(event_type, "support-bot", "mallory", "acme", tool, "shop" if tool else None, 4, status, says)
    event = event_of(shape, seq=seq, ts_us=FROZEN_US - before)
    return replace(event, resource_tenant_id="globex") if tool == "query_orders" else event


EVIDENCE: Final = (
    Evidence(
        _event(1, 42_894_000, "mcp.tool_call", "query_orders", status="denied", says="orders of globex"), hit=True
    ),
    Evidence(
        _event(2, 26_176_000, "agent.message", None, status="success", says="use the other shop's id then"), hit=False
    ),
    Evidence(
        _event(3, 21_302_000, "mcp.tool_call", "query_orders", status="denied", says="orders of globex"), hit=True
    ),
    Evidence(
        _event(4, 5_689_000, "permission.check", "delete_user", status="denied", says="role lacks users:delete"),
        hit=False,
    ),
    Evidence(_event(5, 5_152_000, "mcp.tool_call", "query_orders", status="denied", says="orders of globex"), hit=True),
)

_ATTEMPT_HISTORY: Final = (
    AlertStep(ATTEMPT_ROW.opened_us, Happened.OPENED),
    AlertStep(ATTEMPT_ROW.opened_us + 4 * SECOND, Happened.NOTIFIED, target="hooks.example.org", took_ms=212),
    AlertStep(
        ATTEMPT_ROW.opened_us + 9 * SECOND, Happened.NOT_NOTIFIED, target="pager", reason="no answer within 10 s"
    ),
)
MUTED_HISTORY: Final = (
    AlertStep(FROZEN_US - 3 * DAY, Happened.OPENED),
    AlertStep(FROZEN_US - 3 * DAY + HOUR, Happened.MERGED),
    AlertStep(FROZEN_US - 2 * DAY, Happened.DECIDED, Verdict.ACKNOWLEDGE, "mei", reach=Reach.ALERT),
    AlertStep(FROZEN_US - 2 * DAY + HOUR, Happened.UNDONE, Verdict.ACKNOWLEDGE, "mei"),
    AlertStep(
        FROZEN_US - DAY, Happened.DECIDED, Verdict.MUTE, "lin", "migration runs until Friday, INC-2041",
        FROZEN_US + 7 * DAY, Reach.RULE_AND_AGENT,
    ),
)  # fmt: skip

_DESCRIPTIONS: Final = {
    "cross-tenant-attempt": "Something that belongs to another tenant than the caller was asked for, and refused.",
    "cross-tenant-success": "Something that belongs to another tenant than the caller was touched with success.",
    "denial-burst": "An agent asks for what its user may not do, again and again.",
}
_TAGS: Final = {
    "cross-tenant-attempt": ("owasp.asi03", "owasp.llm02", "atlas.aml.t0086"),
    "cross-tenant-success": ("owasp.asi03", "owasp.llm02", "atlas.aml.t0086"),
    "denial-burst": ("owasp.asi03", "owasp.asi10", "owasp.llm06"),
    "token-of-another": ("owasp.asi03", "team.identity"),
}
_OWN: Final = ("token-of-another", "secret-read")


def detail_of(row: AlertRow) -> AlertDetail:
    """Return one alert whole, in which nothing but what its row says is told."""
    return AlertDetail(
        row=row,
        description=_DESCRIPTIONS.get(row.rule, ""),
        tags=_TAGS.get(row.rule, ()),
        falsepositives=(),
        group_by=tuple(field for field, _ in row.key),
        shipped=row.rule not in _OWN,
        hits=min(row.count, 50),
        kept=min(row.count, 50),
        evidence=(),
        history=(AlertStep(row.opened_us, Happened.OPENED),),
        alike=(),
        rule_days=(0,) * 29 + (1,),
        rule_agents=1 if row.agent else 0,
    )


def attempt() -> AlertDetail:
    """Return the alert of `ATTEMPT` with evidence, history, earlier decisions and thirty days of its rule."""
    return replace(
        detail_of(ATTEMPT_ROW),
        falsepositives=("Staff whose work spans tenants",),
        hits=3,
        evidence=EVIDENCE,
        history=_ATTEMPT_HISTORY,
        alike=(
            Alike(96, FROZEN_US - 13 * DAY, Verdict.FALSE_POSITIVE, "lin", "migration"),
            Alike(71, FROZEN_US - 26 * DAY, Verdict.RESOLVE, "mei", ""),
        ),
        rule_days=(0,) * 14 + (1,) + (0,) * 13 + (1, 2),
        rule_agents=2,
    )


def muted() -> AlertDetail:
    """Return the alert of `MUTED_BURST`: decided on, taken back, muted; another one turned out to be a part of it."""
    row = next(row for row in ROWS if row.id == MUTED_BURST)
    return replace(
        detail_of(row),
        evidence=tuple(replace(one, hit=True) for one in EVIDENCE),
        history=MUTED_HISTORY,
        rule_days=tuple(range(30)),
        rule_agents=4,
    )


def expired() -> AlertDetail:
    """Return the alert of `EXPIRED`: three of the fifty events that were kept for it are still there."""
    row = next(row for row in ROWS if row.id == EXPIRED)
    clock = Shape("system.clock_jump", None, None, "", None, None, None, None, "+61 s", 1)
    events = [event_of(clock, seq=seq, ts_us=row.last_us - seq * HOUR) for seq in range(3, 0, -1)]
    return replace(detail_of(row), hits=3, evidence=tuple(Evidence(event, hit=True) for event in events))


DETAILS: Final = {
    **{row.id: detail_of(row) for row in ROWS},
    ATTEMPT: attempt(),
    MUTED_BURST: muted(),
    EXPIRED: expired(),
}
"""Every alert of `ROWS` by its number."""


def _statement(rule: str, says: str, examined: int, ago: int | None = 0, violations: int = 0) -> InvariantRow:
    checked_us = None if ago is None else FROZEN_US - ago
    level = Level.CRITICAL if violations else Level.HIGH
    return InvariantRow(f"id-of-{rule}", rule, says, level, examined, violations, checked_us)


STATEMENTS: Final = (
    _statement(
        "cross-tenant-success", "No event touches another tenant's resource with success.", 12_403_118, violations=1
    ),
    _statement("delete-needs-grant", "Nobody is deleted without a permission that was granted before.", 1204),
    _statement("files-of-billing", "billing-assistant never reads files.", 1_377_020),
    _statement("refund-approved", "A refund over $500 is approved by a person.", 88, 3 * HOUR),
    _statement("research-writes", "research-agent never writes content.", 301_955),
    _statement("session-has-user", "Every session has a user.", 771_400, 12 * SECOND),
    _statement("token-lives", "No token lives longer than 12 h.", 0, None),
)
"""In the order of a list: violated ones first, then by name."""
