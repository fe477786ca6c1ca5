"""Records in quarantine are read again: from their file, from the kept copy, and never into a second event."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import orjson
import pytest

from config.settings import IngestSettings
from ingest import retry_service
from ingest.formats.native import NativeReader
from ingest.formats.protocol import FileContext, JsonObject
from ingest.pipeline import RAW_LIMIT, RecordTools
from ingest.redact import Redactor
from ingest.retry import Outcome
from ingest.retry_service import retry_records
from ingest.retry_verdict import resembles
from store.batch import SourceBatch
from store.errors import QuarantineChangedError
from store.events import NewEvent
from store.store import Store
from tests.ingest_place import Place, line

BAD = b'{"event_typo":"agent.message","timestamp":"2026-01-27T10:30:00Z","message":"bad"}\n'
MENDED = BAD.replace(b"typo", b"type")
"""As long as the bad one."""
ABC = line("a") + line("b") + line("c")
UNTIMED = b'{"event_type":"agent.message","message":"untimed"}\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def ids(place: Place) -> list[int]:
    """Return the numbers of all records in quarantine."""
    return [row[0] for row in place.rows("SELECT id FROM quarantine ORDER BY id")]


def retry(place: Place) -> list[Outcome]:
    """Have everything in quarantine read again."""
    return retry_records(place.store, ids(place), IngestSettings())


def mend_in_place(path: Path, old: bytes, new: bytes) -> None:
    """Overwrite bytes of a file with as many others."""
    assert len(old) == len(new)
    with path.open("r+b") as file:
        file.seek(path.read_bytes().index(old))
        file.write(new)


def long_log() -> bytes:
    """Return many lines, so that neither end of the file is near its middle."""
    return b"".join(line(f"filler {number:03}") for number in range(60))


class _Newer(NativeReader):
    """A reader that knows one more format."""

    def recognises(self, record: JsonObject) -> bool:
        return "event_typo" in record or super().recognises(record)

    def read(self, record: JsonObject, context: FileContext) -> list[NewEvent]:
        known = {("event_type" if key == "event_typo" else key): value for key, value in record.items()}
        return [*super().read(known, context)]


def newer_tools(settings: IngestSettings) -> RecordTools:
    """Return what a program has that knows one more format."""
    assert settings.redact
    return RecordTools([_Newer()], Redactor())


def test_a_line_that_was_mended_in_place_is_stored_where_it_stands(place: Place) -> None:
    path = place.write("a.jsonl", long_log() + BAD + long_log().replace(b"filler", b"second"))
    place.ingest()
    before = place.messages()
    mend_in_place(path, BAD, MENDED)
    [outcome] = retry(place)
    assert (outcome.read, outcome.how, outcome.events) == (True, "read", 1)
    assert place.messages() == sorted([*before, "bad"])
    [(generation, offset)] = place.rows("SELECT generation, byte_offset FROM event WHERE message = 'bad'")
    assert (generation, offset) == (0, len(long_log()))
    assert ids(place) == []
    assert place.ingest().events == 0


def test_what_is_still_bad_stays_and_says_why(place: Place) -> None:
    place.write("a.jsonl", line("good") + BAD + b'{"cut')
    place.append("a.jsonl", b"\n")
    place.ingest()
    outcomes = retry(place)
    assert [outcome.read for outcome in outcomes] == [False, False]
    assert "no known format" in outcomes[0].how
    assert outcomes[1].how.startswith("cut off")
    rows = place.rows("SELECT retry_us IS NULL, tried_us > 0, tried_reason FROM quarantine ORDER BY id")
    assert rows == [(1, 1, outcomes[0].how), (1, 1, outcomes[1].how)]
    assert place.messages() == ["good"]


def test_a_newer_program_reads_what_an_older_one_did_not(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("a.jsonl", line("good") + BAD + BAD)
    place.ingest()
    monkeypatch.setattr(retry_service, "record_tools", newer_tools)
    assert [outcome.events for outcome in retry(place)] == [1, 1]
    assert place.messages() == ["bad", "bad", "good"]
    assert sorted(place.rows("SELECT occurrence FROM event WHERE message = 'bad'")) == [(0,), (1,)]


def test_a_record_of_a_file_that_is_gone_is_read_from_its_kept_copy(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.write("a.jsonl", line("good") + BAD)
    place.ingest()
    path.unlink()
    [outcome] = retry(place)
    assert outcome.how.startswith("its file cannot be read (it is not there any more); of the kept copy: no event_type")
    monkeypatch.setattr(retry_service, "record_tools", newer_tools)
    [outcome] = retry(place)
    assert outcome.read
    assert "kept copy" in outcome.how
    assert place.messages() == ["bad", "good"]


def test_a_kept_copy_that_is_only_a_beginning_is_said_to_be_one(place: Place) -> None:
    path = place.write("a.jsonl", line("good") + b'{"x":"' + b"x" * 2 * RAW_LIMIT + b'"}\n')
    place.ingest()
    path.unlink()
    [outcome] = retry(place)
    assert outcome.how.endswith("only the first 64 KiB of the record were kept")


def test_the_rest_of_a_record_beyond_what_is_kept_comes_from_the_file(place: Place) -> None:
    big = BAD.replace(b'"bad"', b'"bad","metadata":{"x":"%s"}' % (b"x" * 2 * RAW_LIMIT))
    path = place.write("a.jsonl", long_log() + big + long_log())
    place.ingest()
    mend_in_place(path, b"event_typo", b"event_type")
    assert [outcome.events for outcome in retry(place)] == [1]


@pytest.mark.parametrize("how", ["write", "replace"])
def test_a_line_file_that_was_mended_by_rewriting_is_read_once(place: Place, how: str) -> None:
    place.write("a.jsonl", line("before") + BAD + line("after"))
    place.ingest()
    getattr(place, how)("a.jsonl", line("before") + MENDED.replace(b'"bad"', b'"mended"') + line("after"))
    place.ingest()
    stored = place.messages()
    assert stored.count("mended") == 1
    [outcome] = retry(place)
    assert (outcome.read, outcome.how) == (True, "mended, and read with its file already")
    assert place.messages() == stored
    assert ids(place) == []


def test_a_rewritten_file_is_read_in_the_ordinary_way_first(place: Place) -> None:
    place.write("a.jsonl", line("before") + BAD + line("after"))
    place.ingest()
    place.write("a.jsonl", line("before") + MENDED.replace(b'"bad"', b'"mended"') + line("after"))
    [outcome] = retry(place)
    assert outcome.read
    stored = place.messages()
    assert stored.count("mended") == 1
    place.ingest()
    assert place.messages() == stored


def test_another_log_in_the_same_place_is_not_taken_for_the_mended_record(place: Place) -> None:
    place.write("a.jsonl", BAD + line("old"))
    place.ingest()
    place.write("a.jsonl", MENDED.replace(b'"bad"', b'"new"') + line("other"))
    place.ingest()
    [outcome] = retry(place)
    assert not outcome.read
    assert "was rewritten and does not show it any more" in outcome.how
    assert len(ids(place)) == 1


def test_a_line_that_was_blanked_out_stays_until_somebody_discards_it(place: Place) -> None:
    path = place.write("a.jsonl", long_log() + BAD + long_log())
    place.ingest()
    mend_in_place(path, BAD, b" " * (len(BAD) - 1) + b"\n")
    [outcome] = retry(place)
    assert outcome.how == "the line is blank now: discard the record if that is meant"


def test_a_bad_line_may_become_two_good_ones_in_the_same_place(place: Place) -> None:
    two = line("one") + line("two")
    bad = b"[" + b"x" * (len(two) - 3) + b"]\n"
    path = place.write("a.jsonl", long_log() + bad + long_log())
    place.ingest()
    mend_in_place(path, bad, two)
    assert [outcome.events for outcome in retry(place)] == [2]
    assert place.rows("SELECT message FROM event WHERE message IN ('one', 'two') ORDER BY byte_offset") == [
        ("one",), ("two",)
    ]  # fmt: skip


def test_a_record_without_a_time_takes_that_of_the_line_before(place: Place) -> None:
    bad = UNTIMED.replace(b"event_type", b"event_typo")
    path = place.write("a.jsonl", long_log() + bad + long_log())
    place.ingest()
    mend_in_place(path, bad, UNTIMED)
    retry(place)
    times = place.rows("SELECT DISTINCT ts_us FROM event WHERE message IN ('untimed', 'filler 059')")
    assert len(times) == 1


def test_a_damaged_compressed_file_is_read_on_once(place: Place) -> None:
    first, second = gzip.compress(ABC + MENDED[:20], mtime=0), gzip.compress(MENDED[20:] + line("last"), mtime=0)
    place.write("a.jsonl.gz", first + b"no gzip at all" * 20)
    place.ingest()
    before = place.messages()
    assert before == ["a", "b", "c"]
    assert len(ids(place)) == 1
    assert [outcome.read for outcome in retry(place)] == [False] * len(ids(place))
    assert place.messages() == before
    place.write("a.jsonl.gz", first + second)
    place.ingest()
    stored = place.messages()
    assert stored == ["a", "b", "bad", "c", "last"]
    assert [(outcome.read, outcome.events) for outcome in retry(place)] == [(True, 0)]
    assert place.messages() == stored


def test_a_broken_document_that_is_mended_leaves_the_quarantine_by_itself(place: Place) -> None:
    place.write("a.json", b'[{"event_type":"agent.message","message":"a"}, {"event_type":"agent.mess')
    place.ingest()
    assert len(ids(place)) == 1
    place.write("a.json", b"[" + line("a") + b"," + line("b") + b"]")
    place.ingest()
    assert place.messages() == ["a", "b"]
    assert ids(place) == []


def test_a_broken_document_stays_while_it_is_broken(place: Place) -> None:
    place.write("a.json", b"[" + line("a") + b", oh")
    place.ingest()
    [outcome] = retry(place)
    assert not outcome.read
    assert outcome.how.startswith("cut off") or "not JSON" in outcome.how
    assert place.messages() == []


def test_a_record_of_a_document_is_read_with_a_newer_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = orjson.loads(BAD), orjson.loads(line("good"))
    place.write("a.json", orjson.dumps([bad, good, bad]))
    place.ingest()
    numbers = ids(place)
    monkeypatch.setattr(retry_service, "record_tools", newer_tools)
    assert [one.events for one in retry_records(place.store, numbers[:1], IngestSettings())] == [1]
    assert place.messages() == ["bad", "good"]
    assert [one.events for one in retry_records(place.store, numbers[1:], IngestSettings())] == [1]
    assert place.messages() == ["bad", "bad", "good"]
    assert ids(place) == []
    place.write("a.json", orjson.dumps([bad, good, bad], option=orjson.OPT_INDENT_2))
    place.ingest()
    assert place.messages() == ["bad", "bad", "good"]


def test_a_mended_record_of_a_document_is_released_and_a_dropped_one_is_kept(place: Place) -> None:
    bad, good = orjson.loads(BAD), orjson.loads(line("good"))
    place.write("a.json", orjson.dumps([good, bad, {"nothing": "of the kind"}]))
    place.ingest()
    place.write("a.json", orjson.dumps([good, orjson.loads(MENDED)]))
    place.ingest()
    assert place.messages() == ["bad", "good"]
    assert len(ids(place)) == 2
    mended, dropped = retry(place)
    assert (mended.read, mended.how) == (True, "mended, and read with its file already")
    assert not dropped.read
    assert "does not stand in its file any more" in dropped.how
    assert place.messages() == ["bad", "good"]


def test_touching_a_document_releases_nothing(place: Place) -> None:
    path = place.write("a.json", BAD)
    place.ingest()
    os.utime(path, ns=(0, 0))
    place.ingest()
    assert len(ids(place)) == 1
    assert place.messages() == []


def test_a_single_bad_object_that_is_mended_leaves_by_itself(place: Place) -> None:
    place.write("a.json", BAD)
    place.ingest()
    place.replace("a.json", MENDED)
    place.ingest()
    assert place.messages() == ["bad"]
    assert ids(place) == []


def test_a_record_that_somebody_took_out_meanwhile_is_not_stored(place: Place) -> None:
    place.write("a.jsonl", BAD)
    place.ingest()
    with Store.open(place.store) as store:
        [(number, at_us)] = place.rows("SELECT id, at_us FROM quarantine")
        batch = SourceBatch(1, 0, "native", [NewEvent(event_type="agent.message", digest=b"0" * 10, ts_us=1)])
        batch.released = [(number, at_us), (number + 1, at_us)]
        with pytest.raises(QuarantineChangedError):
            store.append([batch])
    assert place.messages() == []
    assert len(ids(place)) == 1


@pytest.mark.parametrize(
    ("kept", "now", "alike"),
    [
        (b"abcdefgh", b"abXdefgh", True),
        (b"abcdefgh", b"abcdefgh!", True),
        (b"abcd", b"wxyz", False),
        (b"", b"x", False),
    ],
)
def test_bytes_resemble_each_other_where_half_of_them_is_the_same(kept: bytes, now: bytes, alike: bool) -> None:
    assert resembles(kept, now) is alike
