"""Large documents, copied documents, and wrappers with more than one list: each record once, none passed over."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

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
