"""Options that several commands share or that narrow down events, worded once."""

from typing import Annotated

import typer

Store = Annotated[
    str | None,
    typer.Option("--store", metavar="PATH", help="The store's file, instead of the one in your data folder."),
]
Config = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="A settings file that goes before your own."),
]
Tenant = Annotated[
    list[str] | None,
    typer.Option("--tenant", metavar="TENANT", help="Show only this tenant's events. May be repeated."),
]
Utc = Annotated[
    bool,
    typer.Option("--utc", help="Read and show times in UTC instead of local time."),
]
Zone = Annotated[
    bool | None,
    typer.Option("--utc/--local", help="Read and show times in UTC, or in local time; else as your settings say."),
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="AGENT", help="Only events of this agent."),
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only this type of event; mcp.* means every type of that family."),
]
Users = Annotated[
    list[str] | None,
    typer.Option("--user", metavar="USER", help="Only events for this user."),
]
Tenants = Annotated[
    list[str] | None,
    typer.Option("--tenant", metavar="TENANT", help="Only events of this tenant."),
]
Requests = Annotated[
    list[str] | None,
    typer.Option("--request-id", metavar="ID", help="Only events of this request."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="From this time on: 2026-01-27T00:00:00Z, -24h, yesterday."),
]
Before = Annotated[
    str | None,
    typer.Option("--before", metavar="TIME", help="Until just before this time."),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        help="Only the newest N. Without it a table has 100; json, jsonl and csv are whole.",
    ),
]
Follow = Annotated[
    bool,
    typer.Option("--follow", "-f", help="Go on with events as they arrive, until Ctrl-C."),
]
Query = Annotated[
    list[str] | None,
    typer.Argument(metavar="[QUERY]…", help="Only events that match, as in agent:assistant -status:success ms:>2s."),
]
Count = Annotated[
    bool,
    typer.Option("--count", help="Say only how many events match."),
]
Facet = Annotated[
    str | None,
    typer.Option("--facet", metavar="FIELD", help="Say which values of agent, user, type, tool … match how often."),
]
SortBy = Annotated[
    str | None,
    typer.Option("--sort", metavar="KEY", help="By duration, tokens, cost, agent …, greatest first; KEY:asc turns it."),
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="NAMES", help="Only these, in this order: time,agent,tool,took,summary."),
]
Context = Annotated[
    int,
    typer.Option("--context", "-C", metavar="N", min=0, help="With N events before and after each in its thread."),
]
Raw = Annotated[
    bool,
    typer.Option("--raw", help="In CSV, leave texts that a spreadsheet would run as formulas as they are."),
]
