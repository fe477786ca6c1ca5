"""A decision while it is being made: what is missing, what its rows and its button say, and what it would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.alerts.model import Decision, DecisionPreview
from store.alerts.states import STANDING, AlertState, Level, Reach, Verdict
from store.filters.model import Filter
from tests.pilot.alert_stories import ATTEMPT, ATTEMPT_ROW
from tests.pilot.made_up_events import FROZEN_US
from tui.alert_form import MEANING, Form, Missing
from tui.alert_preview import preview_words
from tui.alert_until import Until
from tui.alert_words import LEVEL_ROLE, OUTCOME, SHORT_LEVEL, STATE_WORD, VERDICT_WORD
from tui.glyphs import ASCII, UNICODE
from tui.screens.decide_parts import end_words, head, reach_choices, reason_head, until_choices, written_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.widgets.line import Span

FORM = Form(ATTEMPT_ROW)
FILTER = Filter.parsed("agent:support-bot")
DAY = 86_400_000_000


def said(spans: Sequence[Span]) -> str:
    return "".join(text for text, _ in spans)


def test_every_word_has_its_entry() -> None:
    assert set(SHORT_LEVEL) == set(LEVEL_ROLE) == set(Level)
    assert max(len(word) for word in SHORT_LEVEL.values()) == 4
    assert set(STATE_WORD) == set(AlertState)
    assert set(VERDICT_WORD) == set(OUTCOME) == set(MEANING) == set(Verdict)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_is_missing(verdict: Verdict) -> None:
    bare = replace(FORM, verdict=verdict)
    assert bare.missing(FROZEN_US, utc=True) is (Missing.REASON if verdict in STANDING else None)
    blank = replace(bare, reason="  ")
    assert blank.missing(FROZEN_US, utc=True) is (Missing.REASON if verdict in STANDING else None)
    typed = replace(bare, reason="because", until=Until.TYPED, typed="soon")
    assert typed.missing(FROZEN_US, utc=True) is (Missing.END if verdict in STANDING else None)
    assert replace(typed, typed="18:00").missing(FROZEN_US, utc=True) is None


def test_who_sees_only_some_tenants_decides_on_single_alerts() -> None:
    assert replace(FORM, what=FILTER).reaches == tuple(Reach)
    assert replace(FORM, what=FILTER, scoped=True).reaches == (Reach.ALERT,)


def test_the_decision_holds_what_was_chosen() -> None:
    form = replace(FORM, verdict=Verdict.MUTE, reason=" migration ", reach=Reach.RULE_AND_AGENT, until=Until.DAY)
    expected = Decision(Verdict.MUTE, ATTEMPT, Reach.RULE_AND_AGENT, "migration", FROZEN_US + DAY)
    assert form.decision(FROZEN_US, utc=True) == expected
    assert form.question == replace(expected, reason="", until_us=None)


def test_a_verdict_that_does_not_stand_has_no_end_whatever_was_chosen_before() -> None:
    form = replace(FORM, verdict=Verdict.RESOLVE, until=Until.DAY, reason="done")
    assert form.decision(FROZEN_US, utc=True) == Decision(Verdict.RESOLVE, ATTEMPT, Reach.ALERT, "done")
    assert until_choices(form) == ()


def test_for_good_is_forgotten_by_a_mute_but_not_a_chosen_span() -> None:
    assert replace(FORM, verdict=Verdict.MUTE, until=Until.EVER).ending is Until.WEEK
    assert replace(FORM, verdict=Verdict.MUTE, until=Until.HOUR).ending is Until.HOUR
    assert replace(FORM, verdict=Verdict.ACCEPT_RISK).ending is Until.EVER


def test_the_filter_goes_only_with_its_reach() -> None:
    form = replace(FORM, what=FILTER)
    assert form.decision(FROZEN_US, utc=True).what is None
    assert replace(form, reach=Reach.FILTER).decision(FROZEN_US, utc=True).what == FILTER
    assert [choice.value for choice in reach_choices(form)] == list(Reach)
    assert [choice.value for choice in reach_choices(FORM)] == [Reach.ALERT, Reach.RULE_AND_AGENT]


def test_the_rule_and_its_agent_are_named() -> None:
    assert reach_choices(FORM)[1].name == "this rule + support-bot"
    assert reach_choices(Form(replace(ATTEMPT_ROW, agent=None)))[1].name == "this rule, no agent"
    long = reach_choices(Form(replace(ATTEMPT_ROW, agent="a" * 300)))[1].name
    assert long == f"this rule + {'a' * 23}…"


@pytest.mark.parametrize(
    ("verdict", "until", "typed", "button"),
    [
        (Verdict.ACKNOWLEDGE, Until.HOUR, "", "Acknowledge"),
        (Verdict.RESOLVE, None, "", "Resolve"),
        (Verdict.FALSE_POSITIVE, None, "", "False positive for good"),
        (Verdict.ACCEPT_RISK, Until.MONTH, "", "Accept risk until 22 Dec"),
        (Verdict.MUTE, None, "", "Mute until 29 Nov"),
        (Verdict.MUTE, Until.HOUR, "", "Mute until 15:02"),
        (Verdict.MUTE, Until.DAY, "", "Mute until 23 Nov 14:02"),
        (Verdict.MUTE, Until.TYPED, "2026-11-27 18:00", "Mute until 27 Nov 18:00"),
        (Verdict.MUTE, Until.TYPED, "2027-01-05", "Mute until 2027-01-05 00:00"),
        (Verdict.MUTE, Until.TYPED, "soon", "Mute"),
    ],
)
def test_the_button_names_its_effect(verdict: Verdict, until: Until | None, typed: str, button: str) -> None:
    form = replace(FORM, verdict=verdict, until=until, typed=typed)
    assert form.button(FROZEN_US, utc=True) == button


def test_the_head_says_which_alert_it_is() -> None:
    expected = "HIGH Attempt to reach another tenant   support-bot · mallory · acme · ×3"
    assert said(head(FORM, UNICODE)) == expected
    assert (
        said(head(Form(replace(ATTEMPT_ROW, key=(("a", None),))), ASCII)) == "HIGH Attempt to reach another tenant   x3"
    )


def test_the_reason_is_marked_where_it_is_required_and_asked_for_where_it_was_missing() -> None:
    mute = replace(FORM, verdict=Verdict.MUTE)
    assert "may be left out" in said(reason_head(FORM, asked=False))
    assert said(reason_head(mute, asked=False)) == "Reason * kept in the audit log"
    assert "say why" in said(reason_head(mute, asked=True))
    assert "say why" not in said(reason_head(replace(mute, reason="x"), asked=True))


def test_a_typed_end_is_said_back() -> None:
    form = replace(FORM, verdict=Verdict.MUTE, until=Until.TYPED, typed="2026-11-27 18:00")
    assert said(end_words(form, FROZEN_US, utc=True, asked=False)) == "27 Nov 18:00 UTC, in 5 days"
    assert said(end_words(form, FROZEN_US, utc=False, asked=False)) == "27 Nov 18:00 +01:00, in 5 days"
    empty = replace(form, typed="")
    assert end_words(empty, FROZEN_US, utc=True, asked=False)[0][1] == "muted"
    assert end_words(empty, FROZEN_US, utc=True, asked=True)[0][1] == "warning"


def test_how_it_is_written_names_who_decides() -> None:
    assert said(written_words("lin")) == "Written as system.alert_decided by lin; U undoes it."
    assert said(written_words("")) == "Written as system.alert_decided; U undoes it."


@pytest.mark.parametrize(
    ("verdict", "reach", "found", "words"),
    [
        (
            Verdict.MUTE,
            Reach.RULE_AND_AGENT,
            DecisionPreview(3, 2.1),
            "Would silence 3 alerts and, going by 30 days, about 2 a week.",
        ),
        (
            Verdict.FALSE_POSITIVE,
            Reach.FILTER,
            DecisionPreview(0, 0.2),
            "Would close no alert that is there as false and, going by 30 days, fewer than one a week.",
        ),
        (
            Verdict.ACCEPT_RISK,
            Reach.FILTER,
            DecisionPreview(1, 0.0),
            "Would accept 1 alert as known and, going by 30 days, hardly another one.",
        ),
        (Verdict.MUTE, Reach.ALERT, DecisionPreview(1, 4.0), "Would silence this alert, and what it grows by."),
        (Verdict.ACKNOWLEDGE, Reach.ALERT, DecisionPreview(1, 4.0), "Would mark this alert as seen."),
        (Verdict.RESOLVE, Reach.RULE_AND_AGENT, DecisionPreview(1204, 9.0), "Would resolve 1,204 alerts."),
        (
            Verdict.ACKNOWLEDGE,
            Reach.ALERT,
            DecisionPreview(0, 0.0),
            "Would change nothing: no alert within its reach stands otherwise.",
        ),
    ],
)
def test_what_a_decision_would_do(verdict: Verdict, reach: Reach, found: DecisionPreview, words: str) -> None:
    assert said(preview_words(Decision(verdict, ATTEMPT, reach), found)) == words
