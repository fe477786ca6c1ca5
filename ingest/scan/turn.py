"""What one look into a file gives, to be committed together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ingest.scan.opening import FileFacts
from store.batch import Checkpoint, SourceBatch

_NS_PER_US: Final = 1_000


@dataclass(slots=True)
class Turn:
    """The answer of one look.

    `more`: there is more to be read at once. `waiting`: something unfinished stands at the end. `torn`: the file
    changed while it was read, nothing was taken. `rewritten`: what was read of it no longer stands in it, nothing was
    taken. `trouble`: why the rest cannot be read for the time being.
    """

    batches: list[SourceBatch] = field(default_factory=list[SourceBatch])
    more: bool = False
    waiting: bool = False
    torn: bool = False
    rewritten: bool = False
    trouble: str | None = None
    checkpoint: Checkpoint | None = None


def with_checkpoint(batches: list[SourceBatch], checkpoint: Checkpoint | None, facts: FileFacts) -> list[SourceBatch]:
    """Return the batches (at least one), the last of which commits the checkpoint, if there is a new one."""
    batches[-1].checkpoint = checkpoint
    for batch in batches:
        batch.changed_us = facts.mtime_ns // _NS_PER_US
    return batches
