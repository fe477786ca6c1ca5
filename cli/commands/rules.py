"""`auditail rules`: what alerts are raised for: list, show, check, enable, disable."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import options


class Format(StrEnum):
    """How rules are listed."""

    TABLE = "table"
    JSON = "json"


Name = Annotated[str, typer.Argument(metavar="RULE", help="A name or id from `auditail rules list`.")]
Names = Annotated[list[str], typer.Argument(metavar="RULE…", help="Names or ids from `auditail rules list`.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the event that records it.")]


def list_rules(
    context: typer.Context,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write them.", case_sensitive=False)
    ] = Format.TABLE,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """List the rules, the worst level first: on, off, or part of another, and their alerts in the last 30 days.

    Below, what is wrong with those of your own files that cannot be used. Exits with 1 where something is.
    """
    from cli.problems import FINDINGS
    from cli.rules.known import known_rules
    from cli.rules.listing import put_json, put_table
    from cli.session import load_settings

    loaded = load_settings(context, store=store, config=config)
    known = known_rules(loaded)
    if format_ is Format.JSON:
        put_json(known)
    else:
        put_table(known, ascii_only=loaded.settings.ui.ascii)
    if known.found.problems:
        raise typer.Exit(FINDINGS)


def show_rule(
    context: typer.Context, name: Name, *, store: options.Store = None, config: options.Config = None
) -> None:
    """Show a rule as it stands in its file. Put the text into your own folder, with the same id, to change it."""
    from cli.rules.known import known_rules
    from cli.rules.showing import put_rule
    from cli.session import load_settings

    known = known_rules(load_settings(context, store=store, config=config))
    put_rule(known.named(name), known)


def check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files of rules, or folders of such files.")],
    *,
    config: options.Config = None,
) -> None:
    """Say whether rules can be used. They may refer to the shipped ones and to yours. Exits with 1 where one cannot."""
    from cli import stdout
    from cli.problems import FINDINGS
    from cli.rules.checking import checked
    from cli.session import load_settings
    from cli.wording import counted
    from store.safe_text import safe_text

    found = checked(load_settings(context, config=config), files)
    for problem in found.problems:
        stdout.put(safe_text(str(problem)))
    if found.problems:
        raise typer.Exit(FINDINGS)
    stdout.put(f"ok: {counted(len(found.rules), 'rule')}")


def enable(
    context: typer.Context,
    names: Names,
    *,
    reason: Reason = "",
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Switch rules on again; a scanner that runs heeds it at once. Who did so is stored as an event."""
    from cli.rules.switching import switch
    from cli.session import load_settings

    switch(load_settings(context, store=store, config=config), names, on=True, reason=reason)


def disable(
    context: typer.Context,
    names: Names,
    *,
    reason: Reason = "",
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Switch rules off: they raise no alerts until they are switched on again. Who did so is stored as an event.

    What should only be quiet for some time, or for one agent, is better muted: see `auditail alerts decide --help`.
    """
    from cli.rules.switching import switch
    from cli.session import load_settings

    switch(load_settings(context, store=store, config=config), names, on=False, reason=reason)
