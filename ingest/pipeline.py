"""Records -> events: decode, redact, recognise, read, and give each event its identity, place and time.

One bad record never stops a file: whatever cannot be read becomes a `Rejected` with a reason. `add_lines` is the hot
path: what is ordinary about a line is decided by a few cheap looks, everything else goes through `_add_carefully`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, cast

import orjson

from ingest.containers.document import canonical_bytes
from ingest.containers.elements import RECORD_LIMIT, LongElement, Record
from ingest.containers.lines import LINE_LIMIT, LongLine
from ingest.decode import (
    Decoded,
    Undecodable,
    check_depth,
    decode_strictly,
    has_long_integer,
    may_repeat_a_key,
)
from ingest.fingerprint import DIGEST_SIZE, RecordHash, of_kind
from ingest.formats.protocol import NO_FORMAT, FileContext, JsonObject, NotAnEvent, Reader
from ingest.odd_places import odd_places
from ingest.redact import Redactor, names_a_secret
from ingest.tallies import KEY_SIZE, HashTally, KnownRecords
from store.batch import Rejected, SourceBatch
from store.clock import now_us
from store.events import NewEvent

RAW_LIMIT: Final = 64 * 1024
"""Bytes of a rejected record that are kept."""
UNKNOWN_FORMAT: Final = "unknown"
"""Named where no record of a source was recognised."""

_NEVER: Final = 1 << 62
_MANY_BRACKETS: Final = 60
_SHAPES: Final = 4096
_SHOWN_PREFIX: Final = 1024


@dataclass(frozen=True, slots=True)
class RecordTools:
    """What the records of all sources share. `user` and `tenant` stand in where an event states none."""

    readers: Sequence[Reader]
    redactor: Redactor
    redact: bool = True
    user: str | None = None
    tenant: str | None = None
    safe_shapes: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    """Combinations of keys that are known to name no credential."""


class RecordPipeline:
    """Reads the records of one source, in order, into batches."""

    def __init__(self, source_no: int, lineage: bytes, context: FileContext, tools: RecordTools) -> None:
        """Start at generation 0 of the source, as a line file; see `begin`."""
        self.context = context
        self.format: str | None = None
        """Name of the last recognised format; None while nothing was recognised."""
        self._source_no = source_no
        self._lineage = lineage
        self._tools = tools
        self._reader = tools.readers[0]
        self._fills = tools.user is not None or tools.tenant is not None
        self.begin(0, whole_document=False)

    def begin(self, generation: int, *, whole_document: bool) -> None:
        """Go on in this generation; in a whole document records are counted here instead of in the store."""
        self.generation = generation
        self._hash = RecordHash(self._lineage, None if whole_document else generation)
        self._occurrences = HashTally(DIGEST_SIZE) if whole_document else None
        self._batches: list[SourceBatch] = []
        self._batch = self._new_batch(self.format)

    def remember_format(self, name: str | None) -> None:
        """Try the reader of this name first."""
        for reader in self._tools.readers:
            if reader.name == name:
                self._reader, self.format = reader, name
                self._batch.format = reader.name

    def take(self) -> list[SourceBatch]:
        """Return what was read since the last call, one batch for each run of one format; at least one."""
        taken = [*self._batches, self._batch]
        self._batches = []
        self._batch = self._new_batch(self.format)
        return taken

    def add_lines(self, body: bytes, offset: int, line: int) -> int:
        """Read whole lines that start at byte `offset` after `line` lines; return how many lines they were."""
        odd = odd_places(body, redact=self._tools.redact)
        odd.append(_NEVER)
        odd_index, next_odd = 0, odd[0]
        many_brackets = body.count(b"[") > _MANY_BRACKETS
        plain_keys = self._has_plain_keys
        copy_seed, ordinary, read, finish = self._hash.seed.copy, self._ordinary, self._read, self._finish
        finish_usual = self._finish_usual
        lines = body.split(b"\n")
        position = offset
        for number, raw in enumerate(lines, line + 1):
            end = position + len(raw)
            if next_odd < end - offset:
                self._add_carefully(raw, position, number)
                while next_odd < end - offset:
                    odd_index += 1
                    next_odd = odd[odd_index]
            elif many_brackets and raw.count(b"[") > _MANY_BRACKETS:
                self._add_carefully(raw, position, number)
            elif self.format and (event := self._reader.read_usual_line(raw, plain_keys)) is not None:
                state = copy_seed()
                state.update(raw)
                finish_usual(event, state.digest(), position)
            elif (record := ordinary(raw)) is None:
                self._add_carefully(raw, position, number)
            elif events := read(record, raw, position, number):
                state = copy_seed()
                state.update(raw)
                finish(events, state.digest(), position)
            position = end + 1
        self._batch.size += len(body)
        return len(lines)

    def add_record(self, raw: bytes, offset: int, line: int | None) -> None:
        """Read one record that does not come in a chunk of lines."""
        self._batch.size += len(raw)
        self._add_carefully(raw, offset, line)

    def add_elements(self, records: Sequence[Record], known: KnownRecords) -> bytes:
        """Read records of a whole document, but for those that are known, each as often as it stands there.

        Returns the keys of the records that were rejected, so that they can be known when the document comes again.
        """
        refused = bytearray()
        for record in records:
            if known and known.meets(key_of_element(record)):
                continue
            if isinstance(record, LongElement):
                self._add_marker(record, None, RECORD_LIMIT)
                continue
            before = len(self._batch.rejected)
            self._batch.size += len(record.raw)
            self._add_carefully(record.raw, record.offset, None)
            if len(self._batch.rejected) > before:
                refused += record_key(record.raw)
        return bytes(refused)

    def add_long_line(self, long_line: LongLine, line: int) -> None:
        """Store a marker in place of a line that is too long to be kept."""
        self._add_marker(
            LongElement(long_line.start, long_line.size, long_line.digest, long_line.prefix), line, LINE_LIMIT
        )

    def _add_marker(self, long: LongElement, line: int | None, limit: int) -> None:
        """Store a marker in place of a record of more bytes than the limit."""
        prefix, redacted = self._redacted(long.prefix)
        event = NewEvent()
        event.event_type = "system.oversized_record"
        event.message = f"a record of {long.size} bytes was not kept: the limit is {limit}"
        event.metadata = {
            "size": long.size,
            "blake2b": long.digest,
            "prefix": prefix[:_SHOWN_PREFIX].decode("utf-8", "replace").replace("\x00", "\ufffd"),
        }
        if line is not None:
            event.metadata["line"] = line
        self._batch.redacted += redacted
        self._finish((event,), self._hash.of(long.digest.encode()), long.offset)

    def reject(self, reason: str, raw: bytes, offset: int, line: int | None, *, size: int | None = None) -> None:
        """Put a record into the quarantine, redacted; `size` is its length where `raw` is only its beginning."""
        shown, redacted = self._redacted(raw)
        self._batch.redacted += redacted
        self._batch.rejected.append(Rejected(reason, shown[:RAW_LIMIT], size or len(raw), offset, line))

    def _new_batch(self, name: str | None) -> SourceBatch:
        return SourceBatch(self._source_no, self.generation, name or UNKNOWN_FORMAT)

    def _ordinary(self, raw: bytes) -> JsonObject | None:
        """Return the line's object, or None where it needs a careful look.

        As many `":` as keys: none is given twice, and no object lies deeper than `metadata` (see `may_repeat_a_key`).
        Keys come in few combinations, so that only a new combination is searched for names of credentials.
        """
        try:
            record: JsonObject = orjson.loads(raw)
            metadata: JsonObject | None = record.get("metadata")
        except (orjson.JSONDecodeError, AttributeError):
            return None
        shape = (*record, *metadata) if type(metadata) is dict else (*record,)
        if raw.count(b'":') != len(shape) or has_long_integer(raw) or not self._has_plain_keys(shape):
            return None
        return record

    def _has_plain_keys(self, shape: tuple[str, ...]) -> bool:
        """Return whether no key of these names a credential, and remember it if so."""
        if shape in self._tools.safe_shapes:
            return True
        if self._tools.redact and any(map(names_a_secret, shape)):
            return False
        if len(self._tools.safe_shapes) >= _SHAPES:
            self._tools.safe_shapes.clear()
        self._tools.safe_shapes.add(shape)
        return True

    def _redacted(self, raw: bytes) -> tuple[bytes, int]:
        return self._tools.redactor.redact(raw) if self._tools.redact else (raw, 0)

    def _add_carefully(self, raw: bytes, offset: int, line: int | None) -> None:
        clean, redacted = self._redacted(raw)
        try:
            decoded = _decode(clean)
        except Undecodable as error:
            self.reject(str(error), raw, offset, line)
            return
        if decoded is None:
            return
        events = self._read(decoded.record, raw, offset, line)
        if not events:
            return
        self._batch.redacted += redacted
        if decoded.repairs:
            for event in events:
                event.annotate("repaired", list(decoded.repairs))
        identity = raw if self._occurrences is None else canonical_bytes(raw)
        self._finish(events, self._hash.of(identity), offset)

    def _read(self, record: JsonObject, raw: bytes, offset: int, line: int | None) -> Sequence[NewEvent]:
        """Return the record's events; none where it was rejected or deliberately gives none."""
        reader = self._reader
        if not reader.recognises(record) or self.format is None:
            found = self._recognise(record)
            if found is None and self.format is None:
                self.reject(NO_FORMAT, raw, offset, line)
                return ()
            reader = found or reader  # among a format's records, one of a kind not known yet is still its own
        try:
            events = reader.read(record, self.context)
        except NotAnEvent as error:
            self.reject(str(error), raw, offset, line)
            return ()
        if not events:
            self._batch.uncounted += 1
        return events

    def _recognise(self, record: JsonObject) -> Reader | None:
        for reader in self._tools.readers:
            if reader.recognises(record):
                self._switch_to(reader)
                return reader
        return None

    def _switch_to(self, reader: Reader) -> None:
        if self.format is not None and (self._batch.events or self._batch.rejected):
            self._batches.append(self._batch)
            self._batch = self._new_batch(reader.name)
        self._reader, self.format = reader, reader.name
        self._batch.format = reader.name

    def _finish(self, events: Sequence[NewEvent], digest: bytes, offset: int) -> None:
        """Give events identity, place and time, and take them into the batch."""
        context = self.context
        for kind, event in enumerate(events):
            if event.event_id is None:
                event.digest = of_kind(digest, kind) if kind else digest
            event.offset = offset
            if event.ts_us is None:
                self._infer_time(event)
            else:
                context.last_ts_us = event.ts_us
        if self._occurrences is not None:
            self._count(events, self._occurrences)
        if self._fills:
            self._fill(events)
        self._batch.events.extend(events)

    def _finish_usual(self, event: NewEvent, digest: bytes, offset: int) -> None:
        """Do for a usual line, which states its time, what `_finish` does."""
        if event.event_id is None:
            event.digest = digest
        event.offset = offset
        self.context.last_ts_us = event.ts_us
        if self._fills:
            self._fill((event,))
        self._batch.events.append(event)

    def _infer_time(self, event: NewEvent) -> None:
        if self.context.last_ts_us is None:
            self.context.last_ts_us = self.context.mtime_us or now_us()
        event.ts_us = self.context.last_ts_us
        event.ts_inferred = True
        event.annotate("ts_inferred", True)  # noqa: FBT003 (a JSON value)

    def _count(self, events: Sequence[NewEvent], occurrences: HashTally) -> None:
        for event in events:
            if event.event_id is None:
                event.occurrence = occurrences.add(event.digest)

    def _fill(self, events: Sequence[NewEvent]) -> None:
        for event in events:
            event.user_id = event.user_id or self._tools.user
            event.tenant_id = event.tenant_id or self._tools.tenant


def _decode(raw: bytes) -> Decoded | None:
    """Decode with the fast parser where it can be trusted with this record, else strictly.

    Raises:
        Undecodable: see `decode_strictly`.
    """
    try:
        record: Any = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return decode_strictly(raw)
    if type(record) is not dict or b"\\u0000" in raw or has_long_integer(raw):
        return decode_strictly(raw)
    check_depth(raw)
    members = cast("JsonObject", record)
    return decode_strictly(raw) if may_repeat_a_key(raw, members) else Decoded(members)


def record_key(raw: bytes) -> bytes:
    """Return a short hash by which a record of a document is known again."""
    return blake2b(canonical_bytes(raw), digest_size=KEY_SIZE).digest()


def key_of_element(record: Record) -> bytes:
    """Return the `record_key` of a record, of a long one made from its measures."""
    return record_key(record.digest.encode() if isinstance(record, LongElement) else record.raw)
