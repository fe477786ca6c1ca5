"""How often the Alerts tab asks: soon after something has changed, but not without a rest."""

from __future__ import annotations

import pytest

from tests.pilot.alerts_app import alerts, looking, with_alerts
from tui.screens.alerts_facts import TokenSeen
from tui.screens.alerts_view import AlertsView

NEVER_S = 600.0


@pytest.fixture(autouse=True)
def _nothing_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.alerts_view.EVERY_S", NEVER_S)


@pytest.mark.parametrize(("least_s", "took_s", "looks"), [(0.0, 0.0, 1), (NEVER_S, 0.0, 0), (0.0, NEVER_S, 0)])
async def test_the_store_is_looked_at_after_a_rest(
    least_s: float, took_s: float, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(with_alerts()) as pilot:
        screen = alerts(pilot)
        looked: list[AlertsView] = []
        monkeypatch.setattr(screen.ask_store, "token", lambda: looked.append(screen))
        monkeypatch.setattr("tui.screens.alerts_view.LEAST_S", least_s)
        monkeypatch.setattr(screen, "_took_s", took_s)
        screen.tick()
        assert len(looked) == looks


@pytest.mark.parametrize(("later", "asks"), [(0, False), (1, True)])
async def test_everything_is_asked_again_only_where_something_has_changed(later: int, asks: bool) -> None:
    async with looking(with_alerts()) as pilot:
        screen = alerts(pilot)
        assert screen.answer is not None
        screen.on_token_seen(TokenSeen(screen.answer.token + later))
        assert screen.is_answered is not asks
