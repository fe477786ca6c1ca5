"""What the scanner knows of one source while it runs, and the part of it that the store keeps as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from ingest.scan.opening import FileFacts
from store.batch import Checkpoint
from store.sources import KnownSource

if TYPE_CHECKING:
    from ingest.containers.lines import LongLine
    from ingest.pipeline import RecordPipeline


@dataclass(slots=True)
class SourceState:
    """What `Checkpoint.reader_state` holds. Empty for a document that gave nothing to remember."""

    document: bool = False
    """The file is one whole document; else one record a line."""
    unterminated: bool = False
    """The last record was taken without its newline."""
    last_ts_us: int | None = None
    """Time of the last record, for those that state none."""
    reader: dict[str, Any] = field(default_factory=dict[str, Any])
    skip: list[str] = field(default_factory=list[str])
    """Records of a document (`record_key`) that give nothing when they come again: rejected, or another's."""

    def dump(self) -> bytes:
        """Return it as JSON without what is empty; all empty: no bytes."""
        known = {
            "d": self.document,
            "u": self.unterminated,
            "t": self.last_ts_us,
            "r": self.reader,
            "s": self.skip,
        }
        kept = {key: value for key, value in known.items() if value}
        return orjson.dumps(kept, option=orjson.OPT_NON_STR_KEYS) if kept else b""


def load_state(raw: bytes) -> SourceState:
    """Read what `SourceState.dump` wrote."""
    kept: dict[str, Any] = orjson.loads(raw) if raw else {}
    return SourceState(
        document=bool(kept.get("d")),
        unterminated=bool(kept.get("u")),
        last_ts_us=kept.get("t"),
        reader=kept.get("r", {}),
        skip=kept.get("s", []),
    )


@dataclass(slots=True, eq=False)
class Tracked:
    """One source. `checkpoint` is how far it has been read by this process, committed or not yet."""

    source_no: int
    folder_no: int
    path: bytes
    lineage: bytes
    checkpoint: Checkpoint | None = None
    gone: bool = False
    facts: FileFacts | None = None
    """The file when it was last read to its end; None: not by this process."""
    scan_no: int = 0
    """The last full scan that saw it."""
    queued: bool = False
    quiet_at: float = 0.0
    """Monotonic time from which an unfinished end may be taken; 0: nothing is unfinished."""
    trouble: str | None = None
    """Why it cannot be read, as last told to the store."""
    start_head: bytes = b""
    """Hash of what it begins with while it is read for the first time and copies of it must wait; else empty."""
    pipeline: RecordPipeline | None = None
    long_line: LongLine | None = None

    @property
    def several(self) -> bool:
        """Whether it has given more than one record."""
        checkpoint = self.checkpoint
        if checkpoint is None:
            return False
        return checkpoint.line + int(load_state(checkpoint.reader_state).unterminated) > 1

    @property
    def is_document(self) -> bool:
        """Whether it was read as a whole document."""
        return self.checkpoint is not None and load_state(self.checkpoint.reader_state).document

    def unchanged(self, facts: FileFacts) -> bool:
        """Return whether the file is as it was when it was last read to its end."""
        if self.facts is not None:
            return self.facts == facts
        checkpoint = self.checkpoint
        if checkpoint is None or (checkpoint.device, checkpoint.inode) != facts.identity:
            return False
        whole = checkpoint.settled or checkpoint.offset == facts.size
        return whole and (checkpoint.size, checkpoint.mtime_ns) == (facts.size, facts.mtime_ns)

    def release(self) -> None:
        """Drop what is only needed while it is being read."""
        self.pipeline = None


def tracked_from(known: Sequence[KnownSource]) -> list[Tracked]:
    """Return the sources that the store knows."""
    return [Tracked(one.source_no, one.folder_no, one.path, one.lineage, one.checkpoint, one.gone) for one in known]
