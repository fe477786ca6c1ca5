"""Rules at work in the processes that hold the scanner's lease: whatever they store is looked at as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from config.alerts import DetectionSettings
from detect.notify.command import DETECTION
from detect.observer import Detector

if TYPE_CHECKING:
    from store.store import Store

NOTHING: Final = ""
"""What stands in the environment of a process that is to look for nothing."""


def look_for_alerts(store: Store, settings: DetectionSettings | None) -> None:
    """Have rules look at what this process appends, and at what others do. None: the shipped rules alone."""
    store.observe_with(Detector(settings or DetectionSettings(), clock=store.clock))


def catch_up(store: Store) -> None:
    """Have the rules look at everything that is stored by now.

    Raises:
        StoreError: the store cannot be written now; whoever looks next goes on from there.
    """
    while store.observe_now():
        pass


def as_handed_on(store: Store) -> str:
    """Return what a process that appends for this one must know of alerts, as text."""
    observer = store.observer
    return observer.settings.model_dump_json() if isinstance(observer, Detector) else NOTHING


def handed_on(environ: Mapping[str, str]) -> DetectionSettings | None:
    """Return what this process was told of alerts by the one that started it; None: it is to look for nothing.

    One that was told nothing at all has the shipped rules alone.
    """
    said = environ.get(DETECTION)
    if said == NOTHING:
        return None
    return DetectionSettings() if said is None else DetectionSettings.model_validate_json(said)
