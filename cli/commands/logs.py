"""`auditail infra logs`: stored events, filtered, as a table, JSON, JSON lines or CSV."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import options

if TYPE_CHECKING:
    from config.loading import Loaded
    from store.filters.model import Filter
    from store.reader import StoreReader

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
    query: options.Query = None,
    agent: options.Agents = None,
    type_: options.Types = None,
    user: options.Users = None,
    tenant: options.Tenants = None,
    since: options.Since = None,
    before: options.Before = None,
    request_id: options.Requests = None,
    limit: options.Limit = None,
    follow: options.Follow = False,
    count: options.Count = False,
    facet: options.Facet = None,
    sort: options.SortBy = None,
    columns: options.Columns = None,
    around: options.Context = 0,
    format_: Form = Format.TABLE,
    raw: options.Raw = False,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show stored events, newest last.

    The query and all flags narrow the selection together; a flag given several times means any of its values. A time
    without a zone is local. `auditail infra logs --format json > logs.json` writes everything there is.
    """
    from cli.filtering import filter_of
    from cli.session import load_settings

    asked = Asked(follow=follow, count=count, facet=facet, sort=sort, columns=columns, around=around, form=format_)
    asked.check()
    loaded = load_settings(context, store=store, config=config)
    utc = loaded.settings.ui.utc if utc is None else utc
    what = filter_of(
        agents=agent or (),
        types=type_ or (),
        users=user or (),
        tenants=tenant or (),
        requests=request_id or (),
        since=since,
        before=before,
        query=query or (),
        utc=utc,
    )
    _answer(loaded, what, asked, limit, utc=utc, raw=raw)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the matching events is wanted, and how it is written."""

    follow: bool
    count: bool
    facet: str | None
    sort: str | None
    columns: str | None
    around: int
    form: Format

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            UsageProblem: some of it contradicts the rest; the text says what to do.
        """
        from cli.problems import UsageProblem

        if self.follow and self.form is Format.JSON:
            raise UsageProblem("--follow never ends, and a JSON array has to: use --format jsonl")
        flags = {"--count": self.count, "--facet": self.facet, "--sort": self.sort, "--context": self.around}
        given = [name for name, value in flags.items() if value]
        if self.follow and given:
            raise UsageProblem(f"--follow never ends, so it cannot be combined with {given[0]}")
        if len(given) > 1:
            raise UsageProblem(f"{given[0]} and {given[1]} are two different questions: ask one at a time")
        if self.around and self.form is not Format.TABLE:
            raise UsageProblem("--context is for tables: leave --format out")
        if self.columns and self.form not in (Format.TABLE, Format.CSV):
            raise UsageProblem("--columns is for tables and CSV: JSON always has all of an event")


def _answer(loaded: "Loaded", what: "Filter", asked: Asked, limit: int | None, *, utc: bool, raw: bool) -> None:
    from cli.session import open_reader

    reader = open_reader(loaded)
    try:
        if asked.count:
            from cli.tallying import print_count

            print_count(reader, what, asked.form.value, utc=utc)
        elif asked.facet is not None:
            from cli.tallying import facet_key, print_facet

            print_facet(reader, what, facet_key(asked.facet), asked.form.value, limit, utc=utc)
        else:
            _print(reader, what, asked, limit, ascii_only=loaded.settings.ui.ascii, utc=utc, raw=raw)
    finally:
        reader.close()


def _print(
    reader: "StoreReader", what: "Filter", asked: Asked, limit: int | None, *, ascii_only: bool, utc: bool, raw: bool
) -> None:
    from cli.printing import Look, Printing

    sort = None
    if asked.sort is not None:
        from cli.ordering import sort_of

        sort = sort_of(asked.sort)
    if limit is None and asked.form is Format.TABLE:
        limit = DEFAULT_TABLE_ROWS
    look = Look(asked.form.value, ascii_only, utc, raw, asked.columns, sort, asked.around)
    printing = Printing(reader, what, look)
    printing.history(limit, then_follow=asked.follow)
    if asked.follow:
        printing.follow()
