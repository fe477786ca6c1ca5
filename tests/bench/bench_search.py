"""How fast the twenty filters answer on ten million events, beside DuckDB and lnav asked the same on the same files."""

from __future__ import annotations

import json
import shutil
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from store.filters.model import Filter
from store.reader import StoreReader
from tests.bench import peer_lnav
from tests.bench.figures import middle, print_table
from tests.bench.long_history import LongHistory, long_history
from tests.bench.place import AUDITAIL
from tests.bench.search_questions import Question, look_round, questions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.place import Place

PAGE: Final = 200
"""Events that the dashboard asks for at once; everybody is asked for as many."""
DUCKDB_ROUNDS: Final = 5
_GB: Final = 1e9
_FEW_MS: Final = 10
_BYTES_PER_EVENT: Final = 1_700
"""Of the files, our store, DuckDB's and what it sorts in, together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many events; rounds of our own questions; seconds that lnav may take for one; where everything may stay."""

    events: int = 10_000_000
    rounds: int = 15
    lnav_s: float = 120.0
    kept: Path | None = None


@dataclass(slots=True)
class Answer:
    """Times of the events of both pages, newest first (UTC microseconds), and seconds by round."""

    first: list[int]
    deep: list[int]
    first_s: list[float] = field(default_factory=list[float])
    deep_s: list[float] = field(default_factory=list[float])
    matches: int = 0
    """How many events there are in all; only DuckDB is asked."""


def filter_of(query: str) -> Filter:
    """Return what a person's query asks for."""
    return Filter.parsed(query)


def first_page(reader: StoreReader, question: Question) -> list[int]:
    """Ask as the dashboard does when a filter is entered; return the events' times, newest first."""
    reader.last_seq()
    page = reader.newest(filter_of(question.ours), PAGE)
    return [row.ts_us for row in reversed(page.rows)]


def deep_page(reader: StoreReader, question: Question) -> list[int]:
    """Ask as the dashboard does when somebody jumps to a time; return the events' times, newest first."""
    reader.last_seq()
    page = reader.at_time(filter_of(question.ours), question.middle_us, PAGE)
    return [row.ts_us for row in reversed(page.rows)]


def ask_ours(reader: StoreReader, asked: Sequence[Question], rounds: int) -> list[Answer]:
    """Ask every question once to warm what it reads, then once a round, all of them in turn."""
    answers = [Answer(first_page(reader, question), deep_page(reader, question)) for question in asked]
    for number in range(1, rounds + 1):
        print(f"search: auditail, round {number} of {rounds}", file=sys.stderr)
        for question, answer in zip(asked, answers, strict=True):
            begin = time.perf_counter()
            first_page(reader, question)
            half = time.perf_counter()
            deep_page(reader, question)
            answer.first_s.append(half - begin)
            answer.deep_s.append(time.perf_counter() - half)
    return answers


def ask_duckdb(place: Place, made: LongHistory, database: Path, asked: Sequence[Question]) -> list[Answer] | None:
    """Let DuckDB load the files, unless it has already, and answer; None where it is not installed."""
    if find_spec("duckdb") is None:
        print("search: DuckDB is not installed (make .venv/.bench does that)", file=sys.stderr)
        return None
    program = (sys.executable, "-m", "tests.bench.peer_duckdb")
    if not database.exists():
        print("search: DuckDB loads the files", file=sys.stderr)
        draft = database.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        seconds = place.run(*program, "load", draft, f"{made.folder}/*.jsonl")
        draft.rename(database)
        print(f"DuckDB loaded and sorted {made.events:,} events in {seconds:,.0f} s")
    print("search: DuckDB", file=sys.stderr)
    told = json.dumps([(question.duckdb, question.middle_us) for question in asked])
    answers = place.answer(*program, "ask", database, str(DUCKDB_ROUNDS), str(PAGE), told=told)
    return [Answer(**each) for each in json.loads(answers)]


def ask_lnav(place: Place, made: LongHistory, asked: Sequence[Question], limit_s: float) -> peer_lnav.Asked:
    """Let lnav answer, in the time it has."""
    if not peer_lnav.installed():
        print("search: lnav is not installed (Debian, Ubuntu: apt install lnav)", file=sys.stderr)
        return peer_lnav.Asked()
    told = [(question.name, question.lnav) for question in asked]
    answered = peer_lnav.ask(place, made, told, PAGE, limit_s)
    print(f"lnav read the files in {answered.load_s or 0:,.0f} s, as it does at every start")
    return answered


def made_ready(place: Place, wanted: Wanted) -> tuple[LongHistory, Path]:
    """Return the files, and our store of them; what is there already is taken as it is."""
    folder = wanted.kept or place.folder / "search"
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()) and shutil.disk_usage(folder).free < wanted.events * _BYTES_PER_EVENT:
        raise SystemExit(f"{folder} has not the {wanted.events * _BYTES_PER_EVENT / _GB:.0f} GB that this takes")
    made = long_history(folder / "history", wanted.events)
    store = folder / "store.db"
    print("search: filling the store", file=sys.stderr)
    seconds = place.run(*AUDITAIL, "ingest", "--store", store, made.folder)
    sizes = f"{made.bytes / _GB:.1f} GB of files, {store.stat().st_size / _GB:.1f} GB of store"
    print(
        f"{made.events:,} events, {sizes}; `auditail ingest` took {seconds:,.0f} s (little if it had been done before)"
    )
    return made, store


def bench(place: Place, wanted: Wanted, made: LongHistory, store: Path) -> None:
    """Print the table."""
    with closing(StoreReader.open(store)) as reader:
        print("search: looking for what to ask", file=sys.stderr)
        asked = questions(look_round(reader))
        ours = ask_ours(reader, asked, wanted.rounds)
    theirs = ask_duckdb(place, made, store.with_name("events.duckdb"), asked)
    lnavs = ask_lnav(place, made, asked, wanted.lnav_s)
    title = (
        f"Search in {made.events:,} events: ms, median (worst) of {wanted.rounds}; DuckDB of {DUCKDB_ROUNDS}, lnav once"
    )
    header = ["", "filter", "matches", "page", "deep page", "DuckDB: page", "deep page", "lnav: page"]
    each = zip(asked, ours, theirs or [None] * len(asked), strict=True)
    print_table(title, header, [_row(*one, lnavs.answers.get(one[0].name)) for one in each])
    medians = [middle(taken) for answer in ours for taken in (answer.first_s, answer.deep_s)]
    worst = max(seconds for answer in ours for taken in (answer.first_s, answer.deep_s) for seconds in taken)
    print(f"\nhighest median {_ms(max(medians))} ms (wanted 20), worst {_ms(worst)} ms (wanted 100)")
    print_comparison(asked, ours, theirs, lnavs)


def print_comparison(
    asked: Sequence[Question], ours: Sequence[Answer], theirs: Sequence[Answer] | None, lnavs: peer_lnav.Asked
) -> None:
    """Print where the others found other events than we did."""
    equal, different = 0, list[str]()
    for number, (question, answer) in enumerate(zip(asked, ours, strict=True)):
        told = [("lnav", lnavs.answers[question.name][1], answer.first)] if question.name in lnavs.answers else []
        if theirs is not None:
            told += [("DuckDB", theirs[number].first, answer.first), ("DuckDB", theirs[number].deep, answer.deep)]
        different += [f"{name} answers otherwise: {question.ours}" for name, its, our in told if its != our]
        equal += sum(its == our for _, its, our in told)
    print("\n".join([f"{equal} answers of others are the same as ours", *different]))


def _row(question: Question, ours: Answer, duckdb: Answer | None, lnav: tuple[float, list[int]] | None) -> list[str]:
    return [
        question.name,
        f"`{question.ours}`",
        "-" if duckdb is None else f"{duckdb.matches:,}",
        *(f"{_ms(middle(taken))} ({_ms(max(taken))})" for taken in (ours.first_s, ours.deep_s)),
        *(["-", "-"] if duckdb is None else [_ms(middle(taken)) for taken in (duckdb.first_s, duckdb.deep_s)]),
        "-" if lnav is None else _ms(lnav[0]),
    ]


def _ms(seconds: float) -> str:
    """Return milliseconds with two figures that mean something."""
    ms = seconds * 1000
    return f"{ms:,.1f}" if ms < _FEW_MS else f"{ms:,.0f}"
