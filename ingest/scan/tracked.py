"""What the scanner knows of one source while it runs, and the part of it that the store keeps as JSON."""

from __future__ import annotations

from base64 import b64decode, b64encode, b85decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

import orjson

from ingest.scan.opening import FileFacts
from store.batch import Checkpoint, SourceBatch
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
    skip: bytes = b""
    """Keys of a document's records (`record_key`) that give nothing when they come again: rejected, or another's.

    They stand one after the other, and are kept packed: the state of a document with many of them is about as large
    as the document, never larger.
    """
    told: str = ""
    """The fault that was told last (`told_of`), so that it is told once."""

    def dump(self) -> bytes:
        """Return it as JSON without what is empty; all empty: no bytes."""
        known = {
            "d": self.document,
            "u": self.unterminated,
            "t": self.last_ts_us,
            "r": self.reader,
            "k": _packed(self.skip),
            "f": self.told,
        }
        kept = {key: value for key, value in known.items() if value}
        return orjson.dumps(kept, option=orjson.OPT_NON_STR_KEYS) if kept else b""


def _packed(keys: bytes) -> str:
    return b64encode(compress(keys, 1)).decode() if keys else ""


def _unpacked(kept: dict[str, Any]) -> bytes:
    if packed := kept.get("k"):
        return decompress(b64decode(packed))
    older = kept.get("s")
    return decompress(b85decode(older)) if older else b""


def load_state(raw: bytes) -> SourceState:
    """Read what `SourceState.dump` wrote."""
    kept = _parsed(raw)
    return SourceState(
        document=bool(kept.get("d")),
        unterminated=bool(kept.get("u")),
        last_ts_us=kept.get("t"),
        reader=kept.get("r", {}),
        skip=_unpacked(kept),
        told=kept.get("f", ""),
    )


def _parsed(raw: bytes) -> dict[str, Any]:
    return orjson.loads(raw) if raw else {}


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
    seen_size: int = 0
    """Bytes of the file when it was last looked at."""
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
        return checkpoint.line + int(bool(_parsed(checkpoint.reader_state).get("u"))) > 1

    @property
    def is_document(self) -> bool:
        """Whether it was read as a whole document."""
        return self.checkpoint is not None and bool(_parsed(self.checkpoint.reader_state).get("d"))

    def see(self, facts: FileFacts) -> None:
        """Take note of the size of the file at this path, unless it is another file."""
        checkpoint = self.checkpoint
        if checkpoint is None or (checkpoint.device, checkpoint.inode) == facts.identity:
            self.seen_size = facts.size

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


def beginning(generation: int, facts: FileFacts) -> Checkpoint:
    """Return the checkpoint of a line file's new generation, of which nothing is read."""
    return Checkpoint(
        generation=generation, offset=0, line=0, head=b"", head_size=0, tail=b"", device=facts.device,
        inode=facts.inode, size=0, mtime_ns=0, format=None, reader_state=b"",
    )  # fmt: skip


def only_checkpoint(tracked: Tracked, checkpoint: Checkpoint) -> SourceBatch:
    """Return what stores where a source stands, and nothing else."""
    batch = SourceBatch(tracked.source_no, checkpoint.generation, checkpoint.format or "unknown")
    batch.checkpoint = checkpoint
    return batch
