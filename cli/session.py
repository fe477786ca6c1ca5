"""What every command starts from: the flags before and after its name, the settings, the scope, the store."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cli.loading import no_garbage_expected
from cli.narration import narrate

if TYPE_CHECKING:
    import typer

    from config.loading import Loaded
    from store.reader import StoreReader
    from store.scope import Scope


@dataclass(frozen=True, slots=True)
class RootFlags:
    """Flags given before a command's name; they hold for every command."""

    store: str | None = None
    config: str | None = None
    tenants: list[str] = field(default_factory=list[str])
    watch: list[str] = field(default_factory=list[str])
    query: str | None = None


def root_flags(context: typer.Context) -> RootFlags:
    """Return the flags that stood before the command's name."""
    found = context.find_root().obj
    return found if isinstance(found, RootFlags) else RootFlags()


def load_settings(
    context: typer.Context,
    *,
    store: str | None = None,
    config: str | None = None,
    tenants: list[str] | None = None,
) -> Loaded:
    """Load all settings with the flags on top; say in one line where a project's settings wait to be confirmed.

    Raises:
        SettingsError: a file, key or value is wrong.
    """
    from config.loading import load

    root = root_flags(context)
    named = config or root.config
    loaded = load(
        environ=os.environ,
        cwd=Path.cwd(),
        config_file=Path(named) if named else None,
        flags={
            "store.path": ("--store", store or root.store),
            "store.tenants": ("--tenant", tenants or root.tenants),
            "ingest.paths": ("--watch", root.watch),
        },
    )
    if loaded.notice:
        narrate(f"auditail: {loaded.notice}")
    return loaded


def scope_of(loaded: Loaded) -> Scope:
    """Return the tenants that may be seen."""
    from store.scope import Scope

    return Scope(loaded.settings.store.tenants)


def store_path(loaded: Loaded) -> Path:
    """Return where the store is.

    Raises:
        UnsupportedStoreError: the settings name a database server instead of a file.
    """
    from store.errors import UnsupportedStoreError

    stated = loaded.settings.store.path
    if stated is not None and "://" in stated:
        raise UnsupportedStoreError(stated)
    return loaded.store_path


def open_reader(loaded: Loaded) -> StoreReader:
    """Open the store for reading.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    with no_garbage_expected():
        from store.reader import StoreReader

    return StoreReader.open(store_path(loaded), scope_of(loaded))
