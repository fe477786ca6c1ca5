"""The canonical event: what readers produce and what the store keeps (docs/events.md)."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from store.pricing.pricer import CostStatus

Status = Literal["success", "failure", "denied", "pending", "timeout"]

STATUS_CODES: Final[dict[str | None, int]] = {
    None: 0,
    "success": 1,
    "failure": 2,
    "denied": 3,
    "pending": 4,
    "timeout": 5,
}
"""How a status is kept in the store; `None` means that the producer stated none."""

STATUS_NAMES: Final[tuple[Status | None, ...]] = (None, "success", "failure", "denied", "pending", "timeout")

FINAL_STATUSES: Final = frozenset({"success", "failure", "denied", "timeout"})
"""Statuses that settle a call."""

ERROR: Final = 1
"""Bit of `trouble`: status failure or timeout, or type agent.error or auth.failed."""

DENIAL: Final = 2
"""Bit of `trouble`: status denied, or type permission.denied."""


_TROUBLE_OF_STATUS: Final[dict[str | None, int]] = {
    None: 0,
    "success": 0,
    "pending": 0,
    "failure": ERROR,
    "timeout": ERROR,
    "denied": DENIAL,
}
_TROUBLE_OF_TYPE: Final = {"agent.error": ERROR, "auth.failed": ERROR, "permission.denied": DENIAL}


def trouble_of(event_type: str, status: str | None) -> int:
    """Return the `ERROR` and `DENIAL` bits of an event; 0 means neither."""
    return _TROUBLE_OF_STATUS[status] | _TROUBLE_OF_TYPE.get(event_type, 0)


class NewEvent(msgspec.Struct, gc=False, array_like=True):
    """An event on its way into the store. A reader sets what it knows; everything else keeps its default.

    A struct, not a dataclass: the hot path builds tens of thousands a second.

    Identity: either `event_id` (the producer's own id, unique by contract) or `digest` (80 bits of a hash of lineage,
    record bytes and kind, made by the pipeline). `occurrence` is the k of "the k-th occurrence of these bytes": -1
    lets the store count within the generation, a number says that the reader has counted (whole documents).
    """

    # What becomes a number in the event's row, in the order of the row.
    event_type: str = ""
    agent_id: str | None = None
    user_id: str | None = None
    tenant_id: str | None = None
    resource_tenant_id: str | None = None
    host: str | None = None
    tool: str | None = None
    server: str | None = None
    model: str | None = None

    # What goes into the row as it is, in the order of the row.
    duration_us: int | None = None
    """Duration in microseconds. None: unknown; for a result with a known call the store fills the observed time."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    cost_microusd: int | None = None
    digest: bytes = b""
    event_id: str | None = None
    call_id: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_id: str | None = None
    message: str | None = None

    status: Status | None = None
    ts_us: int | None = None
    """Stated time in UTC microseconds since 1970; None: the pipeline infers one and flags it."""
    ts_inferred: bool = False
    occurrence: int = -1
    copies_may_differ: bool = False
    """Whether a repeated `event_id` with other content is usual (forked transcripts) and no conflict."""
    call_scope: str | None = None
    """Within what `call_id` is unique; None: it is unique everywhere."""
    usage_key: str | None = None
    """Set where token counts are a running total: the store keeps only what is more than it has recorded for this
    key, as a row with counts=0, and drops the event where nothing is more."""
    counts: int = 1
    offset: int = 0
    """Byte offset of the record in its source (of the decompressed stream where it is compressed)."""
    metadata: dict[str, Any] | None = None
    metadata_text: str | None = None
    """`metadata` as the producer wrote it, where it is known and nothing in it was changed; None: not known.

    Where it is set, `metadata` may be None: the event comes from another process (see `whole_metadata`)."""
    indexed: str | None = None
    """What full text gets of it, where that was made already."""

    def copy(self) -> NewEvent:
        """Return a shallow copy: an append never changes what it was given, so that it can be tried again."""
        return copy(self)

    def annotate(self, name: str, value: Any) -> None:
        """Put something that was found out about the event into its metadata, whose other keys stay."""
        self.metadata = {**(self.whole_metadata() or {}), name: value}
        self.metadata_text = self.indexed = None

    def whole_metadata(self) -> dict[str, Any] | None:
        """Return `metadata`, out of its text where only that is here."""
        if self.metadata is None and self.metadata_text is not None:
            self.metadata = msgspec.json.decode(self.metadata_text, type=dict[str, Any])
        return self.metadata

    def stated(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults."""
        defaults = NewEvent()
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value != getattr(defaults, name)}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an event's bytes are: every stored event can be traced to them."""

    path: str
    lineage: str
    generation: int
    offset: int
    format: str


@dataclass(frozen=True, slots=True)
class EventSummary:
    """One row of an event list. Times are UTC microseconds; None means that the producer stated nothing."""

    id: int
    """Position in event-time order (the store's row id)."""
    seq: int
    """Position in order of arrival."""
    ts_us: int
    arrived_us: int
    event_type: str
    agent_id: str | None
    user_id: str | None
    tenant_id: str | None
    resource_tenant_id: str | None
    tool: str | None
    server: str | None
    model: str | None
    status: Status | None
    duration_us: int | None
    trouble: int
    """`ERROR` and `DENIAL` bits."""
    message: str | None
    """At most its first 400 characters; the detail has it whole."""
    tokens: int | None = None
    """All four kinds together; None: none of them is stated."""
    cost_microusd: int | None = None
    """As reported, else as computed from its tokens; None: neither is known."""
    cost_is_computed: bool = False
    alerted: bool = False
    """Whether it is kept evidence of an alert that may be seen."""


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event whole, with its provenance."""

    summary: EventSummary
    event_id: str
    host: str | None
    call_id: str | None
    request_id: str | None
    session_id: str | None
    trace_id: str | None
    span_id: str | None
    parent_id: str | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    cost_microusd: int | None
    counts: int
    outcome: int
    message: str | None
    metadata: dict[str, Any] | None
    provenance: Provenance
    partner: EventSummary | None = None
    """The result of a call, or the call of a result, where the store has it."""
    computed_microusd: int | None = None
    """What was computed from its tokens; negative where that takes back what was computed before. None: nothing."""
    cost_status: CostStatus = CostStatus.NONE
    price_version: str | None = None
    """Which list of prices was asked; None: none was."""
