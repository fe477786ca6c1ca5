"""`auditail alerts`: what the rules found: list, show, decide, take back, watch."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import options
from store.alerts.states import Level, Reach, Verdict

DEFAULT_TABLE_ROWS = 100
"""As many as a person reads; formats for programs are whole."""
GREATEST_NUMBER = 2**63 - 1
"""The store can count no further."""


class Format(StrEnum):
    """How alerts are listed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Whole(StrEnum):
    """How one alert is shown."""

    TEXT = "text"
    JSON = "json"


class Lines(StrEnum):
    """How alerts are printed one after the other."""

    TABLE = "table"
    JSONL = "jsonl"


Query = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[QUERY]…", help="Only alerts that match, as in level:high,critical agent:support-bot since:-24h."
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", metavar="N", min=1, help="Only the first N. Without it a table has 100, the rest is whole."
    ),
]
Number = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=GREATEST_NUMBER, help="A number from `auditail alerts list`.")
]


def list_alerts(
    context: typer.Context,
    *,
    query: Query = None,
    limit: Limit = None,
    fail_on: Annotated[
        Level | None,
        typer.Option("--fail-on", help="End with 1 where one at or above this level is new, open or seen."),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write them.", case_sensitive=False)
    ] = Format.TABLE,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """List alerts, the worst first, and of the same level the last seen first.

    Without state: in the query these are the ones in which something is still to be done: new, open and seen.
    Beside state:, level: and rule: a query knows all keys of events, and asks for alerts with such an event.
    """
    from cli.alerts.asking import Asked
    from cli.alerts.listing import put_list
    from cli.session import load_settings

    loaded = load_settings(context, store=store, config=config)
    most = DEFAULT_TABLE_ROWS if limit is None and format_ is Format.TABLE else limit
    put_list(loaded, Asked.of(query or (), loaded, utc=utc, fail_on=fail_on), format_.value, most)


def show_alert(
    context: typer.Context,
    alert_id: Number,
    *,
    format_: Annotated[Whole, typer.Option("--format", help="How to write it.", case_sensitive=False)] = Whole.TEXT,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show one alert whole: what happened, its rule, the events that show it, what was decided, and alike ones."""
    from cli.alerts.showing import put_alert
    from cli.session import load_settings

    loaded = load_settings(context, store=store, config=config)
    utc = loaded.settings.ui.utc if utc is None else utc
    put_alert(loaded, alert_id, format_.value, utc=utc)


def decide(
    context: typer.Context,
    alert_id: Number,
    verdict: Annotated[Verdict, typer.Argument(metavar="VERDICT", case_sensitive=False, help=", ".join(Verdict) + ".")],
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why. Required for all but acknowledge and resolve.")
    ] = "",
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Until when it holds: 2026-11-27 18:00, 2026-11-27T17:00:00Z."),
    ] = None,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="SPAN", help="For how long it holds: 90m, 12h, 7d, 2w.")
    ] = None,
    reach: Annotated[
        Reach,
        typer.Option(
            "--reach",
            case_sensitive=False,
            help="This alert; its rule with its agent; or its rule's that --query finds.",
        ),
    ] = Reach.ALERT,
    query: Annotated[
        str | None, typer.Option("--query", metavar="QUERY", help="Of --reach filter: which alerts of its rule.")
    ] = None,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Decide about an alert, or about all alike; who decided what, until when and why is stored as an event.

    acknowledge: somebody looks into it. resolve: it is handled, and new again when it grows. false-positive: the rule
    was wrong here. accept-risk: it is true, and we live with it. mute: count on, but tell nobody; a mute must have an
    end. The last three also hold for what comes, until they end or are taken back.
    """
    from cli.alerts.deciding import Wanted, decide_and_tell
    from cli.session import load_settings

    loaded = load_settings(context, store=store, config=config)
    utc = loaded.settings.ui.utc if utc is None else utc
    decide_and_tell(loaded, Wanted(alert_id, verdict, reason, reach, until, for_, query, utc))


def undo(
    context: typer.Context,
    decision: Annotated[
        int | None,
        typer.Argument(
            metavar="DECISION", min=1, max=GREATEST_NUMBER, help="The decision's number; without it your last one."
        ),
    ] = None,
    *,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Take a decision back: its alerts stand as they did before, unless something was decided about them since.

    Without a number it is your own last decision that was not taken back yet. That it was is stored as an event, too.
    """
    from cli.alerts.deciding import undo_and_tell
    from cli.session import load_settings

    undo_and_tell(load_settings(context, store=store, config=config), decision)


def watch(
    context: typer.Context,
    *,
    query: Query = None,
    fail_on: Annotated[
        Level | None, typer.Option("--fail-on", help="End with 1 as soon as one at or above this level opens.")
    ] = None,
    format_: Annotated[Lines, typer.Option("--format", help="How to write them.", case_sensitive=False)] = Lines.TABLE,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Print alerts as they open, or are new again, until Ctrl-C.

    Those that are there already are for `auditail alerts list`. What a decision holds for, and what was found in
    events that were old when they arrived, is not printed.
    """
    from cli.alerts.asking import Asked
    from cli.alerts.watching import Watch
    from cli.session import load_settings, open_reader

    loaded = load_settings(context, store=store, config=config)
    asked = Asked.of(query or (), loaded, utc=utc, fail_on=fail_on)
    reader = open_reader(loaded)
    try:
        Watch(reader, asked, format_.value, ascii_only=loaded.settings.ui.ascii).run()
    finally:
        reader.close()
