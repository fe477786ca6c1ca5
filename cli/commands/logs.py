"""`auditail infra logs`: stored events, filtered, as a table, JSON, JSON lines or CSV."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import options

if TYPE_CHECKING:
    from config.loading import Loaded
    from store.filters.model import Filter

DEFAULT_TABLE_ROWS = 100
"""As many as a person reads; formats for programs are whole."""


class Format(StrEnum):
    """How events are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


Form = Annotated[Format, typer.Option("--format", help="How to write them.", case_sensitive=False)]


def logs(
    context: typer.Context,
    *,
    agent: options.Agents = None,
    type_: options.Types = None,
    user: options.Users = None,
    tenant: options.Tenants = None,
    since: options.Since = None,
    before: options.Before = None,
    request_id: options.Requests = None,
    limit: options.Limit = None,
    follow: options.Follow = False,
    format_: Form = Format.TABLE,
    raw: options.Raw = False,
    utc: options.Utc = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show stored events, newest last.

    Flags narrow the selection together; a flag given several times means any of its values. A time without a zone is
    local. `auditail infra logs --format json > logs.json` writes everything there is.
    """
    from cli.filtering import filter_of
    from cli.problems import UsageProblem
    from cli.session import load_settings

    if follow and format_ is Format.JSON:
        raise UsageProblem("--follow never ends, and a JSON array has to: use --format jsonl")
    loaded = load_settings(context, store=store, config=config)
    utc = utc or loaded.settings.ui.utc
    since_us, before_us = _window(since, before, utc=utc)
    what = filter_of(
        agents=agent or (),
        types=type_ or (),
        users=user or (),
        tenants=tenant or (),
        requests=request_id or (),
        since_us=since_us,
        before_us=before_us,
    )
    if limit is None and format_ is Format.TABLE:
        limit = DEFAULT_TABLE_ROWS
    _print(loaded, what, format_, limit, follow=follow, utc=utc, raw=raw)


def _window(since: str | None, before: str | None, *, utc: bool) -> tuple[int | None, int | None]:
    from cli.times import parse_time

    now = datetime.now(UTC)
    since_us = parse_time(since, now=now, utc=utc) if since is not None else None
    before_us = parse_time(before, now=now, utc=utc) if before is not None else None
    return since_us, before_us


def _print(
    loaded: "Loaded", what: "Filter", form: Format, limit: int | None, *, follow: bool, utc: bool, raw: bool
) -> None:
    from cli.session import open_reader

    reader = open_reader(loaded)
    try:
        from cli.printing import Printing

        printing = Printing(reader, what, form.value, ascii_only=loaded.settings.ui.ascii, utc=utc, raw=raw)
        printing.history(limit, then_follow=follow)
        if follow:
            printing.follow()
    finally:
        reader.close()
