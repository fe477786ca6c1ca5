"""Which alerts a command is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.filtering import parsed
from store.alerts.states import LEVELS, LIVE
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.walking import has_key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loading import Loaded
    from store.alerts.states import Level

_LIVE: Final = Clause(Key.STATE, tuple(LIVE)).expression


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for. `stated`: the query says itself which states are meant."""

    query: Filter
    stated: bool
    fail_on: Level | None

    @classmethod
    def of(cls, query: Sequence[str], loaded: Loaded, *, utc: bool | None, fail_on: Level | None) -> Asked:
        """Return what the words of a query ask for; `utc` None: as the settings say.

        Raises:
            UsageProblem: the query cannot be understood; the text shows where.
        """
        expression = parsed(" ".join(query), alerts=True)
        zone = loaded.settings.ui.utc if utc is None else utc
        return cls(Filter(expression, zone), expression is not None and has_key_of(expression, (Key.STATE,)), fail_on)

    @property
    def utc(self) -> bool:
        """Whether times are read and shown in UTC instead of local time."""
        return self.query.utc

    @property
    def listed(self) -> Filter:
        """The alerts to be listed: unless the query says otherwise, those in which something is to be done."""
        return self.query if self.stated else self.live

    @property
    def live(self) -> Filter:
        """Those among them in which something is still to be done."""
        return self.query.also(_LIVE)

    @property
    def failing(self) -> Filter | None:
        """Those because of which the command ends with 1; None: it does not."""
        if self.fail_on is None:
            return None
        at_or_above = LEVELS[LEVELS.index(self.fail_on) :]
        return self.live.also(Clause(Key.LEVEL, tuple(at_or_above)).expression)
