"""The filters that are asked of ten million events, each in three languages: ours, DuckDB's and lnav's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from store.clock import now_us
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.time_text import moment_text
from tests.bench.long_history import RARE_AGENT, RARE_WORD

if TYPE_CHECKING:
    from store.reader import StoreReader

COMMON_WORD: Final = "tokens"
ABSENT_WORD: Final = "zyzzyva"
PHRASE: Final = "blog post"
"""Words of the simulated platform that occur nowhere as a part of another word, so that a search for text finds the
same lines as one for words. The first is in a fifth of all events, the phrase's second word in a quarter."""
META: Final = ("repository", "shop")
"""A key of its metadata, and a value that is also a word of many other events."""

_HOUR_US: Final = 3_600_000_000
_DAY_US: Final = 24 * _HOUR_US
_MINUTE_US: Final = 60_000_000
_COLUMNS: Final = {
    Key.AGENT: "agent_id",
    Key.USER: "user_id",
    Key.TYPE: "event_type",
    Key.TOOL: "tool",
    Key.STATUS: "status",
    Key.REQUEST: "request_id",
    Key.SESSION: "session_id",
}


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand of a filter: as we write it, and as a condition in DuckDB's and in lnav's SQL.

    lnav is asked about the text of a line, not about its fields: ten times as fast, and the same on these lines.
    """

    ours: str
    duckdb: str
    lnav: str


@dataclass(frozen=True, slots=True)
class Question:
    """A filter; `middle_us` is the time to which a deep page jumps, in UTC microseconds."""

    name: str
    operands: tuple[Operand, ...]
    middle_us: int

    @property
    def ours(self) -> str:
        """The filter in our language."""
        return " ".join(operand.ours for operand in self.operands)

    @property
    def duckdb(self) -> str:
        """The filter as a condition in DuckDB's SQL."""
        return " AND ".join(operand.duckdb for operand in self.operands)

    @property
    def lnav(self) -> str:
        """The filter as a condition in lnav's SQL."""
        return " AND ".join(operand.lnav for operand in self.operands)


@dataclass(frozen=True, slots=True)
class Found:
    """What the store really holds, to ask for. Times are UTC microseconds."""

    agent: str
    user: str
    tool: str
    rare_type: str
    request: str
    session: str
    middle_us: int
    newest_us: int


def look_round(reader: StoreReader) -> Found:
    """Choose what to ask for: the most frequent agent, its most frequent user, an event in the middle and so on."""
    extent = reader.extent()
    assert extent.newest_us is not None, "the store is empty"
    middle = reader.time_at_fraction(0.5)
    assert middle is not None, "the store is empty"
    end = extent.newest_us + 1
    agent = _most(reader, Key.AGENT, "", end - _DAY_US, end)
    event = reader.at_time(Filter.parsed("request:* session:*"), middle, 2).rows[-1]
    detail = reader.detail(event.id)
    assert detail is not None, "an event is gone"
    assert detail.request_id is not None, "it has a request"
    assert detail.session_id is not None, "it has a session"
    types = reader.facet(Key.TYPE, Filter.parsed(f"agent:{RARE_AGENT}"), 0, end, 100)
    return Found(
        agent=agent,
        user=_most(reader, Key.USER, f"agent:{agent} status:failure", 0, end),
        tool=_most(reader, Key.TOOL, "", end - _DAY_US, end),
        rare_type=types[-1].value or "",
        request=detail.request_id,
        session=detail.session_id,
        middle_us=middle,
        newest_us=extent.newest_us,
    )


def questions(found: Found) -> list[Question]:
    """Return the twenty filters."""
    middle = found.middle_us
    agent, rare = equal(Key.AGENT, found.agent), equal(Key.AGENT, RARE_AGENT)
    user, failed = equal(Key.USER, found.user), equal(Key.STATUS, "failure")
    hour_us = middle // _HOUR_US * _HOUR_US
    asked: list[tuple[str, tuple[Operand, ...], int]] = [
        ("an agent", (agent,), middle),
        ("a rare agent", (rare,), middle),
        ("a user", (user,), middle),
        ("types by glob", (types_by_glob("mcp."),), middle),
        ("two types", (any_type("auth.failed", "permission.denied"),), middle),
        ("all but successes", (all_but_successes(),), middle),
        ("failures of an agent", (failed, agent), middle),
        ("agent, user, failures", (agent, user, failed), middle),
        ("rare agent, rare type", (rare, equal(Key.TYPE, found.rare_type)), middle),
        ("a tool, last 24 h", (equal(Key.TOOL, found.tool), last_day(found.newest_us)), found.newest_us - _DAY_US // 2),
        ("one hour", (window(hour_us, hour_us + _HOUR_US),), hour_us + _HOUR_US // 2),
        ("a request", (equal(Key.REQUEST, found.request),), middle),
        ("a session", (equal(Key.SESSION, found.session),), middle),
        ("a common word", (text(COMMON_WORD),), middle),
        ("a rare word", (text(RARE_WORD),), middle),
        ("an absent word", (text(ABSENT_WORD),), middle),
        ("a phrase", (text(PHRASE),), middle),
        ("a word, rare agent", (text(COMMON_WORD), rare), middle),
        ("all but some types", (complement(types_by_glob("mcp.")),), middle),
        ("metadata", (metadata(*META),), middle),
    ]
    return [Question(*each) for each in asked]


def equal(key: Key, value: str) -> Operand:
    """Return `key:value`."""
    column = _COLUMNS[key]
    return Operand(f"{key}:{value}", f"{column} = {quoted(value)}", in_line(f'"{column}":"{value}"'))


def types_by_glob(prefix: str) -> Operand:
    """Return `type:prefix*`."""
    return Operand(f"type:{prefix}*", f"event_type LIKE {quoted(prefix + '%')}", in_line(f'"event_type":"{prefix}'))


def any_type(*types: str) -> Operand:
    """Return `type:one,another`."""
    lines = " OR ".join(in_line(f'"event_type":"{each}"') for each in types)
    return Operand(f"type:{','.join(types)}", f"event_type IN ({', '.join(map(quoted, types))})", f"({lines})")


def all_but_successes() -> Operand:
    """Return `-status:success`."""
    line = in_line('"status":"success"')
    return Operand("-status:success", "status IS DISTINCT FROM 'success'", f"NOT {line}")


def complement(operand: Operand) -> Operand:
    """Return what the operand, which must hold or not hold for every event, does not hold for."""
    return Operand(f"-{operand.ours}", f"NOT {operand.duckdb}", f"NOT {operand.lnav}")


def last_day(newest_us: int) -> Operand:
    """Return the day before the newest event, in whole minutes, as `since:` says it: counted from now."""
    minutes = (now_us() - newest_us + _DAY_US) // _MINUTE_US
    since_us = now_us() - minutes * _MINUTE_US
    return Operand(f"since:-{minutes}m", _at_or_after(since_us), f"log_time >= {quoted(sql_time(since_us))}")


def window(since_us: int, before_us: int) -> Operand:
    """Return a time window, half open, UTC microseconds."""
    return Operand(
        f"since:{moment_text(since_us)} before:{moment_text(before_us)}",
        f"{_at_or_after(since_us)} AND ts < TIMESTAMP {quoted(sql_time(before_us))}",
        f"log_time >= {quoted(sql_time(since_us))} AND log_time < {quoted(sql_time(before_us))}",
    )


def text(words: str) -> Operand:
    """Return a word, or several as a phrase; in small letters."""
    ours = quoted(words, '"') if " " in words else words
    return Operand(ours, f"contains(body, {quoted(words)})", in_line(words))


def metadata(name: str, value: str) -> Operand:
    """Return `meta.name:value`."""
    return Operand(
        f"meta.{name}:{value}", f"metadata->>{quoted('$.' + name)} = {quoted(value)}", in_line(f'"{name}":"{value}"')
    )


def in_line(part: str) -> str:
    """Return the condition that a line of JSON has this in it."""
    return f"log_raw_text LIKE {quoted('%' + part + '%')}"


def quoted(value: str, sign: str = "'") -> str:
    """Return a text in quotes, those within it doubled."""
    return f"{sign}{value.replace(sign, sign * 2)}{sign}"


def sql_time(ts_us: int) -> str:
    """Return a time as both SQL dialects compare it, in UTC."""
    return datetime.fromtimestamp(ts_us / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _at_or_after(ts_us: int) -> str:
    return f"ts >= TIMESTAMP {quoted(sql_time(ts_us))}"


def _most(reader: StoreReader, key: Key, query: str, start_us: int, end_us: int) -> str:
    for found in reader.facet(key, Filter.parsed(query), start_us, end_us, 2):
        if found.value is not None:
            return found.value
    raise SystemExit(f"no {key} in the store from {sql_time(start_us)} on")
