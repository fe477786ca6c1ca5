"""The tables, as SQLModel sees them. How a table came to be is in `store.migrations`; a test holds both together.

Portable to PostgreSQL: every primary key is one column, and only `store.dialect` knows SQLite. Times are UTC
microseconds. A `*_no` column is a number from the `name` table; 0 stands for no value.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

BIG = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere; SQLite needs INTEGER for a row id."""

TableName = ClassVar[Any]
"""SQLModel declares the name as a function of the class; a plain text is what it becomes."""


def index_where(name: str, *columns: str, where: str) -> Index:
    """Return an index over the rows of which a condition holds, in words that every database understands."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Event(SQLModel, table=True):
    """One canonical event. It never changes after it was stored."""

    __tablename__: TableName = "event"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """Milliseconds of the sort time << 21 | low bits of `seq`: rows lie in event-time order."""
    seq: int = Field(sa_column=Column(BIG, nullable=False))
    ts_us: int = Field(sa_column=Column(BIG, nullable=False))
    arrived_us: int = Field(sa_column=Column(BIG, nullable=False))
    source_no: int
    generation: int
    byte_offset: int = Field(sa_column=Column(BIG, nullable=False))
    format_no: int
    type_no: int
    agent_no: int
    user_no: int
    tenant_no: int
    resource_tenant_no: int
    host_no: int
    tool_no: int
    server_no: int
    model_no: int
    status: int
    trouble: int
    counts: int
    outcome: int
    occurrence: int
    duration_us: int | None = Field(default=None, sa_column=Column(BIG))
    input_tokens: int | None = Field(default=None, sa_column=Column(BIG))
    output_tokens: int | None = Field(default=None, sa_column=Column(BIG))
    cache_read_tokens: int | None = Field(default=None, sa_column=Column(BIG))
    cache_write_tokens: int | None = Field(default=None, sa_column=Column(BIG))
    cost_microusd: int | None = Field(default=None, sa_column=Column(BIG))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Derived id: 80 bits of hash(lineage, record bytes, kind). Producer's id: 80 bits of its content."""
    producer_id: str | None = Field(default=None, sa_column=Column(Text))
    call_id: str | None = Field(default=None, sa_column=Column(Text))
    request_id: str | None = Field(default=None, sa_column=Column(Text))
    session_id: str | None = Field(default=None, sa_column=Column(Text))
    trace_id: str | None = Field(default=None, sa_column=Column(Text))
    span_id: str | None = Field(default=None, sa_column=Column(Text))
    parent_id: str | None = Field(default=None, sa_column=Column(Text))
    message: str | None = Field(default=None, sa_column=Column(Text))
    payload: str | None = Field(default=None, sa_column=Column("metadata", Text))
    """The metadata object as JSON text; None: the producer gave none."""


class Name(SQLModel, table=True):
    """An interned text: agents, users, types and so on."""

    __tablename__: TableName = "name"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    kind: int
    text: str = Field(sa_column=Column(Text, nullable=False))


class Counter(SQLModel, table=True):
    """Numbers that only grow; `seq` is the last one given."""

    __tablename__: TableName = "counter"

    name: str = Field(primary_key=True)
    value: int = Field(sa_column=Column(BIG, nullable=False))


class MinuteCount(SQLModel, table=True):
    """How many events (counts=1) happened in a minute, by tenant."""

    __tablename__: TableName = "minute_count"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """Minutes since 1970 << 36 | tenant number."""
    events: int
    errors: int
    denials: int


class EventKey(SQLModel, table=True):
    """Finds an event by an identity that its position does not give: a producer's id, or an element of a document."""

    __tablename__: TableName = "event_key"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """63 bits of a hash of the identity, or the next free number after it."""
    event_row: int = Field(sa_column=Column(BIG, nullable=False))


class Call(SQLModel, table=True):
    """What is known of a tool call: its two parts, and whether it is settled."""

    __tablename__: TableName = "call"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """63 bits of a hash of scope and call id."""
    call_us: int | None = Field(default=None, sa_column=Column(BIG))
    call_row: int | None = Field(default=None, sa_column=Column(BIG))
    result_row: int | None = Field(default=None, sa_column=Column(BIG))
    call_format: int
    result_format: int
    settled: int


class UsageTotal(SQLModel, table=True):
    """How many tokens, and what cost, have been recorded for a running total."""

    __tablename__: TableName = "usage_total"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    input_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    output_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    cache_read_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    cache_write_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    cost_microusd: int = Field(sa_column=Column(BIG, nullable=False))
    computed_microusd: int = Field(default=0, sa_column=Column(BIG, nullable=False, server_default="0"))
    """What was recorded as computed from prices."""


class Folder(SQLModel, table=True):
    """A folder, file or stream that was named to be read."""

    __tablename__: TableName = "folder"

    folder_no: int | None = Field(default=None, primary_key=True)
    path: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    kind: str
    mode: str
    done: int = 0
    state: str = "ok"
    reason: str | None = None
    added_us: int = Field(sa_column=Column(BIG, nullable=False))
    watcher: str = "off"
    """How its changes are noticed now: `inotify`, `polling` or `off`, as the scanner last said."""
    watcher_reason: str | None = None
    lag_ms: int | None = Field(default=None, sa_column=Column(BIG))
    pending_bytes: int = Field(default=0, sa_column=Column(BIG, nullable=False))


class PassedOver(SQLModel, table=True):
    """What a named folder has of one kind that is no plain file, and is therefore never read."""

    __tablename__: TableName = "passed_over"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """Folder number << 3 | place of the kind among `store.left_alone.PASSED_KINDS`."""
    folder_no: int
    kind: str = Field(sa_column=Column(Text, nullable=False))
    number: int = Field(sa_column=Column(BIG, nullable=False))
    example: str = Field(sa_column=Column(Text, nullable=False))
    """Path of one of them below the folder."""


class Source(SQLModel, table=True):
    """One file or stream, with how far it has been read."""

    __tablename__: TableName = "source"

    source_no: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    folder_no: int
    path: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    lineage: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    gone: int = 0
    """1: its file is not there; 2: and has not been for so long that its checkpoint was dropped."""
    gone_us: int | None = Field(default=None, sa_column=Column(BIG))
    state: str = "ok"
    reason: str | None = None
    format: str | None = None
    generation: int | None = None
    byte_offset: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    line: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    head: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    head_size: int = 0
    tail: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    device: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    inode: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    size: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    mtime_ns: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    reader_state: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    settled: int = 0
    newest_ms: int = Field(default=-1, sa_column=Column(BIG, nullable=False))
    """Greatest sort time of its line events; what is newer cannot have occurred before."""
    events: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    duplicates: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    quarantined: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    redacted: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    uncounted: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    last_us: int | None = Field(default=None, sa_column=Column(BIG))


class Directory(SQLModel, table=True):
    """Where settled files lie, and what they have given: once for each format, device and named folder."""

    __tablename__: TableName = "directory"

    directory_no: int | None = Field(default=None, primary_key=True)
    folder_no: int
    path: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Without a slash at its end."""
    device: int = Field(sa_column=Column(BIG, nullable=False))
    format: str
    files: int = Field(sa_column=Column(BIG, nullable=False))
    events: int = Field(sa_column=Column(BIG, nullable=False))
    duplicates: int = Field(sa_column=Column(BIG, nullable=False))
    redacted: int = Field(sa_column=Column(BIG, nullable=False))
    uncounted: int = Field(sa_column=Column(BIG, nullable=False))
    last_us: int | None = Field(default=None, sa_column=Column(BIG))


class Settled(SQLModel, table=True):
    """A source that is done with: at most 64 bytes beside its name. See `store.settled`."""

    __tablename__: TableName = "settled"

    source_no: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    directory_no: int
    name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    lineage: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    inode: int | None = Field(default=None, sa_column=Column(BIG))
    """None, like the four below: the file went 30 days ago, only what its events need is left."""
    size: int | None = Field(default=None, sa_column=Column(BIG))
    changed_ns: int | None = Field(default=None, sa_column=Column(BIG))
    mark: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """Hash of the file's beginning and end."""
    state: int | None = Field(default=None, sa_column=Column(BIG))
    gone_us: int | None = Field(default=None, sa_column=Column(BIG))


class Quarantine(SQLModel, table=True):
    """A record that could not be read, with its bytes (redacted, at most the first 64 KiB)."""

    __tablename__: TableName = "quarantine"
    __table_args__ = (
        index_where("quarantine_waiting", "source_no", "id", where="retry_us IS NOT NULL"),
        index_where("quarantine_whole", "source_no", where="byte_offset = 0 AND line IS NULL"),
    )

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    at_us: int = Field(sa_column=Column(BIG, nullable=False))
    source_no: int
    generation: int
    byte_offset: int = Field(sa_column=Column(BIG, nullable=False))
    line: int | None = Field(default=None, sa_column=Column(BIG))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    size: int = Field(sa_column=Column(BIG, nullable=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    retry_us: int | None = Field(default=None, sa_column=Column(BIG))
    """When somebody asked for it to be read again; None: nobody, or it was tried since."""
    tried_us: int | None = Field(default=None, sa_column=Column(BIG))
    tried_reason: str | None = Field(default=None, sa_column=Column(Text))
    """Why the last retry failed."""


class IngestMinute(SQLModel, table=True):
    """How many events were stored and records refused in a minute of arrival, by folder."""

    __tablename__: TableName = "ingest_minute"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """Minutes since 1970 << 31 | folder number."""
    events: int = Field(sa_column=Column(BIG, nullable=False))
    refused: int = Field(sa_column=Column(BIG, nullable=False))


class Lease(SQLModel, table=True):
    """The one scanner of this store and what it last said of itself."""

    __tablename__: TableName = "lease"

    id: int = Field(primary_key=True)
    pid: int
    host: str
    started_us: int = Field(sa_column=Column(BIG, nullable=False))
    heartbeat_us: int = Field(sa_column=Column(BIG, nullable=False))
    released: int = 0
    watcher: str = "off"
    watcher_reason: str | None = None
    events_per_second: float = 0.0
    lag_ms: int | None = None
    files_pending: int = 0
    pending_bytes: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    last_scan_us: int | None = Field(default=None, sa_column=Column(BIG))
    kind: str = "dashboard"
    """Who started the scanner: `dashboard` (it ends with it), `service`, or `ingest` (a one-time run)."""
    cpu_us: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    """Processor time since the start, with the second process."""
    memory_bytes: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    scan_ms: int | None = Field(default=None, sa_column=Column(BIG))
    """How long the last full scan took."""
    trouble: str | None = None
    """What keeps it from storing now, in one line that says what to do; None: nothing."""


class SavedView(SQLModel, table=True):
    """A filter, columns and an order that somebody saved under a name."""

    __tablename__: TableName = "saved_view"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    query: str = Field(sa_column=Column(Text, nullable=False))
    columns: str = Field(sa_column=Column(Text, nullable=False))
    """Names of columns with commas between them; empty: the usual ones."""
    sort: str = Field(sa_column=Column(Text, nullable=False))
    saved_us: int = Field(sa_column=Column(BIG, nullable=False))
