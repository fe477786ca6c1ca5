"""`auditail rules test`: what a rule would have found in what is stored."""

from typing import Annotated

import typer

from cli import options
from cli.commands.rules import Format


def run_test(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file of rules, or a folder of such files.")],
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="From this time on, as in -7d (default: the last 30 days)."),
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="NAME", help="Only this one of the file's rules, by name or id.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write what was found.", case_sensitive=False)
    ] = Format.TABLE,
    store: options.Store = None,
    config: options.Config = None,
    tenant: options.Tenant = None,
    utc: options.Utc = False,
) -> None:
    """Say how often rules would have raised an alert, had they been at work: nothing is stored, nobody is told.

    Events are looked at in the order in which they arrived. Ctrl-C stops, and what was found until then is shown.
    """
    from contextlib import closing

    from cli.rules.tested import put_json, put_test
    from cli.rules.testing import rules_in, since_of, tests_of
    from cli.session import load_settings, open_reader

    loaded = load_settings(context, store=store, config=config, tenants=tenant)
    in_utc = utc or loaded.settings.ui.utc
    since_us = since_of(since, utc=in_utc)
    every, wanted = rules_in(loaded, file, rule)
    with closing(open_reader(loaded)) as reader:
        tests = tests_of(reader, loaded.settings, every, wanted, since_us)
        if format_ is Format.JSON:
            put_json(list(tests))
        else:
            for one in tests:
                put_test(one, utc=in_utc, ascii_only=loaded.settings.ui.ascii)
