"""`auditail quarantine`: records that could not be read: why and where they stand, retry, discard."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import options

DEFAULT_TABLE_ROWS = 100
"""As many as a person reads; formats for programs are whole."""


class Format(StrEnum):
    """How records are listed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class By(StrEnum):
    """What one row of a list is."""

    RECORD = "record"
    REASON = "reason"


Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", metavar="N", min=1, help="Only the newest N. Without it a table has 100, the rest is whole."
    ),
]
Fault = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Only records whose reason contains this text."),
]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="TEXT", help="Only records of files whose path contains this text."),
]
Grouping = Annotated[
    By, typer.Option("--by", help="A row for each record, or for each reason with a count.", case_sensitive=False)
]
Numbers = Annotated[list[int] | None, typer.Argument(metavar="ID…", help="Numbers from `auditail quarantine list`.")]
All = Annotated[bool, typer.Option("--all", help="All records in quarantine.")]


def list_entries(
    context: typer.Context,
    *,
    by: Grouping = By.RECORD,
    reason: Fault = None,
    source: Source = None,
    limit: Limit = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write them.", case_sensitive=False)
    ] = Format.TABLE,
    utc: options.Utc = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """List the records that could not be read, newest last. Exits with 1 where there are any."""
    from cli.narration import narrate
    from cli.problems import FINDINGS
    from cli.render.quarantine_list import put_reasons, put_records
    from cli.session import load_settings, open_reader
    from store.query.quarantined import Wanted

    loaded = load_settings(context, store=store, config=config)
    wanted = Wanted(reason=reason, source=source)
    utc = utc or loaded.settings.ui.utc
    reader = open_reader(loaded)
    try:
        if by is By.REASON:
            found = put_reasons(reader.quarantined.reasons(wanted)[:limit], format_.value, utc=utc)
        else:
            most = DEFAULT_TABLE_ROWS if limit is None and format_ is Format.TABLE else limit
            rows = reader.quarantined.rows(wanted, most)
            found = put_records(rows[::-1], format_.value, utc=utc)
    finally:
        reader.close()
    if not found:
        narrate("nothing is in quarantine" if wanted == Wanted() else "nothing in quarantine is like that")
        return
    if format_ is Format.TABLE:
        narrate("`auditail quarantine show ID` shows one of them whole, `retry` reads it again")
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
    """Show one record that could not be read: where it stands, why, its text, and the bytes around the fault."""
    from cli import stdout
    from cli.problems import UsageProblem
    from cli.render.quarantine import entry_text
    from cli.session import load_settings, open_reader

    loaded = load_settings(context, store=store, config=config)
    reader = open_reader(loaded)
    try:
        entry = reader.quarantined.entry(entry_id)
    finally:
        reader.close()
    if entry is None:
        raise UsageProblem(f"nothing in quarantine has the number {entry_id}: see `auditail quarantine list`")
    if raw:
        stdout.binary().write(entry.raw)
        return
    for line in entry_text(entry, utc=utc or loaded.settings.ui.utc):
        stdout.put(line)


def retry(
    context: typer.Context,
    ids: Numbers = None,
    *,
    everything: All = False,
    reason: Fault = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Read records again, after their file was mended or with a newer auditail, and say what came of each.

    What can be read now is stored, once, and leaves the quarantine. Exits with 1 where a record is still bad.
    """
    from cli import stdout
    from cli.detecting import detection_of
    from cli.narration import narrate
    from cli.problems import FINDINGS
    from cli.progress import Progress
    from cli.quarantining import chosen
    from cli.render.quarantine import outcome_line
    from cli.session import load_settings, store_path
    from cli.wording import counted
    from ingest.retry_service import ScannerBusyError, retry_records
    from store.pricing.choosing import pricer_of

    loaded = load_settings(context, store=store, config=config)
    numbers = chosen(loaded, ids or [], everything=everything, reason=reason)
    if not numbers:
        narrate("nothing is in quarantine that could be read again")
        return
    try:
        with Progress() as progress:
            outcomes = retry_records(
                store_path(loaded),
                numbers,
                loaded.settings.ingest,
                lambda left: progress.show(f"waiting for the running scanner: {counted(left, 'record')} left"),
                pricer=pricer_of(loaded.settings),
                detection=detection_of(loaded),
            )
    except ScannerBusyError as error:
        narrate(f"auditail: {error}")
        raise typer.Exit(FINDINGS) from error
    for outcome in outcomes:
        stdout.put(outcome_line(outcome))
    read = sum(outcome.read for outcome in outcomes)
    narrate(f"{read:,} read, {len(outcomes) - read:,} still in quarantine")
    if read < len(outcomes):
        raise typer.Exit(FINDINGS)


def discard(
    context: typer.Context,
    ids: Numbers = None,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why they are dropped; it is recorded.")],
    everything: All = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before --all.")] = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Drop records for good. Who dropped which, and why, is stored as an event in place of each.

    The bytes are gone from the store afterwards; the event keeps their hash.
    """
    from cli.narration import narrate
    from cli.problems import UsageProblem
    from cli.quarantining import chosen, confirm
    from cli.session import load_settings, store_path
    from cli.wording import counted
    from store.quarantine import QuarantineDesk
    from store.store import Store

    if not reason.strip():
        raise UsageProblem("--reason is empty: say why the records are dropped, it is kept in their place")
    loaded = load_settings(context, store=store, config=config)
    numbers = chosen(loaded, ids or [], everything=everything)
    if not numbers:
        narrate("nothing is in quarantine")
        return
    if everything and not yes:
        confirm(f"Drop {counted(len(numbers), 'record')} for good?")
    with Store.open(store_path(loaded), create=False) as opened:
        number = QuarantineDesk(opened).discard(numbers, reason)
    narrate(f"{counted(number, 'record')} discarded: `auditail logs --type system.quarantine_discarded` shows them")
