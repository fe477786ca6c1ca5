"""What a file gives: once, whatever happens to the file, and with a reason where it gives nothing."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import orjson
import pytest

from ingest.containers.lines import LINE_LIMIT
from store.store import Store
from tests.ingest_place import Place, line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


ABC = line("a") + line("b") + line("c")


def test_a_file_twice_adds_nothing(place: Place) -> None:
    place.write("a.jsonl", ABC + ABC)
    assert place.ingest().events == 6
    assert place.ingest().events == 0
    assert place.messages() == ["a", "a", "b", "b", "c", "c"]


def test_what_a_file_grows_by_is_read(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.append("a.jsonl", line("a"))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "a", "b", "c"]


def test_half_a_line_waits_for_its_other_half(place: Place) -> None:
    place.write("a.jsonl", line("a") + line("b")[:20])
    assert place.ingest().unfinished == 1
    assert place.messages() == ["a"]
    place.append("a.jsonl", line("b")[20:])
    assert place.ingest().unfinished == 0
    assert place.messages() == ["a", "b"]


def test_a_whole_value_without_its_newline_is_taken_once(place: Place) -> None:
    place.write("a.jsonl", line("a") + line("b").rstrip())
    assert place.ingest().events == 2
    place.append("a.jsonl", b"\r\n" + line("c") + b'{"event_type": 7}\n')
    assert place.ingest().events == 1
    assert place.messages() == ["a", "b", "c"]
    assert place.rows("SELECT line FROM quarantine") == [(4,)]


def test_rename_rotation_repeats_nothing(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.append("a.jsonl", line("late"))
    (place.folder / "a.jsonl").rename(place.folder / "a.jsonl.1")
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 2
    assert place.messages() == ["a", "a", "b", "c", "late"]


def test_copytruncate_reads_what_only_the_copy_has(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.append("a.jsonl", line("late"))
    shutil.copy(place.folder / "a.jsonl", place.folder / "a.jsonl.1")
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 2
    assert place.ingest().events == 0
    assert place.messages() == ["a", "a", "b", "c", "late"]


def test_a_copy_of_a_truncated_file_that_is_found_later_repeats_nothing(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.write("a.jsonl", line("d"))
    place.ingest()
    place.write("elsewhere.jsonl", ABC + line("e"))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "b", "c", "d", "e"]


def test_truncation_begins_a_new_generation(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 1
    place.write("a.jsonl", line("b") + ABC)
    assert place.ingest().events == 4
    assert place.messages() == ["a", "a", "a", "b", "b", "b", "c", "c"]


def test_a_rewritten_file_of_many_chunks_is_read_to_its_end(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.write("a.jsonl", b"".join(line(str(number), text="x" * 1000) for number in range(2500)))
    assert place.ingest().events == 2500


def test_a_generation_that_was_begun_but_not_stored_is_not_used_again(place: Place) -> None:
    place.write("a.jsonl", line("a") + line("a"))
    place.ingest()
    with Store.open(place.store) as store:
        [known] = store.sources.known()
        store.sources.add_many([(known.folder_no, known.path, known.lineage)])
        store.sources.mark_gone([known.source_no])
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 1
    assert len(place.rows("SELECT DISTINCT digest, occurrence FROM event")) == 3


def test_truncate_and_regrow_beyond_the_offset_is_noticed(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    place.write("a.jsonl", b"".join(line(text) for text in "vwxyz"))
    assert place.ingest().events == 5


def test_an_atomic_rewrite_of_a_line_file_adds_only_its_end(place: Place) -> None:
    place.replace("a.jsonl", ABC)
    place.ingest()
    place.replace("a.jsonl", ABC + line("d"))
    assert place.ingest().events == 1
    assert place.ingest().events == 0


def test_an_inode_that_another_file_took_over_hides_nothing(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    kept = (place.folder / "a.jsonl").stat().st_ino
    place.replace("a.jsonl", ABC + line("d"))
    place.write("b.jsonl", line("e") + line("f"))
    place.ingest()
    assert place.messages() == ["a", "b", "c", "d", "e", "f"]
    assert kept != (place.folder / "a.jsonl").stat().st_ino


@pytest.mark.parametrize("write", ["write", "replace"])
def test_a_rewritten_array_adds_only_new_elements(place: Place, write: str) -> None:
    put = getattr(place, write)
    one, two = orjson.loads(line("one")), orjson.loads(line("two"))
    put("a.json", orjson.dumps([one, one]))
    assert place.ingest().events == 2
    put("a.json", orjson.dumps([two, one, one, one], option=orjson.OPT_INDENT_2))
    assert place.ingest().events == 2
    put("a.json", orjson.dumps([two]))
    assert place.ingest().events == 0
    assert place.messages() == ["one", "one", "one", "two"]


def test_a_bad_element_is_quarantined_once_however_often_the_array_is_rewritten(place: Place) -> None:
    bad, good = {"no": "event"}, orjson.loads(line("good"))
    for count in range(1, 4):
        place.write("a.json", orjson.dumps([bad, *[good] * count]))
        place.ingest()
    assert len(place.reasons()) == 1
    assert place.messages() == ["good"] * 3


@pytest.mark.parametrize("key", ["events", "logs"])
def test_wrapped_and_indented_documents_are_read(place: Place, key: str) -> None:
    document = {"version": 1, key: [orjson.loads(line("ä")), orjson.loads(line("b"))]}
    path = place.write("a.json", b"\xef\xbb\xbf" + orjson.dumps(document, option=orjson.OPT_INDENT_2))
    assert place.ingest().events == 2
    data = path.read_bytes()
    for offset, message in place.rows("SELECT byte_offset, message FROM event"):
        element = data[offset:]
        assert element.startswith(b"{")
        assert message.encode() in element[: element.index(b"}")]


def test_a_json_file_of_lines_is_known_by_its_content(place: Place) -> None:
    place.write("a.json", ABC)
    assert place.ingest().events == 3
    place.append("a.json", line("d"))
    assert place.ingest().events == 1


def test_a_document_that_grows_lines_is_not_repeated(place: Place) -> None:
    place.write("a.json", line("a"))
    place.ingest()
    place.append("a.json", line("a") + line("b"))
    assert place.ingest().events == 2
    place.append("a.json", line("c"))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "a", "b", "c"]


def test_equal_single_record_files_of_different_names_are_different_events(place: Place) -> None:
    for name in ("a.json", "b.json", "a.jsonl", "b.jsonl"):
        place.write(name, line("x"))
    assert place.ingest().events == 4


def test_a_single_record_file_that_is_restored_adds_nothing(place: Place) -> None:
    path = place.write("a.json", line("x"))
    place.ingest()
    path.rename(place.folder.parent / "kept")
    place.ingest()
    place.write("a.json", line("x"))
    assert place.ingest().events == 0
    place.write("b.json", line("x"))
    assert place.ingest().events == 1


@pytest.mark.parametrize("name", ["b.jsonl", "b.json"])
def test_a_live_copy_adds_nothing_until_it_grows(place: Place, name: str) -> None:
    place.write("a" + name[1:], ABC)
    place.write(name, ABC)
    assert place.ingest().events == 3
    place.append(name, line("own"))
    assert place.ingest().events == 1
    place.append("a" + name[1:], line("own"))
    assert place.ingest().events == 1


def test_copies_that_come_together_are_read_once(place: Place) -> None:
    big = b"".join(line(str(number), metadata={"text": "x" * 900}) for number in range(3000))
    for name in ("one", "two", "three"):
        place.write(f"{name}.jsonl", big)
    assert place.ingest().events == 3000


def test_moved_folders_and_hard_links_repeat_nothing(place: Place) -> None:
    (place.folder / "sub").mkdir()
    place.write("sub/a.jsonl", ABC)
    place.ingest()
    (place.folder / "sub").rename(place.folder / "moved")
    os.link(place.folder / "moved/a.jsonl", place.folder / "link.jsonl")
    assert place.ingest().events == 0
    place.append("moved/a.jsonl", line("d"))
    assert place.ingest().events == 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"some":"object"}\n', "no event_type and no known format"),
        (b"[1]\n", "not a JSON object but an array"),
        (b'{"event_type":"a.b","cut\n', "cut off"),
        (b'{"event_type":"a.b","x":"\xff"}\n', "not UTF-8"),
        (b'{"event_type":"a.b","user_id":1,"user_id":2}\n', 'the key "user_id" is given twice'),
        (b'{"event_type":"a.b","user_id" :1,"user_id":2}\n', 'the key "user_id" is given twice'),
        (b'{"event_type":"a.b","x":' + b"[" * 80 + b"]" * 80 + b"}\n", "nested deeper"),
    ],
)
def test_a_bad_line_is_quarantined_and_the_rest_is_read(place: Place, raw: bytes, reason: str) -> None:
    place.write("a.jsonl", line("before") + raw + line("after"))
    summary = place.ingest()
    assert (summary.events, summary.quarantined) == (2, 1)
    [(found, at, offset, kept)] = place.rows("SELECT reason, line, byte_offset, raw FROM quarantine")
    assert found.startswith(reason)
    assert (at, offset, kept) == (2, len(line("before")), raw.rstrip(b"\n"))


def test_mended_records_say_so(place: Place) -> None:
    place.write(
        "a.jsonl", b"\xef\xbb\xbf" + line("a\\").replace(b"a\\\\", b"a\\ud800\\u0000") + b"\x00\x00" + line("b")
    )
    place.ingest()
    found = {row[0]: orjson.loads(row[1]) for row in place.rows("SELECT message, metadata FROM event")}
    assert found == {"a\ufffd\ufffd": {"repaired": ["lone surrogate", "NUL"]}, "b": {"repaired": ["NUL"]}}


def test_an_integer_beyond_64_bits_is_kept_as_text(place: Place) -> None:
    place.write("a.jsonl", line("x", metadata={}).replace(b"{}", b'{"n":123456789012345678901234567890}'))
    place.ingest()
    assert orjson.loads(place.rows("SELECT metadata FROM event")[0][0]) == {"n": "123456789012345678901234567890"}


def test_a_line_beyond_the_limit_leaves_a_marker(place: Place) -> None:
    whole = line("x" * (LINE_LIMIT - len(line("")) + 1))
    assert len(whole) == LINE_LIMIT + 1
    long = line("y" * LINE_LIMIT)
    place.write("a.jsonl", whole + long + line("after"))
    assert place.ingest().events == 3
    types = place.rows("SELECT name.text, event.metadata FROM event JOIN name ON name.id = event.type_no ORDER BY seq")
    assert [row[0] for row in types] == ["agent.message", "system.oversized_record", "agent.message"]
    marker = orjson.loads(types[1][1])
    assert marker["size"] == len(long) - 1
    assert long.decode().startswith(marker["prefix"])
    assert place.ingest().events == 0


def test_an_unfinished_long_line_waits(place: Place) -> None:
    place.write("a.jsonl", line("y" * LINE_LIMIT).rstrip())
    assert place.ingest().events == 0
    place.append("a.jsonl", b"\n")
    assert place.ingest().events == 1


def test_a_broken_document_is_quarantined_and_read_when_it_is_mended(place: Place) -> None:
    whole = orjson.dumps([orjson.loads(line("a")), orjson.loads(line("b"))])
    place.write("a.json", whole[:-10])
    assert place.ingest().quarantined == 1
    assert place.ingest().quarantined == 0
    place.write("a.json", whole)
    assert place.ingest().events == 2


def test_only_files_of_the_right_names_are_read(place: Place) -> None:
    read = ["a.json", "b.JSONL", "c.ndjson", "d.jsonl.1", "e.json-20260127", "f.jsonl.2026-01-27"]
    passed = [".a.json", "a.json.tmp", "b.jsonl.part", "c.json~", "d.txt", "e.json.bak", "json"]
    for name in (*read, *passed):
        place.write(name, line(name))
    (place.folder / ".hidden").mkdir()
    place.write(".hidden/x.jsonl", line("hidden"))
    place.ingest()
    assert place.messages() == sorted(read)
    place.ingest("d.txt")
    assert "d.txt" in place.messages()


def test_settings_include_and_exclude_names(place: Place) -> None:
    place.settings = place.settings.model_copy(update={"include": ("*.log",), "exclude": ("secret*",)})
    for name in ("a.log", "b.jsonl", "secret.jsonl", "secret.log"):
        place.write(name, line(name))
    place.ingest()
    assert place.messages() == ["a.log", "b.jsonl"]


def test_what_is_no_plain_file_is_passed_over(place: Place) -> None:
    outside = place.folder.parent / "outside.jsonl"
    outside.write_bytes(line("outside"))
    os.mkfifo(place.folder / "pipe.jsonl")
    (place.folder / "link.jsonl").symlink_to(outside)
    (place.folder / "loop").symlink_to(place.folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place.folder / "socket.jsonl"))
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 1


def test_a_name_that_is_not_utf8_is_read(place: Place) -> None:
    place.write(os.fsdecode(b"\xff\xfe.jsonl"), line("x"))
    assert place.ingest().events == 1


def test_missing_paths_are_told(place: Place) -> None:
    place.write("a.jsonl", line("a"))
    summary = place.ingest("a.jsonl", "absent.jsonl")
    assert (summary.events, summary.unreadable) == (1, 1)
    assert "absent.jsonl: it is not there any more" in summary.problems[0]


def test_records_without_time_take_it_from_the_one_before(place: Place) -> None:
    untimed = b'{"event_type":"agent.message","message":"later"}\n'
    place.write("a.jsonl", line("first") + untimed)
    place.ingest()
    rows = place.rows("SELECT message, ts_us, metadata FROM event ORDER BY byte_offset")
    assert rows[1][1] == rows[0][1]
    assert orjson.loads(rows[1][2]) == {"ts_inferred": True}


def test_the_first_record_without_time_takes_the_files(place: Place) -> None:
    path = place.write("a.json", b'{"event_type":"agent.message"}')
    os.utime(path, ns=(0, 1_700_000_000_123_456_000))
    place.ingest()
    assert place.rows("SELECT ts_us FROM event") == [(1_700_000_000_123_456,)]


def test_the_settings_fill_in_user_and_tenant(place: Place) -> None:
    place.settings = place.settings.model_copy(update={"user": "me", "tenant": "mine"})
    place.write("a.jsonl", line("stated", user_id="other", tenant_id="theirs") + line("unstated"))
    place.ingest()
    sql = (
        "SELECT message, u.text, t.text FROM event"
        " JOIN name u ON u.id = user_no JOIN name t ON t.id = tenant_no ORDER BY byte_offset"
    )
    assert place.rows(sql) == [("stated", "other", "theirs"), ("unstated", "me", "mine")]
