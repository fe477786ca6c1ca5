"""What the service shall run, worked out from how this command was called."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from cli.service.plan import ServicePlan
from cli.service.program import require_writable, this_program
from config.paths import user_file
from config.yaml_file import expand_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.loading import Loaded

_NAMED_APART = frozenset({"store.path", "store.tenants", "ui.theme", "ui.utc", "ui.ascii"})
"""Settings that the service does not look up: it is told the store, and shows nothing."""


def plan_of(store: Path, named_config: str | None) -> ServicePlan:
    """Return the plan; `named_config` is the settings file as the command line names it.

    Raises:
        UsageProblem: the program or a path cannot stand in a service's file.
    """
    command, environment = this_program()
    arguments = ["--store", str(store.absolute())]
    config = _config_file(named_config)
    if config is not None:
        arguments += ["--config", str(config)]
    plan = ServicePlan((*command, *arguments, "service", "run"), store.absolute(), Path.home(), environment)
    require_writable(*plan.command, *plan.environment.values(), str(plan.home))
    return plan


def unseen_settings(loaded: Loaded) -> Iterator[str]:
    """Yield the variables of this shell whose settings the service will not get."""
    for key, origin in sorted(loaded.origins.items()):
        if origin.kind == "environment" and key not in _NAMED_APART:
            yield origin.name


def store_in(command: tuple[str, ...]) -> Path | None:
    """Return the store that a service's command names; None: none."""
    for option, value in pairwise(command):
        if option == "--store":
            return Path(value)
    return None


def _config_file(named: str | None) -> Path | None:
    """Return the file that is named, else the user's own where there is one: its place depends on the environment."""
    named = named or os.environ.get("AUDITAIL_CONFIG") or None
    if named is not None:
        return expand_home(named).absolute()
    own = user_file(os.environ)
    return own if own.exists() else None
