"""What a rule says of itself, in Sigma's words."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812, a field of the model is called date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from detect.rules.expression import Expression, FieldTest, TextLike
from detect.rules.wildcards import Wild
from store.alerts.states import Level


class Frozen(BaseModel):
    """A part of a rule: it never changes, and what it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, populate_by_name=False)


CATEGORIES: Final = ("mcp", "agent", "auth", "permission", "file", "content", "api", "system")
"""The families of events: what their types begin with."""

Category = Literal["mcp", "agent", "auth", "permission", "file", "content", "api", "system"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8192)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+\.[A-Za-z0-9._-]+$", max_length=64)]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _sigma_date(value: Any) -> Any:
    return value.replace("/", "-") if isinstance(value, str) else value


Lines = Annotated[tuple[Prose, ...], BeforeValidator(_several)]


class LogSource(Frozen):
    """Which events a rule is about. None of the three: all of them."""

    product: Literal["ai_agent"] | None = None
    category: Category | None = None
    definition: Prose | None = None

    def expression(self) -> Expression | None:
        """Return the test that holds for these events, None where it holds for all."""
        if self.category is None:
            return None
        return FieldTest("event_type", TextLike((f"{self.category}.", Wild.RUN)))


class Header(Frozen):
    """Everything beside what is looked for. `id` is what alerts, decisions and state refer to."""

    title: Line
    id: UUID
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")] | None = None
    status: Literal["stable", "test", "experimental", "deprecated", "unsupported"] = "experimental"
    level: Level = Level.MEDIUM
    description: Prose = ""
    author: Line | None = None
    license: Line | None = None
    date: Annotated[Date, BeforeValidator(_sigma_date)] | None = None
    modified: Annotated[Date, BeforeValidator(_sigma_date)] | None = None
    tags: tuple[Tag, ...] = ()
    references: tuple[Prose, ...] = ()
    falsepositives: Lines = ()
    logsource: LogSource = Field(default_factory=LogSource)
