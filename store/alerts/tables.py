"""The tables of alerts, as SQLModel sees them. Times are UTC microseconds; a name's number 0 stands for none."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from store.tables import BIG, TableName, index_where


class Alert(SQLModel, table=True):
    """One incident, and how it stands."""

    __tablename__: TableName = "alert"
    __table_args__ = (
        Index("alert_by_rule", "rule_no", "last_us"),
        # Each of these has all columns that lists (in their order) and counts look at, so that they read nothing else.
        Index(
            "alert_listed",
            *("level", "last_us", "state", "until_us", "merged_into", "rule_no", "agent_no", "user_no", "tenant_no"),
        ),
        Index("alert_counted", "state", "until_us", "level", "historical", "count", "tenant_no", "merged_into"),
        index_where("alert_parts", "merged_into", where="merged_into IS NOT NULL"),
    )

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    """The number that people call it by."""
    incident: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    rule_no: int
    level: int
    """Place among `LEVELS`: of the rule, when it was found."""
    key: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: a list of pairs of field and value."""
    agent_no: int
    user_no: int
    tenant_no: int
    """What all its kept evidence agrees in; 0: in none, or in nothing."""
    first_us: int = Field(sa_column=Column(BIG, nullable=False))
    last_us: int = Field(sa_column=Column(BIG, nullable=False))
    count: int = Field(sa_column=Column(BIG, nullable=False))
    explanation: str = Field(sa_column=Column(Text, nullable=False))
    historical: int
    opened_us: int = Field(sa_column=Column(BIG, nullable=False))
    """When it was found."""
    changed_us: int = Field(sa_column=Column(BIG, nullable=False))
    """When it was found, grew, or was decided on for the last time."""
    state: int
    """Place among `STATES`; a mute that is over still says `muted` here."""
    until_us: int | None = Field(default=None, sa_column=Column(BIG))
    """Until when the decision holds; None: it has no end."""
    decision_id: int | None = Field(default=None, sa_column=Column(BIG))
    """The decision that it stands by; None: none."""
    merged_into: int | None = Field(default=None, sa_column=Column(BIG))
    """The alert that this one turned out to be a part of; such are in no list."""


class AlertEvidence(SQLModel, table=True):
    """An event that shows an alert."""

    __tablename__: TableName = "alert_evidence"
    __table_args__ = (Index("alert_evidence_of", "alert_id", "event_row"), Index("alert_evidence_by", "event_row"))

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    alert_id: int = Field(sa_column=Column(BIG, nullable=False))
    event_row: int = Field(sa_column=Column(BIG, nullable=False))


class AlertRule(SQLModel, table=True):
    """What is known of a rule that was ever at work: what it says of itself, and how it is doing."""

    __tablename__: TableName = "alert_rule"

    rule_no: int | None = Field(default=None, primary_key=True)
    rule_id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    facts: str = Field(sa_column=Column(Text, nullable=False))
    """`RuleFacts` as JSON."""
    statement: str | None = Field(default=None, sa_column=Column(Text))
    """Of an invariant; None: it is none."""
    active: int = 1
    """0: an invariant that is not looked at any more."""
    examined: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    violations: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    checked_us: int | None = Field(default=None, sa_column=Column(BIG))
    shed_keys: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    shed_matches: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    shed_us: int | None = Field(default=None, sa_column=Column(BIG))


class RuleSwitch(SQLModel, table=True):
    """A rule that somebody has switched off, or on again."""

    __tablename__: TableName = "rule_switch"

    rule_id: str = Field(sa_column=Column(Text, primary_key=True))
    disabled: int
    at_us: int = Field(sa_column=Column(BIG, nullable=False))
    who: str = Field(sa_column=Column(Text, nullable=False))


class AlertDecision(SQLModel, table=True):
    """What somebody decided. It is never changed, but for that it was undone."""

    __tablename__: TableName = "alert_decision"

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    at_us: int = Field(sa_column=Column(BIG, nullable=False))
    who: str = Field(sa_column=Column(Text, nullable=False))
    verdict: int
    """Place among `VERDICTS`."""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    reach: int
    """Place among `REACHES`."""
    alert_id: int = Field(sa_column=Column(BIG, nullable=False))
    rule_no: int
    agent_no: int
    """Of `RULE_AND_AGENT`; 0: alerts that name no agent."""
    query: str = Field(sa_column=Column(Text, nullable=False))
    """Of `FILTER`; else empty."""
    until_us: int | None = Field(default=None, sa_column=Column(BIG))
    undone_us: int | None = Field(default=None, sa_column=Column(BIG))
    undone_by: str | None = Field(default=None, sa_column=Column(Text))


class AlertDecided(SQLModel, table=True):
    """That a decision was about an alert, and how that one stood before."""

    __tablename__: TableName = "alert_decided"
    __table_args__ = (Index("alert_decided_of", "alert_id"), Index("alert_decided_by", "decision_id"))

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    decision_id: int = Field(sa_column=Column(BIG, nullable=False))
    alert_id: int = Field(sa_column=Column(BIG, nullable=False))
    state_before: int
    until_before: int | None = Field(default=None, sa_column=Column(BIG))
    decision_before: int | None = Field(default=None, sa_column=Column(BIG))


class EnginePiece(SQLModel, table=True):
    """A part of what the engine remembers."""

    __tablename__: TableName = "engine_piece"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """63 bits of a hash of owner and key."""
    owner: str = Field(sa_column=Column(Text, nullable=False))
    key: str = Field(sa_column=Column(Text, nullable=False))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Notification(SQLModel, table=True):
    """Something that has to be told to somebody, or was."""

    __tablename__: TableName = "notification"
    __table_args__ = (
        Index("notification_due", "done_us", "target", "next_us"),
        Index("notification_of", "alert_id"),
        Index("notification_to", "target", "created_us"),
    )

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    alert_id: int = Field(sa_column=Column(BIG, nullable=False))
    target: str = Field(sa_column=Column(Text, nullable=False))
    """Which target of the settings: a hash of it, so that no address is kept here."""
    label: str = Field(sa_column=Column(Text, nullable=False))
    """What people call the target."""
    payload: str = Field(sa_column=Column(Text, nullable=False))
    """JSON, its texts safe."""
    summed: int = 0
    """How many alerts it counts without naming each, where there were too many to be told one by one; 0: it is one."""
    created_us: int = Field(sa_column=Column(BIG, nullable=False))
    next_us: int = Field(sa_column=Column(BIG, nullable=False))
    """Not to be tried before."""
    tries: int = 0
    done_us: int | None = Field(default=None, sa_column=Column(BIG))
    """When it was told, or given up; None: it waits."""
    ok: int = 0
    took_ms: int | None = Field(default=None, sa_column=Column(BIG))
    error: str | None = Field(default=None, sa_column=Column(Text))
    """Why the last try failed, in one line."""
