"""`auditail demo`: the dashboard on a simulated platform, or the platform's files alone."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_EVENTS = 100_000
DEFAULT_RATE = 8.0


def demo(
    context: typer.Context,
    *,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep the events and the store in this folder."),
    ] = None,
    rate: Annotated[float, typer.Option("--rate", metavar="N", help="Events per second.")] = DEFAULT_RATE,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed tells the same stories.")] = 1,
    headless: Annotated[bool, typer.Option("--headless", help="Only write files; needs --out.")] = False,
    events: Annotated[int, typer.Option("--events", metavar="N", min=1, help="With --headless: how many.")] = (
        DEFAULT_EVENTS
    ),
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="With --headless: where to.")] = None,
    span: Annotated[
        str, typer.Option("--span", metavar="SPAN", help="With --headless: how much time they cover, such as 30d.")
    ] = "30d",
) -> None:
    """Show the dashboard on a simulated agent platform, in a store of its own.

    Agents work, edit, spend and err; someone guesses a password, someone probes permissions. Your own store and files
    are not touched, and everything is removed at the end unless --keep says otherwise.
    """
    from cli.problems import UsageProblem

    if headless:
        if out is None:
            raise UsageProblem("--headless writes files: say where with --out DIR")
        _write_files(out, events=events, span=span, seed=seed)
        return
    if out is not None:
        raise UsageProblem("--out belongs to --headless: the dashboard's events are kept with --keep DIR")
    if rate <= 0:
        raise UsageProblem("--rate must be above 0 events per second")
    from cli.commands.dashboard import require_terminal
    from cli.session import load_settings

    require_terminal()
    ui = load_settings(context).settings.ui
    from cli.demo_stage import run_demo

    run_demo(keep=keep, rate=rate, seed=seed, ui=ui)


def _write_files(out: Path, *, events: int, span: str, seed: int) -> None:
    from cli.narration import narrate
    from cli.problems import UsageProblem
    from cli.progress import Progress
    from cli.wording import counted
    from ingest.simulate.headless import write_history
    from ingest.simulate.spans import parse_span
    from tui.format import now_us, size

    with Progress() as progress:
        try:
            written = write_history(
                out,
                events=events,
                span_us=parse_span(span),
                end_us=now_us(),
                seed=seed,
                on_progress=lambda number: progress.show(f"{number:,} of {events:,} events written"),
            )
        except (ValueError, FileExistsError) as error:
            raise UsageProblem(str(error)) from error
    narrate(
        f"{counted(written.events, 'event')} in {counted(len(written.files), 'file')}, {size(written.bytes)}, in {out}"
    )
