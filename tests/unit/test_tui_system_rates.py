"""What follows from comparing answers about health: processor share, rates by folder, the usual lag."""

from __future__ import annotations

from dataclasses import replace

from store.health import Health
from tests.pilot.made_up_events import FROZEN_US, SECOND
from tests.pilot.states_of_health import fine
from tui.system_rates import LEAST_SAMPLES, RateKeeper, Rates, is_backlog


def health(*, cpu_us: int = 0, events: int = 0, pid: int = 1, lag_ms: int | None = 84) -> Health:
    plain = fine()
    scanner = replace(plain.scanner, pid=pid, cpu_us=cpu_us, started_us=FROZEN_US - 100 * SECOND, lag_ms=lag_ms)
    source = replace(plain.sources[0], events=events)
    return replace(plain, scanner=scanner, sources=(source,), store=replace(plain.store, events=events))


def test_the_first_answer_knows_only_the_average_since_the_start() -> None:
    rates = RateKeeper().note(health(cpu_us=5 * SECOND), FROZEN_US)
    assert rates.cpu_percent == 5.0
    assert (rates.per_second, rates.lag_p95_ms) == ({}, None)


def test_later_answers_are_compared_with_those_ten_seconds_ago() -> None:
    keeper, rates = RateKeeper(), Rates()
    for second in range(21):
        keeper.note(health(cpu_us=second * SECOND), FROZEN_US + second * SECOND)
    for second in range(21, 31):
        rates = keeper.note(health(cpu_us=20 * SECOND), FROZEN_US + second * SECOND)
    assert rates.cpu_percent == 0.0


def test_a_rate_is_what_came_in_those_seconds() -> None:
    keeper, rates = RateKeeper(), Rates()
    for second in range(31):
        rates = keeper.note(health(events=second * 3), FROZEN_US + second * SECOND)
    assert rates.per_second == {1: 3.0}


def test_another_scanner_starts_anew() -> None:
    keeper = RateKeeper()
    keeper.note(health(cpu_us=50 * SECOND), FROZEN_US)
    rates = keeper.note(health(cpu_us=SECOND, pid=2), FROZEN_US + 5 * SECOND)
    assert rates.cpu_percent is not None
    assert round(rates.cpu_percent, 3) == round(100 / 105, 3)


def test_no_scanner_has_no_share() -> None:
    stopped = health()
    stopped = replace(stopped, scanner=replace(stopped.scanner, running=False))
    assert RateKeeper().note(stopped, FROZEN_US).cpu_percent is None


def test_the_usual_lag_counts_batches_and_not_looks() -> None:
    keeper, rates = RateKeeper(), Rates()
    for second in range(3 * LEAST_SAMPLES):
        rates = keeper.note(health(lag_ms=50), FROZEN_US + second * SECOND)
    assert rates.lag_p95_ms is None  # it was one batch all the time
    for number in range(1, LEAST_SAMPLES):
        rates = keeper.note(health(events=number, lag_ms=50 + number), FROZEN_US + number * SECOND)
    assert rates.lag_p95_ms == 50 + LEAST_SAMPLES - 2


def test_the_age_of_files_from_before_the_scanner_is_no_lag() -> None:
    keeper, rates = RateKeeper(), Rates()
    for number in range(1, 2 * LEAST_SAMPLES):
        rates = keeper.note(health(events=number, lag_ms=3_600_000), FROZEN_US + number * SECOND)
    assert rates.lag_p95_ms is None
    assert is_backlog(lag_ms=3_000, stored_us=10 * SECOND, started_us=8 * SECOND)
    assert not is_backlog(lag_ms=1_000, stored_us=10 * SECOND, started_us=8 * SECOND)
    assert not is_backlog(lag_ms=1_000, stored_us=None, started_us=8 * SECOND)
