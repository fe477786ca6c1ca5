"""Single terms as SQL: a condition on rows, and a full-text query that finds them where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlmodel import col

from store import dialect, tokens
from store.events import DENIAL, ERROR, STATUS_CODES
from store.filters.comparing import compared
from store.filters.evidence import AlertLookups, evidence_part
from store.filters.keys import ALERT_KEYS, HAS_VALUES, Key
from store.filters.matching import text_matches
from store.filters.meta import may_be_looked_up
from store.filters.parts import Part, any_part, looked_up_part
from store.filters.printer import canonical
from store.filters.row_conditions import metadata_holds, pattern_found, words_hold
from store.filters.syntax import Between, Comparison, Glob, Present, Regex, Term, Text, Value, Words
from store.names import NO_NAME, NameKind
from store.pricing.columns import COST, TOKENS_STATED
from store.tables import Event

MOST_TERMS: Final = 64
"""Names beyond which a term is checked on the rows instead of being looked up."""

NAMES: Final = {
    Key.AGENT: (NameKind.AGENT, col(Event.agent_no)),
    Key.USER: (NameKind.USER, col(Event.user_no)),
    Key.TENANT: (NameKind.TENANT, col(Event.tenant_no)),
    Key.HOST: (NameKind.HOST, col(Event.host_no)),
    Key.TYPE: (NameKind.TYPE, col(Event.type_no)),
    Key.TOOL: (NameKind.TOOL, col(Event.tool_no)),
    Key.SERVER: (NameKind.SERVER, col(Event.server_no)),
    Key.MODEL: (NameKind.MODEL, col(Event.model_no)),
}
IDS: Final = {
    Key.REQUEST: (tokens.REQUEST, col(Event.request_id)),
    Key.SESSION: (tokens.SESSION, col(Event.session_id)),
    Key.TRACE: (tokens.TRACE, col(Event.trace_id)),
    Key.CALL: (tokens.CALL, col(Event.call_id)),
}
_TOKEN_COLUMNS: Final = tuple(
    col(column)
    for column in (Event.input_tokens, Event.output_tokens, Event.cache_read_tokens, Event.cache_write_tokens)
)
TOKEN_SUM: Final[Any] = sum((func.coalesce(one, 0) for one in _TOKEN_COLUMNS[1:]), func.coalesce(_TOKEN_COLUMNS[0], 0))
"""All four kinds of tokens of a row; those that are not stated add nothing."""
_ALWAYS_INDEXED: Final = frozenset({Key.AGENT, Key.USER, Key.TENANT, Key.TYPE})
"""Keys that every event has a token of, also where it has no value."""
_CONFLICT: Final = "system.id_conflict"


class Lookups(AlertLookups, Protocol):
    """What the compiler asks the store."""

    def find_names(self, kind: NameKind, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the names of a kind that any of the values asks for."""
        ...

    def other_names(self, kind: NameKind, numbers: Sequence[int], most: int) -> list[int] | None:
        """Return the numbers of all names of a kind but these; None where there are more than `most`."""
        ...

    def find_sources(self, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the sources whose path any of the values asks for."""
        ...

    def find_events(self, event_id: str) -> list[int]:
        """Return the row ids of the events with this id, a producer's or a derived one."""
        ...

    def is_common_beginning(self, word: str) -> bool:
        """Return whether full text has so much that begins with `word`, in small letters, that it cannot be asked."""
        ...

    def moment(self, term: Term) -> int:
        """Return the time that a term of `since:` or `before:` names, in UTC microseconds."""
        ...


def words_part(words: Words, lookups: Lookups) -> Part:
    """Return full text as SQL. What begins like too many words is seen to on the rows."""
    found = tokens.words(words.text)
    quoted = tokens.quoted(" ".join(found))
    query = f"{quoted} *" if words.prefix else quoted
    whole = found[:-1] if words.prefix else found
    walked = tuple(tokens.quoted(word) for word in dict.fromkeys(whole))
    holds = words_hold(" ".join(found), prefix=words.prefix)
    if words.prefix and lookups.is_common_beginning(found[-1]):
        return Part(holds, tokens.quoted(" ".join(whole)) if whole else None, walked=walked)
    return Part(holds, query, exact=True, walked=walked, walked_exactly=len(found) == len(whole) == 1)


def term_part(term: Term, lookups: Lookups, *, negated: bool = False) -> Part:
    """Return a term as SQL; only a term of `status` can be had as its complement."""
    key = term.key
    if key is Key.STATUS:
        return _status(term.values, negated=negated)
    if key in NAMES:
        return _names(key, term.values, lookups)
    if key in IDS:
        return _ids(key, term.values)
    if key is Key.SINCE:
        return Part(col(Event.ts_us) >= lookups.moment(term))
    if key is Key.BEFORE:
        return Part(col(Event.ts_us) < lookups.moment(term))
    if key is Key.HAS:
        return any_part([_has(value, lookups) for value in _closed(term.values)])
    return _part_of_rows(term, lookups)


def _part_of_rows(term: Term, lookups: Lookups) -> Part:
    """Return as SQL a term that full text has no token of, or none that says all."""
    key = term.key
    if key is Key.ID:
        return Part(_event_ids(term.values, lookups))
    if key is Key.SOURCE:
        return _source(term.values, lookups)
    if key is Key.META:
        return _meta(term)
    if key is Key.ALERT:
        return evidence_part(term.values, lookups)
    if key in ALERT_KEYS:  # no event has one
        return Part(false())
    return Part(or_(false(), *(_number(key, value) for value in term.values)))


def _status(values: Sequence[Value], *, negated: bool) -> Part:
    codes = [
        code
        for name, code in STATUS_CODES.items()
        if (name is not None and any(text_matches(value, name) for value in values)) is not negated
    ]
    # Every event has a status token, so the complement can be looked up as well; what holds for most is not worth it.
    looked_up = not (negated and STATUS_CODES["success"] in codes)
    term = any_of_tokens(tokens.status_token(code) for code in codes) if looked_up else None
    return looked_up_part(col(Event.status).in_(codes), term)


def _names(key: Key, values: Sequence[Value], lookups: Lookups) -> Part:
    kind, column = NAMES[key]
    if Present() in values:
        others = lookups.other_names(kind, (), MOST_TERMS)
        return Part(column != NO_NAME, if_rare=None if others is None else _named(kind, others))
    numbers = lookups.find_names(kind, values)
    return looked_up_part(column.in_(numbers), _named(kind, numbers) if len(numbers) <= MOST_TERMS else None)


def names_complement(term: Term, lookups: Lookups) -> Part:
    """Return as SQL what a term of a key of names leaves out."""
    kind, column = NAMES[term.key]
    if Present() in term.values:
        always = term.key in _ALWAYS_INDEXED
        return looked_up_part(column == NO_NAME, _named(kind, (NO_NAME,)) if always else None)
    numbers = lookups.find_names(kind, term.values)
    others = lookups.other_names(kind, numbers, MOST_TERMS) if term.key in _ALWAYS_INDEXED else None
    return Part(column.not_in(numbers), if_rare=None if others is None else _named(kind, (NO_NAME, *others)))


def _named(kind: NameKind, numbers: Sequence[int]) -> str:
    return any_of_tokens(tokens.name_token(kind, number) for number in numbers)


def _ids(key: Key, values: Sequence[Value]) -> Part:
    kind, column = IDS[key]
    texts = [value.text for value in values if isinstance(value, Text)]
    others = (_text(column, value) for value in values if not isinstance(value, Text))
    condition = or_(column.in_(texts), *others)
    if len(texts) < len(values):
        return Part(and_(column.is_not(None), condition))
    query = any_of_tokens(tokens.id_token(kind, text) for text in texts)
    return Part(and_(column.is_not(None), condition), query, walked=(query,))


def _text(column: Any, value: Value) -> ColumnElement[bool]:
    match value:
        case Text():
            return column == value.text
        case Glob():
            return column.like(like_pattern(value), escape="\\")
        case Regex():
            return pattern_found(value.pattern, column)
        case Present():
            return true()
        case _:
            return false()


def like_pattern(glob: Glob) -> str:
    """Return a glob as LIKE has it, with a backslash before what LIKE would take for a wildcard."""
    return "%".join("".join(f"\\{char}" if char in "\\%_" else char for char in piece) for piece in glob.pieces)


def _closed(values: Sequence[Value]) -> list[str]:
    return [name for name in HAS_VALUES if any(text_matches(value, name) for value in values)]


def _has(name: str, lookups: Lookups) -> Part:
    match name:
        case "error" | "denial":
            bit = ERROR if name == "error" else DENIAL
            query = tokens.quoted(tokens.trouble_token(bit))
            return looked_up_part(col(Event.trouble).op("&")(bit) != 0, query)
        case "cost":
            return Part(COST.is_not(None))
        case "outcome":
            return Part(col(Event.outcome) == 1)
        case "conflict":
            return _names(Key.TYPE, (Text(_CONFLICT),), lookups)
        case "cross-tenant":
            return _across_tenants(lookups)
        case _:
            return evidence_part((Present(),), lookups)


def _across_tenants(lookups: Lookups) -> Part:
    """Return that something of another tenant than the event's own was touched."""
    owner = col(Event.resource_tenant_no)
    condition = and_(owner != NO_NAME, owner != col(Event.tenant_no))
    tenants = lookups.other_names(NameKind.TENANT, (), MOST_TERMS)
    return Part(condition, None if tenants is None else any_of_tokens(map(tokens.resource_token, tenants)))


def _event_ids(values: Sequence[Value], lookups: Lookups) -> ColumnElement[bool]:
    if Present() in values:
        return true()
    found = [number for value in values if isinstance(value, Text) for number in lookups.find_events(value.text)]
    stated = col(Event.producer_id)
    others = (and_(stated.is_not(None), _text(stated, one)) for one in values if not isinstance(one, Text))
    return or_(dialect.is_among(col(Event.id), found), *others)


def _source(values: Sequence[Value], lookups: Lookups) -> Part:
    if Present() in values:
        return Part(true())
    formats = lookups.find_names(NameKind.FORMAT, values)
    sources = dialect.is_among(col(Event.source_no), lookups.find_sources(values))
    return Part(or_(col(Event.format_no).in_(formats), sources))


def _meta(term: Term) -> Part:
    payload = col(Event.payload)
    condition = and_(payload.is_not(None), metadata_holds(payload, canonical(term)))
    texts = [value.text for value in term.values if isinstance(value, Text) and may_be_looked_up(value.text)]
    if len(texts) < len(term.values):
        return Part(condition)
    cut = tokens.quoted(tokens.CUT)
    found = [tokens.words(text) for text in texts]
    query = " OR ".join((*(tokens.quoted(" ".join(words)) for words in found), cut))
    # One word of each text is enough to walk by; the condition is checked on what is found anyway.
    walked = " OR ".join((*(tokens.quoted(max(words, key=len)) for words in found), cut))
    return Part(condition, f"({query})", walked=(f"({walked})",))


def _number(key: Key, value: Value) -> ColumnElement[bool]:
    if key is Key.TOKENS:
        column, present = TOKEN_SUM, TOKENS_STATED
    else:
        column = col(Event.duration_us) if key is Key.MS else COST
        present = column.is_not(None)
    match value:
        case Present():
            return present
        case Between() | Comparison():
            return and_(present, compared(column, value))
        case _:
            return false()


def any_of_tokens(found: Iterable[str]) -> str:
    """Return the full-text query for any of some tokens; with none it finds nothing."""
    quoted = [tokens.quoted(token) for token in found]
    if not quoted:
        return tokens.quoted(tokens.NOTHING)
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"
