"""Every field with every kind of value, one clause at a time, against plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from store.filters.clause import Clause
from store.filters.keys import FACET_KEYS, Key
from store.filters.model import Filter
from store.reader import StoreReader
from tests.evaluator import COLUMN
from tests.events import BASE_US, SECOND, add_source, batch, line, open_reader, open_store
from tests.reference import Reference

TEXTS: Final = ("a", "A", "ab", "a*b", "a%b", "a_b", "a-b", "aXb", "ünï", "§y1", "x" * 70, "back\\slash", "")
TYPES: Final = ("mcp.tool_call", "mcp.auth_check", "agent.error", "MCP.odd")
STATUSES: Final = ("success", "failure", "denied", "pending", "timeout")
VALUES: Final[tuple[tuple[str | None, ...], ...]] = (
    *((text,) for text in (*TEXTS, *TYPES, *STATUSES, None, "absent")),
    *((glob,) for glob in ("*", "a*", "A*", "*b", r"a\*b", r"a\**", "a%*", "a_*", "mcp.*", "*e*", "*\\*", "x*", "zz*")),
    ("a", "ab"),
    ("a", None),
    ("absent", None),
    ("success", "failure", None),
    ("mcp.*", "agent.error"),
    ("a*", "§y1", None),
)


def made_up() -> Iterator[dict[str, Any]]:
    yield {}
    for by, name in COLUMN.items():
        for text in {Key.TYPE: TYPES, Key.STATUS: STATUSES}.get(by, TEXTS):
            yield {name: text}


EVENTS: Final = [line(f"{k}", BASE_US + k * SECOND, **fields) for k, fields in enumerate(made_up())]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreReader]:
    folder = tmp_path_factory.mktemp("filters")
    with open_store(folder) as store:
        store.append([batch(add_source(store), *EVENTS)])
    opened = open_reader(folder)
    yield opened
    opened.close()


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("field", FACET_KEYS)
def test_one_clause(reader: StoreReader, field: Key, *, negated: bool) -> None:
    reference = Reference(EVENTS)
    for values in VALUES:
        what = Filter.of(Clause(field, values, negated))
        found = [row.seq for row in reader.newest(what, 1000).rows]
        assert found == [one.seq for one in reference.all(what)], what


@pytest.mark.parametrize("field", FACET_KEYS)
def test_a_clause_and_its_negation_are_everything(reader: StoreReader, field: Key) -> None:
    for values in VALUES:
        both = [reader.newest(Filter.of(Clause(field, values, sign)), 1000).rows for sign in (False, True)]
        assert sorted(row.seq for rows in both for row in rows) == list(range(1, len(EVENTS) + 1)), values
