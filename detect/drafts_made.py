"""From a filter to a rule: what is looked for becomes what is watched for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from detect.drafts import LONGEST_TITLE, Draft, NoDraftError
from detect.rules.load import load_texts
from detect.rules.model import DEFAULT_GROUP
from store.alerts.states import Level
from store.filters.keys import TIME_KEYS, Key
from store.filters.model import Filter
from store.filters.printer import canonical
from store.filters.syntax import And, Expression, Not, Or, Term, Text, Words

_NAME: Final = "draft"
_FIELDS: Final = {Key.AGENT: "agent_id", Key.USER: "user_id", Key.TENANT: "tenant_id"}
_PLAIN: Final = (Key.TYPE, Key.STATUS, Key.HAS)
"""Keys whose values say by themselves what they are."""
_SIGNS_IN: Final = "auth."
"""Events that are about a user, whichever agent there is."""


def draft_of(what: Filter, rule_id: UUID, *, title: str | None = None, level: Level = Level.MEDIUM) -> Draft:
    """Return the rule that a filter becomes; `title` None: one made of the filter's words.

    Raises:
        NoDraftError: the filter is empty, or asks for what no rule can know.
    """
    query = Filter(what.with_operands(one for one in what.operands if not _is_time(one)).expression)
    if not query:
        raise NoDraftError("there is no filter to make a rule of: press / and say what a rule should look for")
    if any(_is_time(one) for operand in query.operands for one in _within(operand)):
        raise NoDraftError("since: and before: can only stand beside the rest of the filter: a rule has no window")
    named = title_of(query) if title is None else " ".join(title.split())[:LONGEST_TITLE]
    if not named:
        raise NoDraftError("the rule needs a title")
    text = _yaml(rule_id, named, level, query.text, _group_by(query))
    found = load_texts([(_NAME, text.encode())])
    if found.problems or not found.rules:
        raise NoDraftError(found.problems[0].problem if found.problems else "the filter is not understood")
    dropped = [canonical(one) for one in what.operands if _is_time(one)]
    notes = (f"Without {' '.join(dropped)}: a rule looks at each event when it comes.",) if dropped else ()
    return Draft(named, level, text, found.rules[0], query, notes)


def title_of(what: Filter) -> str:
    """Return a title in the filter's own words."""
    words = ", ".join(_said(one) for one in what.operands)
    if len(words) > LONGEST_TITLE:
        words = f"{words[: LONGEST_TITLE - 1]}…"
    first = words.partition(" ")[0]
    # What is a word of the filter language, or a type, is written as it is.
    return words if "." in first or ":" in first else words[:1].upper() + words[1:]


def _said(operand: Expression) -> str:
    match operand:
        case Not():
            return f"not {_said(operand.operand)}"
        case Term() if operand.key in _PLAIN:
            return _values(operand)
        case Term(key=Key.META):
            return f"{'.'.join(operand.path)} {_values(operand)}"
        case Term():
            return f"{operand.key} {_values(operand)}"
        case Words():
            return f"“{operand.text}{'…' if operand.prefix else ''}”"
        case _:
            return canonical(operand)


def _values(term: Term) -> str:
    texts = [value.text for value in term.values if isinstance(value, Text)]
    if len(texts) == len(term.values):
        return " or ".join(texts)
    return canonical(term).partition(":")[2]


def _is_time(operand: Expression) -> bool:
    return isinstance(operand, Term) and operand.key in TIME_KEYS


def _within(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Not):
        yield from _within(expression.operand)
    elif isinstance(expression, And | Or):
        for operand in expression.operands:
            yield from _within(operand)


def _group_by(query: Filter) -> tuple[str, ...]:
    """Return whose one incident is: who is not named by the filter already, else the agent."""
    named = {
        _FIELDS[one.key]
        for one in query.operands
        if isinstance(one, Term) and one.key in _FIELDS and len(one.values) == 1 and isinstance(one.values[0], Text)
    }
    types = [value for one in query.operands if isinstance(one, Term) and one.key is Key.TYPE for value in one.values]
    about_users = bool(types) and all(isinstance(one, Text) and one.text.startswith(_SIGNS_IN) for one in types)
    wanted = ("user_id", "tenant_id") if about_users else DEFAULT_GROUP
    return tuple(name for name in wanted if name not in named) or wanted[:1]


def _yaml(rule_id: UUID, title: str, level: Level, query: str, group_by: Sequence[str]) -> str:
    return "\n".join(
        (
            f"title: {quoted(title)}",
            f"id: {rule_id}",
            "status: experimental",
            f"level: {level}",
            "logsource:",
            "  product: ai_agent",
            "auditail:",
            f"  filter: {quoted(query)}",
            f"  group-by: [{', '.join(group_by)}]",
            "",
        )
    )


def quoted(text: str) -> str:
    """Return a text as YAML has it in double quotes, with nothing in it that cannot be seen."""
    return f'"{"".join(map(_character, text))}"'


def _character(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004
