"""`auditail analytics reprice` and `rebuild`: prices and sums made anew out of the events."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import options
from cli.commands.analytics_asked import Form, Format

if TYPE_CHECKING:
    from config.loading import Loaded
    from store.store import Store


def reprice(
    context: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    format_: Form = Format.TABLE,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Compute the cost of stored events anew, after prices have changed.

    Prices come from the section `prices` of your settings, else from the list that is shipped. What a producer has
    reported stays as it is. Events may arrive meanwhile; stopped with Ctrl-C, it goes on where it is run again.
    """
    from cli.analytics.repricing import repriced_report
    from cli.analytics.running import write
    from cli.narration import narrate
    from cli.progress import Progress
    from cli.session import load_settings, scope_of
    from store.pricing.repricing import reprice as price_anew

    loaded = load_settings(context, store=store, config=config)
    with _opened(loaded) as opened, Progress() as progress:
        try:
            done = price_anew(
                opened,
                opened.pricer,
                dry_run=dry_run,
                progress=lambda number: progress.show(f"{number:,} events priced"),
            )
        except KeyboardInterrupt:
            narrate("stopped: what was priced so far stays, and running it again does the rest")
            raise
    report = repriced_report(done, dry_run=dry_run, by_model=not scope_of(loaded).limited)
    write(report, format_.value, loaded.settings.ui)


def rebuild(context: typer.Context, *, store: options.Store = None, config: options.Config = None) -> None:
    """Make all sums anew out of the events, as if they had just arrived.

    They are kept while events are stored, so this is never needed, but proves it: nothing changes. Whoever appends
    waits meanwhile; stopped with Ctrl-C, everything is as it was.
    """
    from cli.narration import narrate
    from cli.progress import Progress
    from cli.session import load_settings
    from cli.wording import counted

    counts = [0]
    with _opened(load_settings(context, store=store, config=config)) as opened, Progress() as progress:

        def show(done: int, total: int) -> None:
            counts[0] = done
            progress.show(f"{done:,} of {total:,} events counted")

        opened.rebuild_rollups(show)
    narrate(f"the sums of {counted(counts[0], 'event')} are made anew")


def _opened(loaded: "Loaded") -> "Store":
    """Open the store that is there for writing.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    from cli.loading import no_garbage_expected
    from cli.session import store_path

    with no_garbage_expected():
        from store.pricing.choosing import pricer_of
        from store.store import Store

    return Store.open(store_path(loaded), create=False, pricer=pricer_of(loaded.settings))
