"""`auditail ingest`: read files into the store."""

from typing import Annotated

import typer

from cli import options


def ingest(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Folders and files; - is standard input.")],
    *,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Remember the paths and go on reading what arrives, until Ctrl-C."),
    ] = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Read event files into the store, each event once, however often it is run.

    Folders are read with all below them. A file named here is read whatever its name. Exits with 1 where a record went
    to quarantine or a file could not be read.
    """
    from cli.ingesting import follow_paths, read_paths, report
    from cli.problems import FINDINGS, UsageProblem
    from cli.session import load_settings, store_path

    if follow and "-" in paths:
        raise UsageProblem("standard input is read to its end anyway: leave --follow out")
    loaded = load_settings(context, store=store, config=config)
    work = follow_paths if follow else read_paths
    summaries = work(store_path(loaded), paths, loaded)
    if report(summaries):
        raise typer.Exit(FINDINGS)
