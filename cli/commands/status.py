"""`auditail status`: is everything being captured, where is it kept, and which settings hold."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import options


class Format(StrEnum):
    """How the state is written."""

    TEXT = "text"
    JSON = "json"


def status(
    context: typer.Context,
    *,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.", case_sensitive=False)] = Format.TEXT,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show the scanner, the store, what is read, and the settings in force with where each comes from.

    Exits with 1 where something needs attention: a folder that cannot be read, or records in quarantine.
    """
    import orjson

    from cli import stdout
    from cli.problems import FINDINGS
    from cli.report import needs_attention, status_document
    from cli.session import load_settings, open_reader, store_path
    from store.errors import StoreMissingError

    loaded = load_settings(context, store=store, config=config)
    try:
        reader = open_reader(loaded)
    except StoreMissingError:
        health = None
    else:
        try:
            health = reader.health()
        finally:
            reader.close()
    if format_ is Format.JSON:
        document = status_document(loaded, store_path(loaded), health)
        stdout.put(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    else:
        from cli.render.status import status_lines

        for line in status_lines(loaded, store_path(loaded), health):
            stdout.put(line)
    if health is not None and needs_attention(health):
        raise typer.Exit(FINDINGS)
