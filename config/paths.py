"""Where files are: the XDG base directories, and folders that only their owner can enter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import UnreadableSettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "auditail"
PROJECT_FILE: Final = Path("services/logging/config.yaml")
"""A platform's own settings, relative to the current directory."""


def _base(environ: Mapping[str, str], variable: str, default: str) -> Path:
    # The XDG specification: a relative path is invalid and counts as not set.
    stated = Path(environ.get(variable, ""))
    if stated.is_absolute():
        return stated / NAME
    home = environ.get("HOME", "")
    try:
        return (Path(home) if home.startswith("/") else Path.home()) / default / NAME
    except RuntimeError as error:
        raise UnreadableSettingsError(f"there is no home directory: set HOME or {variable}") from error


def config_home(environ: Mapping[str, str]) -> Path:
    """Return the folder of the user's own settings; it need not exist."""
    return _base(environ, "XDG_CONFIG_HOME", ".config")


def data_home(environ: Mapping[str, str]) -> Path:
    """Return the folder of the store; it need not exist."""
    return _base(environ, "XDG_DATA_HOME", ".local/share")


def state_home(environ: Mapping[str, str]) -> Path:
    """Return the folder of what the program remembers between runs; it need not exist."""
    return _base(environ, "XDG_STATE_HOME", ".local/state")


def user_file(environ: Mapping[str, str]) -> Path:
    """Return the path of the user's own settings."""
    return config_home(environ) / "config.yaml"


def own_rules(environ: Mapping[str, str]) -> Path:
    """Return the folder of the user's own alert rules where nothing else is said; it need not exist."""
    return config_home(environ) / "rules"


def default_store(environ: Mapping[str, str]) -> Path:
    """Return the path of the store where nothing else is said."""
    return data_home(environ) / "auditail.db"


def make_private(folder: Path) -> None:
    """Create a folder and what is missing above it; what is created can be entered by its owner only.

    Raises:
        OSError: it cannot be created.
    """
    missing = [folder, *folder.parents]
    for path in reversed([path for path in missing if not path.exists()]):
        path.mkdir(mode=0o700, exist_ok=True)
