"""`auditail status`: is everything being captured, where is it kept, and which settings hold."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import options

if TYPE_CHECKING:
    from cli.report import State
    from config.loading import Loaded


class Format(StrEnum):
    """How the state is written."""

    TABLE = "table"
    JSON = "json"


def status(
    context: typer.Context,
    *,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.", case_sensitive=False)] = Format.TABLE,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show the scanner, the store, what is read, and the settings in force with where each comes from.

    Exits with 1 where something needs attention, and says in plain words what: no scanner runs though paths should be
    watched, something cannot be read, records are in quarantine, or the disk is nearly full.
    """
    import orjson

    from cli import stdout
    from cli.problems import FINDINGS
    from cli.render.json_output import escaped
    from cli.render.status import status_lines
    from cli.report import status_document
    from cli.session import load_settings, store_path

    loaded = load_settings(context, store=store, config=config)
    state = _ask(loaded)
    if format_ is Format.JSON:
        document = orjson.dumps(status_document(loaded, store_path(loaded), state), option=orjson.OPT_INDENT_2)
        stdout.put((escaped(document) if stdout.is_terminal() else document).decode())
    else:
        for line in status_lines(loaded, store_path(loaded), state):
            stdout.put(line)
    if state.attention:
        raise typer.Exit(FINDINGS)


def _ask(loaded: "Loaded") -> "State":
    from cli.attention import attention, attention_to_alerts
    from cli.report import State
    from cli.rules.known import counts, rules_of
    from cli.session import open_reader, store_path
    from store.clock import now_us
    from store.errors import StoreMissingError

    rules = rules_of(loaded)
    try:
        reader = open_reader(loaded)
    except StoreMissingError:
        missing = f"there is no store at {store_path(loaded)} yet: `auditail ingest PATH` makes it"
        return State((missing,), rules=counts(rules, frozenset()))
    try:
        health, watching, now = reader.health(), reader.watching(), now_us()
        known, targets = counts(rules, reader.alerts.switched_off()), reader.telling(now)
        found = (*attention(health, watching, now), *attention_to_alerts(known, targets, now))
        return State(found, health, watching, tuple(reader.quarantined.reasons()), known, targets)
    finally:
        reader.close()
