"""Words and marks of the full text, ids and their text form, and text that is safe to show."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator

import pytest

from store import dialect, tokens
from store.events import STATUS_CODES, STATUS_NAMES, NewEvent, trouble_of
from store.ids import end_id_at, first_id_at, key_of, parse_derived_id, sort_ms
from store.safe_text import safe_text


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    dialect.create_full_text(connection)
    yield connection
    connection.close()


def finds(index: sqlite3.Connection, token: str) -> bool:
    return bool(index.execute("SELECT 1 FROM event_text WHERE event_text MATCH ?", (tokens.quoted(token),)).fetchall())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quota exceeded: 12_000 tokens!", ["quota", "exceeded", "12_000", "tokens"]),
        ("Straße · \uff21\uff22\uff23 ﬁle", ["strasse", "abc", "file"]),
        ("e\u0301tude", ["étude"]),
        ("日本語 テスト", ["日本語", "テスト"]),
        ("a\0b\x1b[31m", ["a", "b", "31m"]),
        ("§y1 \ud800x", ["y1", "x"]),
        ("-- ·", []),
    ],
)
def test_words_and_what_the_index_finds(index: sqlite3.Connection, text: str, expected: list[str]) -> None:
    assert tokens.words(text) == expected
    index.execute(dialect.INSERT_FULL_TEXT, (1, tokens.indexed_text(NewEvent(message=text))))
    assert all(finds(index, word) for word in expected)
    assert not finds(index, "absent")


def test_what_is_indexed_of_an_event(index: sqlite3.Connection) -> None:
    event = NewEvent(
        message="hello",
        tool="get_diff",
        status="denied",
        metadata={"key": "value", "list": ["inner", {"deep": "deepest"}], "number": 5},
        request_id="R-1",
        session_id="s 1/é",
        trace_id="x" * 65,
        call_id="",
    )
    index.execute(dialect.INSERT_FULL_TEXT, (1, tokens.indexed_text(event)))
    for word in ("hello", "get_diff", "denied", "value", "inner", "deepest"):
        assert finds(index, word), word
    for word in ("key", "deep", "number", "R", "r_1", "§"):
        assert not finds(index, word), word
    for kind, value in (("r", "R-1"), ("s", "s 1/é"), ("t", "x" * 65), ("c", "")):
        assert finds(index, tokens.id_token(kind, value)), kind
    assert not finds(index, tokens.id_token("r", "R-2"))


def test_only_the_beginning_of_a_long_text_is_indexed(index: sqlite3.Connection) -> None:
    event = NewEvent(message="first " + "x" * tokens.TEXT_LIMIT, metadata={"k": "beyond"}, request_id="r-1")
    index.execute(dialect.INSERT_FULL_TEXT, (1, tokens.indexed_text(event)))
    assert finds(index, "first")
    assert not finds(index, "beyond")
    assert finds(index, tokens.id_token("r", "r-1"))


@pytest.mark.parametrize("forged", ["§y1", "§y1 §a0", "\u00a7z2", "é §x1", "“§n3”"])
def test_no_text_can_pose_as_a_mark(index: sqlite3.Connection, forged: str) -> None:
    event = NewEvent(message=forged, tool=forged, metadata={"k": [forged]})
    index.execute(dialect.INSERT_FULL_TEXT, (1, tokens.indexed_text(event)))
    for mark in ("§y1", "§a0", "§z2", "§x1", "§n3", tokens.NOTHING):
        assert not finds(index, mark), mark


@pytest.mark.parametrize(
    ("bits", "event_type", "status"),
    [
        (0, "agent.message", "success"),
        (0, "agent.message", None),
        (0, "odd", "pending"),
        (1, "agent.message", "failure"),
        (1, "agent.message", "timeout"),
        (1, "agent.error", "success"),
        (1, "auth.failed", None),
        (2, "agent.message", "denied"),
        (2, "permission.denied", None),
        (3, "auth.failed", "denied"),
        (3, "permission.denied", "failure"),
    ],
)
def test_trouble_is_an_error_or_a_denial(bits: int, event_type: str, status: str | None) -> None:
    assert trouble_of(event_type, status) == bits


def test_status_numbers_and_names_agree() -> None:
    assert {name: code for code, name in enumerate(STATUS_NAMES)} == STATUS_CODES


@pytest.mark.parametrize(
    "text",
    ["", "x", "0" * 25, "0" * 27, "u" * 26, "0" * 26 + ".", "0" * 26 + ".0", "0" * 26 + ".01", "0" * 26 + ".x",
     "0" * 26 + "." + "9" * 5000, "0" * 26 + ".٣", "A" * 26, " " + "0" * 26],
)  # fmt: skip
def test_what_is_no_derived_id(text: str) -> None:
    assert parse_derived_id(text) is None


def test_bounds_of_a_time() -> None:
    for ts_us in (-5, 0, 999, 1000, 1_795_356_126_000_001, 4_102_444_800_000_000, 9_000_000_000_000_000):
        assert first_id_at(ts_us) <= sort_ms(ts_us) << 21 < end_id_at(ts_us + 1)
        assert (sort_ms(ts_us) + 1 << 21) - 1 < end_id_at(ts_us + 1) < 1 << 63


def test_parts_of_a_key_do_not_run_together() -> None:
    assert len({key_of(b"c", *parts) for parts in ((b"ab", b"c"), (b"a", b"bc"), (b"abc",), (b"abc", b""))}) == 4
    assert 0 <= key_of(b"c", b"x") < 1 << 63


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ünï “text” 日本 👍", "plain – ünï “text” 日本 👍"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\tb\r\nc\0\x7f", "a␉b␍␊c␀␡"),
        ("\x9b31m", "‹9b›31m"),
        ("\u202egnp.exe", "‹202e›gnp.exe"),
        ("zero\u200bwidth\ufeff", "zero‹200b›width‹feff›"),
        ("half \ud83d", "half ‹d83d›"),
        ("tag \U000e0041", "tag ‹e0041›"),
        ("[bold]not markup[/]", "[bold]not markup[/]"),
    ],
)
def test_what_is_not_visible_gets_a_mark(text: str, shown: str) -> None:
    assert safe_text(text) == shown


VISIBLE_FORMATS = frozenset(
    {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
)
"""Signs of category Cf that are drawn: Arabic, Syriac, Kaithi and Egyptian ones that stand around others."""


def test_no_control_and_no_invisible_format_comes_through() -> None:
    unsafe = [
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in VISIBLE_FORMATS
    ]
    assert len(unsafe) > 2000
    assert [hex(code) for code in unsafe if chr(code) in safe_text(chr(code))] == []
