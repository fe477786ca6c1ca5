"""Ingests broken files by the hundred into one store, and says which of them did not give what they must."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from hypothesis import settings

from ingest.service import ingest_stream
from tests.fuzz.specimen import Due, Specimen, at
from tests.ingest_place import Place

_AT_ONCE: Final = 500
_SLOWLY: Final = 10_000
_USUAL_EXAMPLES: Final = 100
_MESSAGE_LIMIT: Final = 60_000
"""Bytes that go through a socket at once on every system that has sockets of messages."""

_OUTCOMES: Final = """
SELECT source_no, path, events + duplicates + quarantined + uncounted - (
    SELECT count(*) FROM event JOIN name ON name.id = type_no
    WHERE event.source_no = source.source_no AND name.text = 'system.id_conflict'
) FROM source
UNION ALL SELECT source_no, name, 1 FROM settled ORDER BY 1
"""
"""How many records came to something. A record whose id another one has is a duplicate, and the conflict an event; a
file that has settled gave one."""

DueOf = Callable[[Specimen], Due]
Take = Callable[[Place, list[Specimen]], None]
"""Ingests specimens, as one source each."""


def how_many(each_time: int) -> int:
    """Return how many files are broken: `each_time`, or ten thousand with the profile `slow`."""
    return each_time if settings().max_examples <= _USUAL_EXAMPLES else _SLOWLY


def as_files(place: Place, specimens: list[Specimen]) -> None:
    """Ingest a folder of all of them."""
    for specimen in specimens:
        place.write(specimen.name, specimen.data)
    place.ingest()


def as_streams(place: Place, specimens: list[Specimen]) -> None:
    """Ingest one after the other from standard input, in parts where that can be done alike each time."""
    for specimen in specimens:
        if sys.platform == "linux" and 0 < len(specimen.data) < _MESSAGE_LIMIT:
            reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with reading:
                with writing:
                    for part in _parts(Random(specimen.name), specimen.data):
                        writing.send(part)
                ingest_stream(place.store, reading.fileno(), place.settings)
        else:
            with tempfile.TemporaryFile() as file:
                file.write(specimen.data)
                file.seek(0)
                ingest_stream(place.store, file.fileno(), place.settings)


def _parts(chance: Random, data: bytes) -> Iterator[bytes]:
    cuts = sorted({0, len(data), *(chance.randrange(len(data)) for _ in range(chance.choice((0, 1, 5))))})
    return (data[start:end] for start, end in pairwise(cuts))


def faults_of(specimens: Iterable[Specimen], due_of: DueOf, take: Take = as_files) -> list[str]:
    """Ingest the specimens, some hundred to a store; return a line for each that gave too little or too much.

    A crash is told of the file that causes it, where it does so alone.
    """
    waiting = iter(specimens)
    faults: list[str] = []
    while some := [specimen for _, specimen in zip(range(_AT_ONCE), waiting, strict=False)]:
        faults += _try(some, due_of, take)
    return faults


def _try(specimens: list[Specimen], due_of: DueOf, take: Take) -> list[str]:
    with tempfile.TemporaryDirectory() as root:
        place = Place(Path(root))
        try:
            take(place, specimens)
        except BaseException as error:
            if len(specimens) == 1:
                error.add_note(f"the file {specimens[0].name} does it: {specimens[0].data[:2_000]!r}")
                raise
            for specimen in specimens:
                _try([specimen], due_of, take)
            raise
        return list(_compare(place, specimens, due_of))


def _compare(place: Place, specimens: list[Specimen], due_of: DueOf) -> Iterator[str]:
    """Yield what is wrong of each specimen that gave something else than it must."""
    given = _given(place, specimens)
    for specimen in specimens:
        due, (count, messages) = due_of(specimen), given[specimen.name]
        lost = due.whole - messages
        if lost or count < due.least or (due.most is not None and count > due.most):
            what = f"lost {dict(lost)}" if lost else f"gave {count} outcomes, not {due.least} to {due.most}"
            yield f"{specimen.name} {what}: {specimen.data[:3_000]!r}"


def _given(place: Place, specimens: list[Specimen]) -> dict[str, tuple[int, Counter[str]]]:
    """Return of each specimen how many outcomes it had, and the messages and places of its events."""
    messages: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for source_no, message, offset in place.rows("SELECT source_no, message, byte_offset FROM event"):
        messages[source_no].update((message or "", at(offset)))
    given: dict[str, tuple[int, Counter[str]]] = {specimen.name: (0, Counter()) for specimen in specimens}
    in_order = iter(specimens)
    for source_no, path, count in place.rows(_OUTCOMES):
        name = next(in_order).name if path == b"-" else Path(os.fsdecode(path)).name
        before, said = given[name]
        given[name] = (before + int(count), said + messages[source_no])
    return given
