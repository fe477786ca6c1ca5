"""The one key that is ours, `auditail:`: what Sigma has no words for."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from detect.rules.durations import span_us
from detect.rules.fields import FIELDS, NUMBER_FIELDS, is_field
from detect.rules.header import Frozen, Prose
from detect.rules.problem import nearest
from store.filters.errors import QueryError
from store.filters.keys import Key
from store.filters.matching import text_matches
from store.filters.model import Filter
from store.filters.syntax import And, Expression, Not, Or, Term

SpanUs = Annotated[int, BeforeValidator(span_us)]
HOUR_US: Final = 3_600_000_000
EVENTS: Final = "events"
"""What a baseline measures where it counts events."""


def known_field(name: str) -> str:
    """Return the name of a field.

    Raises:
        ValueError: events have no such field.
    """
    if not is_field(name):
        meant = nearest(name, FIELDS)
        raise ValueError(f"unknown field {name}" + (f"; did you mean {meant}?" if meant else ""))
    return name


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _measured(name: str) -> str:
    if name != EVENTS and name not in NUMBER_FIELDS:
        raise ValueError(f"{name} cannot be added up: name {EVENTS}, or fields that are numbers")
    return name


def _query(text: str) -> str:
    """Return the query as it is.

    Raises:
        ValueError: it cannot be understood, or asks for what no rule can.
    """
    try:
        said = Filter.parsed(text)
    except QueryError as error:
        raise ValueError(f"the filter is not understood: {error}") from None
    if not said:
        raise ValueError("the filter is empty: it would match everything")
    for term in _terms(said.expression):
        if term.key in (Key.SINCE, Key.BEFORE):
            raise ValueError(f"a rule looks at each event when it comes: leave {term.key}: out")
        if term.key is Key.ALERT or (term.key is Key.HAS and any(text_matches(one, "alert") for one in term.values)):
            raise ValueError("a rule cannot ask whether there is an alert: leave alert: and has:alert out")
    return text


def _terms(expression: Expression | None) -> list[Term]:
    if isinstance(expression, Term):
        return [expression]
    if isinstance(expression, Not):
        return _terms(expression.operand)
    if isinstance(expression, And | Or):
        return [term for operand in expression.operands for term in _terms(operand)]
    return []


Field_ = Annotated[str, AfterValidator(known_field)]
Fields = Annotated[tuple[Field_, ...], BeforeValidator(_one_or_more)]
Query = Annotated[str, AfterValidator(_query)]


class Extension(Frozen):
    """What every kind of rule may say."""

    kind: str = "match"
    group_by: Fields | None = Field(default=None, alias="group-by", max_length=6)
    """What is one incident: events that agree in these. None: agent, user and tenant (or the correlation's own)."""
    cool_down_us: SpanUs = Field(default=HOUR_US, alias="cool-down")
    """An incident is over when so long nothing has been added to it."""
    evidence: int = Field(default=50, ge=2, le=500)
    """How many events are kept: the first and the last half of them."""
    explanation: Prose | None = None
    """What happened, in words with numbers in braces."""
    filter: Query | None = None
    """A query of the filter language, instead of a detection."""

    @cached_property
    def query(self) -> Filter | None:
        """The filter, parsed."""
        return None if self.filter is None else Filter.parsed(self.filter)


class Match(Extension):
    """Every match is one too many."""


class Learnt(Frozen):
    """When enough is known of a key to call something unusual: both must be reached."""

    events: int = Field(default=100, ge=1)
    span_us: SpanUs = Field(default=3 * 24 * HOUR_US, alias="for")
    """From the first to the newest stated time."""


class FirstSeen(Extension):
    """A value that the key never had, once enough is known of the key."""

    field: Field_
    learn: Learnt = Field(default_factory=Learnt)


class Baseline(Extension):
    """Much more in an hour than this key's usual hour has."""

    measure: Annotated[tuple[Annotated[str, AfterValidator(_measured)], ...], BeforeValidator(_one_or_more)]
    times: float = Field(gt=1)
    """So many times the median of its hours with anything in them."""
    at_least: int = Field(default=0, alias="at-least", ge=0)
    """Less than this in an hour never counts."""
    learn_hours: int = Field(default=6, alias="learn-hours", ge=1, le=168)
    """So many hours with anything in them must be known."""


class Silence(Extension):
    """A key that gives no events for much longer than it ever did. By the clock and the time of arrival alone."""

    times: float = Field(default=2, gt=1)
    """So many times its longest known pause."""
    at_least_us: SpanUs = Field(default=6 * HOUR_US, alias="at-least")
    learn_us: SpanUs = Field(default=48 * HOUR_US, alias="learn")
    """It must be known for so long."""


class Invariant(Extension):
    """What must never happen; it is also counted how many events were looked at."""

    statement: Prose
    """The sentence that holds as long as there is no violation."""
    examines: str | None = None
    """A condition: which events the statement speaks of. None: all."""
    stays: Field_ | None = None
    """A field that keeps its first value within a group: the statement speaks of all events that are found, and what
    must never happen is another value. None: what is found must never happen."""

    @model_validator(mode="after")
    def _examines_once(self) -> Invariant:
        if self.stays is not None and self.examines is not None:
            raise ValueError("with stays, the statement speaks of all that is found: leave examines out")
        return self


class BudgetUse(Extension):
    """So much of a budget is spent. The budgets themselves are those of the settings."""

    cool_down_us: SpanUs = Field(default=40 * 24 * HOUR_US, alias="cool-down")
    """One incident is one period of one budget."""
    share: float = Field(default=1.0, gt=0, le=100)
    """More than this part of it; 1 is the whole."""

    @field_validator("group_by")
    @classmethod
    def _no_group(cls, value: Any) -> Any:
        if value is not None:
            raise ValueError("a budget is somebody's already: leave group-by out")
        return value


KINDS: Final[dict[str, type[Extension]]] = {
    "match": Match,
    "first-seen": FirstSeen,
    "baseline": Baseline,
    "silence": Silence,
    "invariant": Invariant,
    "budget": BudgetUse,
}
