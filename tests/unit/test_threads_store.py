"""Threads out of a real store: what is found by which id, what is joined to it, and what is not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from store.query.thread import Threads
from store.store import Store
from store.threads.model import Level, Thread
from tests.events import BASE_US, SECOND, add_source, batch, call, line, open_reader, open_store, result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.events import NewEvent


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def put(store: Store, *events: NewEvent, form: str = "native") -> None:
    """Store events of one file."""
    store.append([batch(add_source(store, f"/logs/{form}".encode()), *events, format=form)])


def found(folder: Path, message: str, level: Level | None = None, *tenants: str) -> Thread | None:
    """Return the thread of the event with that message."""
    reader = open_reader(folder, *tenants)
    with open_store(folder) as store:
        row_id = store.connection.execute("SELECT id FROM event WHERE message = ?", (message,)).fetchone()[0]
    try:
        return reader.threads.thread(row_id, level)
    finally:
        reader.close()


def thread_of(folder: Path, message: str, level: Level | None = None) -> Thread:
    thread = found(folder, message, level)
    assert thread is not None
    return thread


def messages(thread: Thread) -> list[str | None]:
    return [row.event.message for row in thread.rows]


def said(text: str, seconds: int, **ids: Any) -> NewEvent:
    return line(text, BASE_US + seconds * SECOND, **ids)


def test_the_narrowest_id_comes_first_and_each_has_its_wider_one(store: Store, tmp_path: Path) -> None:
    put(
        store,
        said("a", 0, request_id="r", trace_id="t", session_id="s"),
        said("b", 1, request_id="r", trace_id="t", session_id="s"),
        said("c", 2, request_id="r2", trace_id="t", session_id="s"),
        said("d", 3, session_id="s"),
        said("e", 4, session_id="other"),
    )
    wanted = {
        None: (Level.REQUEST, "r", ["a", "b"], Level.TRACE),
        Level.REQUEST: (Level.REQUEST, "r", ["a", "b"], Level.TRACE),
        Level.TRACE: (Level.TRACE, "t", ["a", "b", "c"], Level.SESSION),
        Level.SESSION: (Level.SESSION, "s", ["a", "b", "c", "d"], None),
        Level.JOINED: (Level.SESSION, "s", ["a", "b", "c", "d"], None),
    }
    for level, expected in wanted.items():
        thread = thread_of(tmp_path, "a", level)
        assert (thread.level, thread.key, messages(thread), thread.wider) == expected
    assert thread_of(tmp_path, "d", Level.REQUEST).level is Level.SESSION


def test_an_event_with_no_id_stands_alone_and_a_call_has_its_result(store: Store, tmp_path: Path) -> None:
    put(store, said("alone", 0), call("c", message="asks"), result("c", message="answers"))
    alone = thread_of(tmp_path, "alone")
    assert (alone.level, alone.key, messages(alone)) == (Level.CALL, "", ["alone"])
    pair = thread_of(tmp_path, "answers")
    assert (pair.level, pair.key, messages(pair), pair.at) == (Level.CALL, "c", ["asks", "answers"], 1)
    assert [row.depth for row in pair.rows] == [0, 1]
    assert pair.rows[0].took_us == SECOND


def test_what_another_source_saw_of_a_call_is_shown_with_it(store: Store, tmp_path: Path) -> None:
    put(store, call("c", message="asks", request_id="r", session_id="s"), result("c", message="answers"))
    put(store, call("c", message="seen", output_tokens=7), form="claude_hooks")
    thread = thread_of(tmp_path, "asks")
    assert messages(thread) == ["asks", "answers"]
    assert [(sight.event.message, sight.format) for sight in thread.rows[0].sights] == [("seen", "claude_hooks")]
    assert thread.totals.events == 2
    assert thread_of(tmp_path, "seen").rows[0].event.message == "asks"


def test_a_short_call_id_of_another_session_is_another_call(store: Store, tmp_path: Path) -> None:
    put(
        store,
        call("1", message="mine", session_id="s", call_scope="s"),
        result("1", BASE_US + 5 * SECOND, message="theirs", session_id="other", call_scope="other"),
    )
    thread = thread_of(tmp_path, "mine")
    assert messages(thread) == ["mine"]
    assert not thread.rows[0].answered


def test_sessions_are_joined_by_a_trace_and_by_the_call_that_started_one(store: Store, tmp_path: Path) -> None:
    put(
        store,
        said("asks", 0, session_id="main", trace_id="t"),
        call("start", BASE_US + SECOND, message="starts", session_id="main"),
        said("works", 2, session_id="child", agent_id="kid", parent_id="start"),
        said("goes on", 3, session_id="later", trace_id="t"),
        said("else", 4, session_id="else"),
    )
    main = thread_of(tmp_path, "asks", Level.SESSION)
    assert (messages(main), main.wider) == (["asks", "starts"], Level.JOINED)
    joined = thread_of(tmp_path, "asks", Level.JOINED)
    assert (joined.level, messages(joined), joined.wider) == (Level.JOINED, ["asks", "starts", "goes on"], None)
    assert joined.sessions == ("main", "later")
    child = thread_of(tmp_path, "works", Level.SESSION)
    assert (messages(child), child.wider) == (["works"], Level.JOINED)
    widest = thread_of(tmp_path, "works", Level.JOINED)
    assert messages(widest) == ["asks", "starts", "works"]
    assert [row.depth for row in widest.rows] == [0, 0, 1]


def test_a_call_that_names_its_agent_joins_that_agents_session(store: Store, tmp_path: Path) -> None:
    starter = call("start", message="starts", session_id="main", agent_id="a", tool="Task")
    answer = result("start", message="ends", session_id="main", agent_id="a", metadata={"child_agent_id": "kid"})
    put(store, starter, answer, said("works", 0, session_id="child", agent_id="kid"))
    joined = thread_of(tmp_path, "starts", Level.JOINED)
    assert messages(joined) == ["starts", "works", "ends"]
    assert [row.depth for row in joined.rows] == [0, 1, 1]


@pytest.mark.parametrize(
    ("asked", "shown"), [(0, range(10)), (3, range(10)), (20, range(16, 26)), (38, range(30, 40)), (39, range(30, 40))]
)
def test_a_thread_that_is_too_long_is_shown_around_its_event(
    store: Store, tmp_path: Path, asked: int, shown: range
) -> None:
    put(store, *(said(str(number), number, session_id="s") for number in range(40)))
    reader = open_reader(tmp_path)
    row_id = store.connection.execute("SELECT id FROM event WHERE message = ?", (str(asked),)).fetchone()[0]
    access = reader._access  # pyright: ignore[reportPrivateUsage]  (with the real bound it would take minutes)
    thread = Threads(access, bound=10).thread(row_id)
    whole = Threads(access, bound=40).thread(row_id)
    reader.close()
    assert thread is not None
    assert whole is not None
    assert messages(thread) == [str(number) for number in shown]
    assert thread.cut
    assert not whole.cut


def test_other_tenants_are_not_seen(store: Store, tmp_path: Path) -> None:
    put(
        store,
        said("ours", 0, tenant_id="acme", session_id="s", trace_id="t"),
        said("theirs", 1, tenant_id="hooli", session_id="s", trace_id="t"),
        said("elsewhere", 2, tenant_id="hooli", session_id="s2", trace_id="t"),
        said("nobody's", 3, session_id="s"),
    )
    for level in (None, Level.TRACE, Level.SESSION, Level.JOINED):
        thread = found(tmp_path, "ours", level, "acme")
        assert thread is not None
        assert messages(thread) == ["ours"]
        assert thread.wider in (None, Level.SESSION)
    assert found(tmp_path, "theirs", None, "acme") is None
    assert found(tmp_path, "nobody's", None, "acme") is None


@pytest.mark.parametrize("value", ['"', 'x" OR "y', "a-b", "a_b", "§s", "NEAR(a b)", "*", "é" * 90, "''"])
def test_any_text_can_be_an_id(store: Store, tmp_path: Path, value: str) -> None:
    put(store, said("one", 0, session_id=value), said("two", 1, session_id=value), said("three", 2, session_id="x"))
    assert messages(thread_of(tmp_path, "one")) == ["one", "two"]


def test_ids_that_share_a_token_are_told_apart(store: Store, tmp_path: Path) -> None:
    put(store, said("one", 0, session_id="a-b"), said("two", 1, session_id="a_b"))
    assert messages(thread_of(tmp_path, "one")) == ["one"]


def test_users_tenants_and_totals(store: Store, tmp_path: Path) -> None:
    put(
        store,
        said("a", 0, session_id="s", user_id="ann", tenant_id="acme", input_tokens=5, cost_microusd=10),
        said("b", 1, session_id="s", user_id="bob", event_type="agent.error", output_tokens=7),
        said("c", 2, session_id="s", user_id="ann", status="denied", cache_read_tokens=11, cost_microusd=20),
    )
    thread = thread_of(tmp_path, "b")
    assert (thread.users, thread.tenants, thread.sessions) == (("ann", "bob"), ("acme",), ("s",))
    totals = thread.totals
    assert (totals.events, totals.errors, totals.denials, totals.cost_microusd) == (3, 1, 1, 30)
    assert (totals.tokens.input, totals.tokens.output, totals.tokens.cache_read, totals.tokens.total) == (5, 7, 11, 23)
    assert (thread.start_us, thread.wall_us, thread.at) == (BASE_US, 2 * SECOND, 1)


def test_an_event_that_is_gone_has_none(store: Store, tmp_path: Path) -> None:
    put(store, said("a", 0, session_id="s"))
    reader = open_reader(tmp_path)
    assert reader.threads.thread(12345) is None
    reader.close()
