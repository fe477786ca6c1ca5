"""The evidence of alerts on the command line: `has:alert` and `alert:` find it, and what is printed is as ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alerts_place import AlertsPlace
from tests.e2e.cli_process import in_process
from tests.events import BASE_US, SECOND, add_source, batch, line, open_store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, *(line(f"event {k}", BASE_US + k * SECOND) for k in range(6)))])
        alerts = AlertsPlace(store)
        rows = alerts.rows()
        for chosen in (rows[:1], rows[2:4], rows[3:5]):
            alerts.alert(chosen)
    return tmp_path


def found(place: Path, *query: str) -> list[str]:
    answer = in_process("infra", "logs", "--store", "events.db", "--format", "json", *query, cwd=place)
    assert answer.code == 0, answer.err
    return [event["message"] for event in answer.json()]


def test_evidence_is_found_by_alert_and_of_any(place: Path) -> None:
    assert found(place, "has:alert") == ["event 0", "event 2", "event 3", "event 4"]
    assert found(place, "alert:3") == ["event 3", "event 4"]
    assert found(place, "alert:2,3", "-alert:3") == ["event 2"]
    assert found(place, "-has:alert") == ["event 1", "event 5"]


def test_an_event_is_printed_as_if_it_were_no_evidence(place: Path) -> None:
    answer = in_process("infra", "logs", "--store", "events.db", "--format", "json", cwd=place)
    events = answer.json()
    assert len({tuple(event) for event in events}) == 1
    assert not any("alert" in name for event in events for name in event)


def test_keys_of_alerts_are_refused_with_the_place_where_they_are_known(place: Path) -> None:
    answer = in_process("infra", "logs", "--store", "events.db", "has:alert level:high", cwd=place)
    assert answer.code == 2
    assert "level: is known on the Alerts tab only" in answer.err
    assert answer.err.splitlines()[-1].strip() == "^^^^^"
