"""What one append carries: events, and how far each source has been read, to be committed together."""

from __future__ import annotations

from dataclasses import dataclass, field

from store.events import NewEvent


@dataclass(slots=True)
class Rejected:
    """A record that could not be read, for the quarantine. `raw` is already redacted."""

    reason: str
    raw: bytes
    size: int
    """Bytes of the record in its source."""
    offset: int
    line: int | None
    """1-based line number, None where the container has no lines or the number is not known."""


@dataclass(slots=True)
class Checkpoint:
    """How far a source has been read once the batch that carries this is committed. It replaces what the store has."""

    generation: int
    offset: int
    """First byte not read yet."""
    line: int
    """Complete lines before `offset`."""
    head: bytes
    """Hash of the first `head_size` bytes: the same file again."""
    head_size: int
    tail: bytes
    """Hash of the last (at most 256) bytes before `offset`: nothing was rewritten."""
    device: int
    inode: int
    size: int
    """Bytes of the file when it was read."""
    mtime_ns: int
    format: str | None
    """Name of the recognised format; None while nothing was recognised."""
    reader_state: bytes
    """JSON kept for the format's reader, so that it goes on after a restart where it stopped; empty: none."""
    settled: bool = False
    """Whether a whole document has been taken completely."""


@dataclass(slots=True)
class SourceBatch:
    """The part of a batch that comes from one source."""

    source_no: int
    generation: int
    format: str
    events: list[NewEvent] = field(default_factory=list[NewEvent])
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    size: int = 0
    """Bytes of the records that it was made from, about: it takes several times as much memory."""
    redacted: int = 0
    """How many credentials were replaced."""
    uncounted: int = 0
    """Records that were understood and deliberately give no event."""
    checkpoint: Checkpoint | None = None
    changed_us: int | None = None
    """When the file changed, as far as known: what lag is measured from."""
    released: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Number and time of records in quarantine that this append settles: they leave it in the same transaction."""
    again: bool = False
    """A document that was met before and could be read now: if it is in quarantine as a whole, it is tried again."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did."""

    events: int
    duplicates: int
    conflicts: int
    quarantined: int
    last_seq: int
