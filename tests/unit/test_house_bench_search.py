"""The search benchmark asks what it says: of the events that it made, and the same in every language."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import orjson
import pytest

from config.settings import IngestSettings
from ingest.service import ingest_once
from store.reader import StoreReader
from tests.bench.bench_search import deep_page, first_page
from tests.bench.long_history import RARE_AGENT, RARE_WORD, LongHistory, long_history
from tests.bench.search_questions import ABSENT_WORD, Question, look_round, questions

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS = 3_000
END_US = 1_769_509_800_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> LongHistory:
    return long_history(tmp_path_factory.mktemp("search") / "history", EVENTS, END_US)


@pytest.fixture(scope="module")
def reader(made: LongHistory) -> Iterator[StoreReader]:
    store = made.folder.parent / "store.db"
    ingest_once(store, [bytes(made.folder)], IngestSettings())
    with closing(StoreReader.open(store)) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(reader: StoreReader) -> list[Question]:
    return questions(look_round(reader))


def test_the_history_is_whole_and_has_a_rare_agent(made: LongHistory) -> None:
    events = [orjson.loads(line) for path in made.files for line in path.read_bytes().splitlines()]
    rare = [event for event in events if event.get("agent_id") == RARE_AGENT]
    assert len(events) == EVENTS
    assert 0 < len(rare) < EVENTS / 4
    assert any(RARE_WORD in event["message"] for event in rare if event["event_type"] == "agent.response")


def test_a_history_is_made_once(made: LongHistory) -> None:
    before = [path.stat().st_ino for path in made.files]
    assert long_history(made.folder, EVENTS) == made
    assert [path.stat().st_ino for path in made.files] == before


def test_there_are_twenty_filters_and_only_the_absent_word_finds_nothing(
    reader: StoreReader, asked: list[Question]
) -> None:
    empty = [question.ours for question in asked if not first_page(reader, question)]
    assert len({question.ours for question in asked}) == 20
    assert empty == [ABSENT_WORD]


def test_pages_are_what_the_lines_say(made: LongHistory, reader: StoreReader, asked: list[Question]) -> None:
    lines = [line for path in made.files for line in path.read_text("utf-8").splitlines()]
    with closing(sqlite3.connect(":memory:")) as reference:
        reference.execute("CREATE TABLE line (log_time, log_raw_text)")
        told = ((_sql_time(orjson.loads(line)["timestamp"]), line) for line in lines)
        reference.executemany("INSERT INTO line VALUES (?, ?)", told)
        for question in asked:
            times = f"SELECT log_time FROM line WHERE {question.lnav} ORDER BY log_time DESC LIMIT 200"
            expected = [_us(reference, at) for (at,) in reference.execute(times)]
            assert first_page(reader, question) == expected, question.name
            assert set(deep_page(reader, question)) <= _all(reference, question), question.name


def _sql_time(stamp: str) -> str:
    """Return a time of a line (ending in milliseconds and Z) as the questions compare it."""
    assert re.fullmatch(r".{23}Z", stamp)
    return f"{stamp[:10]} {stamp[11:23]}000"


def _us(reference: sqlite3.Connection, at: str) -> int:
    seconds, _, micro = at.partition(".")
    (whole,) = reference.execute("SELECT unixepoch(?)", (seconds,)).fetchone()
    return whole * 1_000_000 + int(micro)


def _all(reference: sqlite3.Connection, question: Question) -> set[int]:
    return {_us(reference, at) for (at,) in reference.execute(f"SELECT log_time FROM line WHERE {question.lnav}")}
