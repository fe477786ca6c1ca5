"""A back-test in words, the same wherever it is shown."""

from __future__ import annotations

from typing import Final

from detect.backtest.model import BackTest, SoFar

_DAY_US: Final = 86_400_000_000
_HOUR_US: Final = 3_600_000_000
_FEW_HOURS: Final = 48


def verdict(test: BackTest) -> str:
    """Return what a back-test found, as in `would have fired 12 times in 30 days, on 3 agents`."""
    if not test.replayed.complete:
        found = _times(len(test.incidents))
        looked = f"{test.replayed.examined:,} of {test.replayed.events:,} events"
        return f"called off after {looked}: would have fired {found} until there"
    within = over(test)
    if not test.incidents:
        return f"would not have fired{within}"
    return f"would have fired {_times(len(test.incidents))}{within}{_whose(test)}"


def over(test: BackTest) -> str:
    """Return how long the stretch of time was, as in ` in 30 days`; empty where there are no events."""
    if test.since_us is None or test.until_us is None:
        return ""
    span_us = max(test.until_us - test.since_us, 0)
    hours = round(span_us / _HOUR_US)
    if hours < _FEW_HOURS:
        return f" in {_counted(max(hours, 1), 'hour')}"
    return f" in {_counted(round(span_us / _DAY_US), 'day')}"


def progress(testing: SoFar) -> str:
    """Return how far a back-test is, as in `41 %: 4,100,000 of 10,000,000 events, would have fired 3 times`."""
    replayed = testing.replayed
    looked = f"{min(replayed.examined, replayed.events):,} of {_counted(replayed.events, 'event')}"
    return f"{replayed.share:4.0%}: {looked}, would have fired {_times(testing.incidents)} so far"


def remarks(test: BackTest) -> tuple[str, ...]:
    """Return what somebody who trusts the number should know."""
    found: list[str] = []
    if not test.sieved:
        found.append("The rule says nothing of names such as type or tool, so that every event had to be read.")
    if test.shed:
        found.append(f"{test.shed:,} keys and matches did not fit into the rule's memory, as they would not live.")
    if test.rule.kind in ("first-seen", "baseline"):
        found.append("The rule learns first: it began knowing nothing, and learned from the same stretch of time.")
    return tuple(found)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _whose(test: BackTest) -> str:
    if test.agents:
        return f", on {_counted(len(test.agents), 'agent')}"
    return f", of {_counted(len(test.users), 'user')}" if test.users else ""


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
