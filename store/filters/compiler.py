"""The one compiler from a filter to SQL. Values are bound or numbers of ours; no input reaches SQL or FTS syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, not_, or_
from sqlmodel import col

from store import tokens
from store.events import STATUS_CODES
from store.filters.model import Clause, Field, Filter
from store.ids import end_id_at, first_id_at
from store.names import NO_NAME, NameKind
from store.scope import Scope
from store.tables import Event

FindNames = Callable[[NameKind, Iterable[str]], list[int]]
"""Returns the numbers of names that match any of some globs (`*` is any run of characters)."""

_MOST_TERMS: Final = 64
"""Names beyond which a clause is checked on the rows instead of being looked up."""

_NAMES: Final = {
    Field.AGENT: (NameKind.AGENT, col(Event.agent_no)),
    Field.USER: (NameKind.USER, col(Event.user_no)),
    Field.TENANT: (NameKind.TENANT, col(Event.tenant_no)),
    Field.HOST: (NameKind.HOST, col(Event.host_no)),
    Field.TYPE: (NameKind.TYPE, col(Event.type_no)),
    Field.TOOL: (NameKind.TOOL, col(Event.tool_no)),
    Field.SERVER: (NameKind.SERVER, col(Event.server_no)),
    Field.MODEL: (NameKind.MODEL, col(Event.model_no)),
}
_IDS: Final = {
    Field.REQUEST: (tokens.REQUEST, col(Event.request_id)),
    Field.SESSION: (tokens.SESSION, col(Event.session_id)),
    Field.TRACE: (tokens.TRACE, col(Event.trace_id)),
    Field.CALL: (tokens.CALL, col(Event.call_id)),
}
_ALWAYS_INDEXED: Final = frozenset({Field.AGENT, Field.USER, Field.TENANT, Field.TYPE})
"""Names whose absence has a token too."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter as SQL.

    `match` is a full-text query that every answer satisfies, None where nothing can be looked up; `rest` is what must
    be checked on the rows besides it; `rows` is the whole filter as conditions on rows, for walks in another order.
    `first_id` and `end_id` bound the row id, half open.
    """

    match: str | None
    rest: tuple[ColumnElement[bool], ...]
    rows: tuple[ColumnElement[bool], ...]
    first_id: int | None
    end_id: int | None


@dataclass(slots=True)
class _Parts:
    terms: list[str] = field(default_factory=list[str])
    rest: list[ColumnElement[bool]] = field(default_factory=list[ColumnElement[bool]])
    rows: list[ColumnElement[bool]] = field(default_factory=list[ColumnElement[bool]])

    def add(self, condition: ColumnElement[bool], term: str | None = None, *, exact: bool = True) -> None:
        """Take a condition; `term` finds its rows by full text, exactly or with some too many."""
        self.rows.append(condition)
        if term is not None:
            self.terms.append(term)
        if term is None or not exact:
            self.rest.append(condition)


def compile_filter(what: Filter, scope: Scope, find_names: FindNames) -> Compiled:
    """Return a filter, narrowed to the scope, as SQL."""
    parts = _Parts()
    if scope.tenants is not None:
        _add_clause(parts, Clause(Field.TENANT, tuple(literal(tenant) for tenant in scope.tenants)), find_names)
    for clause in what.clauses:
        _add_clause(parts, clause, find_names)
    if what.since_us is not None:
        parts.add(col(Event.ts_us) >= what.since_us)
    if what.before_us is not None:
        parts.add(col(Event.ts_us) < what.before_us)
    first_id = None if what.since_us is None else first_id_at(what.since_us)
    end_id = None if what.before_us is None else end_id_at(what.before_us)
    match = " AND ".join(parts.terms) or None
    return Compiled(match, tuple(parts.rest), tuple(parts.rows), first_id, end_id)


def glob_pattern(glob: str) -> re.Pattern[str]:
    r"""Return the pattern of a glob: `*` is any run of characters, `\*` a literal star, all else itself."""
    pieces = re.split(r"(\\\*|\*)", glob)
    return re.compile("".join(".*" if p == "*" else re.escape("*" if p == r"\*" else p) for p in pieces), re.DOTALL)


def literal(text: str) -> str:
    """Return a text as a value that matches only itself."""
    return text.replace("*", r"\*")


def _add_clause(parts: _Parts, clause: Clause, find_names: FindNames) -> None:
    if clause.field is Field.STATUS:
        _add_status(parts, clause)
    elif clause.field in _NAMES:
        _add_names(parts, clause, find_names)
    else:
        _add_ids(parts, clause)


def _add_status(parts: _Parts, clause: Clause) -> None:
    patterns = [glob_pattern(value) for value in clause.values if value is not None]
    codes = [
        code
        for name, code in STATUS_CODES.items()
        if (name is None and None in clause.values)
        or (name is not None and any(pattern.fullmatch(name) for pattern in patterns))
    ]
    if clause.negated:
        codes = [code for code in STATUS_CODES.values() if code not in codes]
    # Every event has a status token, so the complement can be looked up as well; what holds for most is not worth it.
    looked_up = not (clause.negated and STATUS_CODES["success"] in codes)
    term = _any_of(tokens.status_token(code) for code in codes) if looked_up else None
    parts.add(col(Event.status).in_(codes), term)


def _add_names(parts: _Parts, clause: Clause, find_names: FindNames) -> None:
    kind, column = _NAMES[clause.field]
    numbers = find_names(kind, [value for value in clause.values if value is not None])
    if None in clause.values:
        numbers = [NO_NAME, *numbers]
    condition = column.in_(numbers)
    if clause.negated:
        parts.add(not_(condition))
        return
    looked_up = len(numbers) <= _MOST_TERMS and (NO_NAME not in numbers or clause.field in _ALWAYS_INDEXED)
    parts.add(condition, _any_of(tokens.name_token(kind, number) for number in numbers) if looked_up else None)


def _add_ids(parts: _Parts, clause: Clause) -> None:
    kind, column = _IDS[clause.field]
    exact = [plain for value in clause.values if (plain := exact_text(value)) is not None]
    conditions: list[ColumnElement[bool]] = [column.in_(exact)] if exact else []
    for value in clause.values:
        if value is None:
            conditions.append(column.is_(None))
        elif exact_text(value) is None:
            conditions.append(column.like(_like(value), escape="\\"))
    condition = or_(*conditions)
    if clause.negated:
        parts.add(or_(column.is_(None), not_(condition)) if None not in clause.values else not_(condition))
    elif len(exact) < len(clause.values):
        parts.add(condition)
    else:
        parts.add(condition, _any_of(tokens.id_token(kind, value) for value in exact), exact=False)


def exact_text(value: str | None) -> str | None:
    """Return what a value matches where that is one text, None where it is a glob or no value."""
    if value is None or "*" in value.replace(r"\*", ""):
        return None
    return value.replace(r"\*", "*")


def _like(glob: str) -> str:
    pieces = re.split(r"(\\\*|\*)", glob)
    return "".join("%" if p == "*" else "*" if p == r"\*" else re.sub(r"([\\%_])", r"\\\1", p) for p in pieces)


def _any_of(found: Iterable[str]) -> str | None:
    quoted = [tokens.quoted(token) for token in found]
    if not quoted:
        return tokens.quoted(tokens.NOTHING)
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"
