"""The flags that all `auditail analytics` commands share, and the query beside them."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from cli import options


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Limit = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, help="At most N rows. A table has the first few without it."),
]
SortBy = Annotated[
    str | None,
    typer.Option("--sort", metavar="COLUMN", help="By this column, greatest first; COLUMN:asc turns it."),
]
Form = Annotated[Format, typer.Option("--format", help="How to write it.", case_sensitive=False)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked a report to be about, and how it is to be written."""

    context: typer.Context
    query: Sequence[str] = ()
    agents: Sequence[str] = ()
    types: Sequence[str] = ()
    users: Sequence[str] = ()
    tenants: Sequence[str] = ()
    since: str | None = None
    before: str | None = None
    limit: int | None = None
    sort: str | None = None
    form: str = "table"
    utc: bool | None = None
    store: str | None = None
    config: str | None = None


def _shared(
    query: options.Query = None,
    *,
    agent: options.Agents = None,
    type_: options.Types = None,
    user: options.Users = None,
    tenant: options.Tenants = None,
    since: options.Since = None,
    before: options.Before = None,
    limit: Limit = None,
    sort: SortBy = None,
    format_: Form = Format.TABLE,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Say which flags there are."""


_SHARED: Final = inspect.signature(_shared)


def report_command(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with its own arguments and the shared flags, which it is given as `Asked`."""
    own = list(inspect.signature(command).parameters.values())[1:]
    arguments = [one for one in own if one.kind is one.POSITIONAL_OR_KEYWORD]
    flags = [one for one in own if one.kind is one.KEYWORD_ONLY]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    all_of = [context, *arguments, *flags, *_SHARED.parameters.values()]

    def run(**given: Any) -> None:
        shared = {name: given.pop(name) for name in _SHARED.parameters}
        asked = Asked(
            context=given.pop("context"),
            query=shared["query"] or [],
            agents=shared["agent"] or [],
            types=shared["type_"] or [],
            users=shared["user"] or [],
            tenants=shared["tenant"] or [],
            since=shared["since"],
            before=shared["before"],
            limit=shared["limit"],
            sort=shared["sort"],
            form=shared["format_"].value,
            utc=shared["utc"],
            store=shared["store"],
            config=shared["config"],
        )
        command(asked, **given)

    run.__signature__ = inspect.Signature([one.replace(kind=one.KEYWORD_ONLY) for one in all_of])  # pyright: ignore[reportFunctionMemberAccess]
    run.__annotations__ = {one.name: one.annotation for one in all_of}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run
