"""Large documents, copied documents, and wrappers with more than one list: each record once, none passed over."""

from __future__ import annotations

import gzip
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingest.containers.content import HeldContent
from ingest.containers.elements import RECORD_LIMIT, Element
from ingest.containers.parts import DocumentChanged, DocumentParts
from store.store import Store
from tests.ingest_place import Place, line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_thousands_of_bad_elements_are_quarantined_once(place: Place) -> None:
    bad = [{"no": "event", "number": number} for number in range(7000)]
    place.write("a.json", orjson.dumps(bad))
    assert place.ingest().quarantined == 7000
    place.write("a.json", orjson.dumps([{"no": "event", "number": -1}, *bad, orjson.loads(line("good"))]))
    summary = place.ingest()
    assert (summary.quarantined, summary.events) == (1, 1)


def test_a_copy_of_a_large_document_adds_only_what_is_its_own(place: Place) -> None:
    records = [orjson.loads(line(str(number % 6500))) for number in range(7000)]
    place.write("a.json", orjson.dumps(records))
    place.ingest()
    place.write("b.json", orjson.dumps(records))
    assert place.ingest().events == 0
    place.write("b.json", orjson.dumps([*records, records[0]]))
    assert place.ingest().events == 1


def test_no_list_of_a_wrapper_is_passed_over(place: Place) -> None:
    one, two = line("one").decode(), line("two").decode()
    place.write("both.json", f'{{"logs": [{one}], "version": 2, "events": [{two}]}}'.encode())
    place.write("twice.json", f'{{"logs": [{one}], "logs": [{two}]}}'.encode())
    assert place.ingest().events == 2
    assert place.reasons() == ['the key "logs" is given twice: which one is meant cannot be known']


def test_a_large_document_is_committed_in_parts_that_remember_what_was_refused(place: Place) -> None:
    bad = {"no": "event"}
    records = [bad, *(orjson.loads(line(str(number))) for number in range(12_000)), bad]
    place.write("a.json", orjson.dumps(records))
    assert (place.ingest().events, len(place.reasons())) == (12_000, 2)
    with Store.open(place.store) as store:
        [known] = store.sources.known()
    assert known.checkpoint is not None
    assert (known.checkpoint.line, known.checkpoint.settled) == (12_002, True)
    assert place.ingest().events == 0
    place.write("a.json", orjson.dumps([*records, bad, records[5]]))
    assert (place.ingest().events, len(place.reasons())) == (1, 3)


def large(count: int, size: int = 500_000) -> list[dict[str, Any]]:
    """Return events that make a document too large to be read at once."""
    return [orjson.loads(line(f"{number} " + "ä" * (size // 2))) for number in range(count)]


def test_a_large_document_that_is_rewritten_adds_what_is_new(place: Place) -> None:
    bad = {"no": "event", "text": "x" * 500_000}
    records = [*large(10), bad, large(1)[0]]
    place.write("a.json", orjson.dumps({"version": 1, "events": records}))
    assert (place.ingest().events, len(place.reasons())) == (11, 1)
    place.write("a.json", orjson.dumps([bad, *reversed(records), large(1)[0]], option=orjson.OPT_INDENT_2))
    assert (place.ingest().events, len(place.reasons())) == (1, 2)
    place.write("a.json", orjson.dumps(records[3:]))
    assert (place.ingest().events, len(place.reasons())) == (0, 2)


@pytest.mark.parametrize("name", ["b.json", "b.json.gz"])
def test_a_copy_of_a_document_of_megabytes_adds_what_it_gets(place: Place, name: str) -> None:
    pack = gzip.compress if name.endswith(".gz") else bytes
    records = large(10)
    place.write("a.json", orjson.dumps(records))
    assert place.ingest().events == 10
    place.write(name, pack(orjson.dumps(records)))
    assert place.ingest().events == 0
    place.write(name, pack(orjson.dumps([*records, records[0], *large(11)[10:]])))
    assert place.ingest().events == 2


def test_a_record_beyond_the_limit_leaves_a_marker(place: Place) -> None:
    long = large(1, RECORD_LIMIT)
    records = [*large(2), *long, *large(3)[2:]]
    place.write("a.json", orjson.dumps(records))
    assert place.ingest().events == 4
    raw = orjson.dumps(long[0])
    [(metadata,)] = place.rows("SELECT metadata FROM event WHERE message LIKE 'a record of %'")
    kept = orjson.loads(metadata)
    assert (kept["size"], kept["blake2b"]) == (len(raw), blake2b(raw, digest_size=32).hexdigest())
    assert raw.startswith(kept["prefix"].encode())
    place.write("a.json", orjson.dumps(records[::-1]))
    assert place.ingest().events == 0
    place.write("alone.json", b"\xef\xbb\xbf \n" + raw + b"\n")
    assert place.ingest().events == 1
    assert place.reasons() == []


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (b"", "cut off: the document ends in the middle of a value"),
        (b"]]", "something follows the document's end at character "),
        (b',{"a":x}]', "not JSON at character "),
        (b',"\xff"]', "not UTF-8 at byte "),
    ],
)
def test_a_large_document_that_is_broken_is_refused_as_a_whole(place: Place, end: bytes, reason: str) -> None:
    whole = orjson.dumps(large(10))
    place.write("a.json", whole.removesuffix(b"]") + end)
    assert (place.ingest().events, place.ingest().events) == (0, 0)
    assert len(place.reasons()) == 1
    assert place.reasons()[0].startswith(reason)
    place.write("a.json", whole)
    assert place.ingest().events == 10


def test_what_has_changed_since_it_was_looked_through_does_not_count() -> None:
    records = [b'{"n":%d}' % number for number in range(3)]
    before, after = (HeldContent(b"[" + b",".join(one) + b"]") for one in (records, records[::-1]))
    parts = DocumentParts(before, 25, held=10)
    assert parts.look_through(before)
    with pytest.raises(DocumentChanged):
        parts.next_part(after)
    parts = DocumentParts(before, 25, held=10)
    assert parts.look_through(before)
    assert [one.raw for one in parts.next_part(before) if isinstance(one, Element)] == records
    assert parts.ended
