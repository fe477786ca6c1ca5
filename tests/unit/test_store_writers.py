"""Several writers on one file, at once and in turn: numbers, names, and what readers see of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import pytest

from store import dialect, names
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.conftest import ROOT
from tests.events import BASE_US, SECOND, add_source, batch, line, open_reader, open_store, rows_of

_WRITER: Final = """
import sys
from pathlib import Path
from tests.events import BASE_US, add_source, batch, line, open_store
folder, name, rounds, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with open_store(folder) as store:
    source = add_source(store, name.encode())
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(rounds):
        store.append([batch(source, *(
            line(f"{name} {number} {k}", BASE_US + number * 1000, agent_id=f"agent {k}", user_id=f"{name} {number}")
            for k in range(size)
        ))])
"""


def start_writer(folder: Path, name: str, rounds: int, size: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(folder), name, str(rounds), str(size)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """They also create the store at once: each opens it before it is there."""
    with ExitStack() as running:
        writers = [running.enter_context(start_writer(tmp_path, name, 30, 5)) for name in ("one", "two", "three")]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            writer.communicate("go\n", timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with open_store(tmp_path) as store:
        assert [row[0] for row in rows_of(store, "seq")] == list(range(1, 451))
        assert len({row[0] for row in rows_of(store, "message")}) == 450
        assert store.connection.execute("SELECT sum(events) FROM minute_count").fetchone() == (450,)
        texts = store.connection.execute("SELECT kind, text FROM name").fetchall()
        assert len(texts) == len(set(texts))
        assert len([text for kind, text in texts if kind == names.NameKind.AGENT]) == 5
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_store_that_another_creates_meanwhile_is_no_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    asked: list[str] = []

    def create_before_the_second_question(statement: str) -> None:
        asked.append(statement)
        if len(asked) == 2:
            open_store(tmp_path).close()

    with closing(dialect.connect_writer(path)) as connection:
        connection.set_trace_callback(create_before_the_second_question)
        dialect.check_application(connection, path)
    assert len(asked) == 2


def test_threads_share_one_store(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, open_store(tmp_path) as other:
        sources = [add_source(store, str(number).encode()) for number in range(4)]

        def write(number: int) -> None:
            through = (store, other)[number % 2]
            for k in range(20):
                through.append([batch(sources[number], line(f"{number} {k}"), line(f"{number} {k}", event_id=str(k)))])

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seqs = [row[0] for row in rows_of(store, "seq")]
        ids = [row[0] for row in rows_of(store, "producer_id") if row[0] is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    assert sorted(ids) == sorted(str(k) for k in range(20))


def test_writers_in_turn_go_on_where_the_other_stopped(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        source = add_source(one)
        for number in range(6):
            writer = (one, two)[number % 2]
            writer.append([batch(source, line("same", agent_id="shared"), line(f"x {number}", agent_id=str(number)))])
        assert [row[0] for row in rows_of(one, "seq")] == list(range(1, 13))
        assert rows_of(one, "max(occurrence)") == [(5,)]
        assert rows_of(one, "count(DISTINCT agent_no)") == [(7,)]
        assert one.connection.execute("SELECT count(*) FROM name WHERE text = 'shared'").fetchone() == (1,)


def test_own_commits_do_not_cost_the_caches(tmp_path: Path) -> None:
    """What a writer has learnt must be forgotten after another's commit, and only then."""
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        source = add_source(one)
        asked: list[str] = []
        one.connection.set_trace_callback(asked.append)
        for number in range(4):
            if number == 2:
                two.append([batch(source, line("other"))])
            asked.clear()
            one.append([batch(source, line(f"x {number}", BASE_US + number * SECOND, agent_id="a"))])
            looked_up = sum("FROM name" in statement for statement in asked)
            assert looked_up == (4 if number in (0, 2) else 0)
            assert sum("BEGIN" in statement for statement in asked) == 1
        one.connection.set_trace_callback(None)


def test_more_names_than_fit_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_CACHE_LIMIT", 10)
    with open_store(tmp_path) as store:
        source = add_source(store)
        for start in range(0, 90, 30):
            events = [line(f"x {k}", BASE_US + k * SECOND, agent_id=f"a{k % 45}", user_id="u") for k in range(90)]
            store.append([batch(source, *events[start : start + 30])])
    reader = open_reader(tmp_path)
    for _ in range(2):
        for start in range(0, 90, 5):
            page = reader.newer(Filter(), reader.oldest(Filter(), start + 1).rows[-1].id - 1, 40)
            assert [row.agent_id for row in page.rows] == [f"a{k % 45}" for k in range(start, min(start + 40, 90))]
            assert {row.user_id for row in page.rows} == {"u"}
    assert len(reader.facet(Key.AGENT, Filter(), BASE_US, BASE_US + 90 * SECOND, 100)) == 45
    assert len(reader.newest(Filter.of(Clause(Key.AGENT, ("a1*",))), 100).rows) == 22
    reader.close()


def test_a_reader_sees_what_others_write(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        source = add_source(one)
        reader = open_reader(tmp_path)
        token, seq = reader.change_token(), 0
        for number, writer in enumerate((one, two, one)):
            assert reader.change_token() == token
            writer.append([batch(source, line(f"x {number}", BASE_US - number * SECOND, agent_id=f"new {number}"))])
            assert reader.change_token() != token
            token = reader.change_token()
            arrived = reader.arrivals(Filter(), seq, 10)
            assert [row.agent_id for row in arrived.rows] == [f"new {number}"]
            seq = arrived.last_seq
            assert reader.extent().events == seq == number + 1
        reader.close()
