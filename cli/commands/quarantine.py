"""`auditail quarantine`: records that could not be read, with the reason and where they stand."""

from typing import Annotated

import typer

from cli import options


def list_entries(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Only the newest N.")] = 100,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Only records with exactly this reason."),
    ] = None,
    utc: options.Utc = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """List the records that could not be read, newest last. Exits with 1 where there are any."""
    from cli import stdout
    from cli.narration import narrate
    from cli.problems import FINDINGS
    from cli.render.quarantine import entry_line
    from cli.session import load_settings, open_reader

    loaded = load_settings(context, store=store, config=config)
    reader = open_reader(loaded)
    try:
        entries = list(reader.quarantine_entries(limit, reason))
    finally:
        reader.close()
    if not entries:
        narrate("nothing is in quarantine")
        return
    for entry in reversed(entries):
        stdout.put(entry_line(entry, utc=utc or loaded.settings.ui.utc))
    narrate("`auditail quarantine show ID` shows one of them whole")
    raise typer.Exit(FINDINGS)


def show_entry(
    context: typer.Context,
    entry_id: Annotated[int, typer.Argument(metavar="ID", help="A number from `auditail quarantine list`.")],
    *,
    raw: Annotated[bool, typer.Option("--raw", help="Write only the record's bytes, as they are kept.")] = False,
    utc: options.Utc = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show one record that could not be read: where it stands, why, and its text."""
    from cli import stdout
    from cli.problems import UsageProblem
    from cli.render.quarantine import entry_text
    from cli.session import load_settings, open_reader

    loaded = load_settings(context, store=store, config=config)
    reader = open_reader(loaded)
    try:
        entry = reader.quarantine_entry(entry_id)
    finally:
        reader.close()
    if entry is None:
        raise UsageProblem(f"nothing in quarantine has the number {entry_id}: see `auditail quarantine list`")
    if raw:
        stdout.binary().write(entry.raw)
        return
    for line in entry_text(entry, utc=utc or loaded.settings.ui.utc):
        stdout.put(line)
