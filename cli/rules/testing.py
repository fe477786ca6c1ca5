"""What rules of a file would have found in what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cli.calling_off import ctrl_c_noted
from cli.narration import narrate
from cli.problems import UsageProblem
from cli.progress import Progress
from cli.rules.checking import checked
from cli.rules.known import rules_of
from detect.backtest.model import CannotBeTestedError
from detect.backtest.running import back_test
from detect.backtest.words import progress
from detect.rules.model import RuleSet
from store.clock import now_us
from store.filters.time_text import ACCEPTED, is_time, read_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.calling_off import CalledOff
    from config.loading import Loaded
    from config.settings import Settings
    from detect.backtest.model import BackTest, SoFar, Watch
    from detect.rules.model import Rule
    from store.reader import StoreReader

DAYS: Final = 30
"""For so many days a rule is tested where nothing else is said."""
_DAY_US: Final = 86_400_000_000
_MICROS: Final = 1_000_000


def since_of(text: str | None, *, utc: bool) -> int:
    """Return from when on events are looked at, in UTC microseconds; None: 30 days ago.

    Raises:
        UsageProblem: it is no time.
    """
    if text is None:
        return now_us() - DAYS * _DAY_US
    if not is_time(text):
        raise UsageProblem(f"cannot read the time {text!r}: write it as {ACCEPTED}")
    return read_time(text, now=datetime.fromtimestamp(now_us() / _MICROS, tz=UTC), utc=utc)


def rules_in(loaded: Loaded, file: str, name: str | None) -> tuple[RuleSet, tuple[Rule, ...]]:
    """Return all rules, and those of a file (or the one of them that is named) that are to be tested.

    Raises:
        UsageProblem: a rule of the file cannot be used, or it has none of that name.
    """
    found = checked(loaded, [file])
    for problem in found.problems:
        narrate(str(problem))
    if found.problems:
        raise UsageProblem(f"{file} has rules that cannot be used, see above: mend them first")
    ids = {rule.id for rule in found.rules}
    every = RuleSet((*(rule for rule in rules_of(loaded).rules if rule.id not in ids), *found.rules))
    if name is not None:
        wanted = tuple(rule for rule in found.rules if name.casefold() in (rule.id, rule.name.casefold()))
        if not wanted:
            names = ", ".join(rule.name for rule in found.rules) or "none"
            raise UsageProblem(f"no rule in {file} is called {name}: there is {names}")
        return every, wanted
    parts = every.quiet
    loud = tuple(rule for rule in found.rules if rule.id not in parts)
    if not found.rules:
        raise UsageProblem(f"{file} has no rules")
    return every, loud or found.rules


def tests_of(
    reader: StoreReader, settings: Settings, every: RuleSet, rules: Sequence[Rule], since_us: int
) -> Iterator[BackTest]:
    """Test rules one after the other, telling on standard error how far each is; Ctrl-C calls the rest off."""
    budgets, utc = settings.budgets, settings.ui.utc
    with ctrl_c_noted() as called_off:
        for rule in rules:
            with Progress() as line:
                try:
                    watch = _watch(line, rule, called_off)
                    yield back_test(every, rule, reader, watch, since_us=since_us, budgets=budgets, utc=utc)
                except CannotBeTestedError as error:
                    narrate(f"{rule.name}: {error}")
            if called_off:
                return


def _watch(line: Progress, rule: Rule, called_off: CalledOff) -> Watch:
    def watch(testing: SoFar) -> bool:
        line.show(f"{rule.name}{progress(testing)} (Ctrl-C stops)")
        return not called_off

    return watch
