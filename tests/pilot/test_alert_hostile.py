"""What strangers wrote into an alert is only ever text: in its pane, and in the dialog that decides on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual import events

from store.alerts.model import AlertStep, Alike, Decision, DecisionPreview, Evidence, Happened
from store.alerts.states import Reach, Verdict
from store.errors import StoreError
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from store.safe_text import safe_text
from tests.pilot.alert_stories import ATTEMPT, DETAILS, EVIDENCE
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import Stage, settled
from tui.screens.decide import DecideScreen
from tui.widgets.alert_pane import AlertPane
from tui.widgets.line import spans_width
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.alerts.model import AlertDetail

HOSTILE = [*TEXTS, *random_texts(12)]


def written_by(text: str) -> AlertDetail:
    """Return an alert all of whose texts are the same."""
    detail = DETAILS[ATTEMPT]
    row = replace(
        detail.row,
        rule=text,
        title=text,
        explanation=text,
        agent=text,
        user=text,
        tenant=text,
        key=(("agent_id", text), (text, text), (text, None)),
    )
    event = replace(
        EVIDENCE[0].event, event_type=f"{text}.{text}", tool=text, server=text, message=text, resource_tenant_id=text
    )
    told = replace(event, tool=None, event_type="agent.message")
    at_us, until_us = FROZEN_US, FROZEN_US + 1
    history = (
        AlertStep(at_us, Happened.NOTIFIED, target=text, took_ms=3),
        AlertStep(at_us, Happened.NOT_NOTIFIED, target=text, reason=text),
        AlertStep(at_us, Happened.DECIDED, Verdict.MUTE, text, text, until_us, Reach.RULE_AND_AGENT),
        AlertStep(at_us, Happened.UNDONE, Verdict.MUTE, text),
    )
    return replace(
        detail,
        row=row,
        description=text,
        tags=(text, f"owasp.{text}"),
        falsepositives=(text, text),
        group_by=(text,),
        evidence=(Evidence(event, hit=True), Evidence(event, hit=False), Evidence(told, hit=True)),
        history=history,
        alike=(Alike(7, FROZEN_US, Verdict.RESOLVE, text, text),),
    )


@pytest.mark.parametrize("width", [42, 61, 160])
async def test_the_pane_draws_hostile_text_as_text(width: int) -> None:
    pane = AlertPane()
    pane.now_us = FROZEN_US
    pane.styles.width = width
    app = Stage(pane)
    async with app.run_test(size=(width, 160)) as pilot:
        for text in HOSTILE if width == 61 else TEXTS:
            pane.show(written_by(text))
            await settled(pilot)
            assert unsafe_on_screen(app) == []
            assert len(pane.lines) < 160
            for line in pane.lines:
                wide = line.target is not None  # rows of evidence are cut where they are drawn
                assert wide or spans_width(line.spans) <= width
            await pilot.press("down", "down", "enter")
            assert unsafe_on_screen(app) == []
            pane.show(None, text, trouble=True)
            await settled(pilot)
            assert unsafe_on_screen(app) == []


def refusing(text: str) -> Callable[[Decision], DecisionPreview]:
    """Return a preview that cannot be made, for a reason that holds the text."""

    def refuse(decision: Decision) -> DecisionPreview:
        raise StoreError(f"{decision.verdict}: {text}")

    return refuse


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_dialog_draws_hostile_text_as_text(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        for text in TEXTS if size[0] == 80 else HOSTILE[14::4]:
            what = Filter.of(Clause(Key.AGENT, (literal(text or "x"),)))
            row = written_by(text).row
            app.ask(DecideScreen(row, refusing(text), clock=lambda: FROZEN_US, utc=True, who=text, what=what))
            await settled(pilot)
            assert unsafe_on_screen(app) == []
            await pilot.press("down", "down", "down", "tab")
            assert app.focused is not None
            app.focused.post_message(events.Paste(text))
            await pilot.press("tab", "right", "right", "tab", "left")
            await settled(pilot)
            assert unsafe_on_screen(app) == []
            for words in app.screen.query(LineView):
                assert all(spans_width(line.spans) <= words.size.width for line in words.lines)
            await pilot.press("enter", "escape")
        assert all(answer is None or safe_text(answer.reason) == answer.reason for answer in app.answers)
