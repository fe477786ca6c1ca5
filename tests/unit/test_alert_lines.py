"""The evidence pane as lines: head, facts, evidence, days, history."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from store.alerts.model import AlertStep, Evidence, Happened
from store.alerts.states import AlertState, Reach, Verdict
from tests.conftest import ROOT
from tests.pilot.alert_stories import ATTEMPT, DETAILS, EVIDENCE, EXPIRED, HISTORICAL, MUTED_BURST, NAMELESS, ROWS
from tests.pilot.made_up_events import FROZEN_US, SECOND
from tui.alert_tags import NAMES, tag_words
from tui.glyphs import ASCII
from tui.widgets.alert_days import day_lines
from tui.widgets.alert_evidence import FOLDED, OpenEvidence, UnfoldEvidence, evidence_lines
from tui.widgets.alert_facts import fact_lines, hint_lines
from tui.widgets.alert_head import head_lines
from tui.widgets.alert_history import MOST, alike_lines, history_lines
from tui.widgets.detail_lines import Reading
from tui.widgets.flowing import flow
from tui.widgets.line import Line, spans_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.alerts.model import AlertDetail

READING = Reading(utc=True, now_us=FROZEN_US)
WIDTH = 57


def text(lines: Iterable[Line]) -> list[str]:
    return [
        "".join(part for part, _ in line.spans).rstrip() + "".join(f" | {part}" for part, _ in line.right[:1])
        for line in lines
    ]


def evidence(detail: AlertDetail, width: int = WIDTH, *, unfolded: bool = False) -> list[Line]:
    return list(evidence_lines(detail, READING, width, unfolded=unfolded))


def test_the_head_stands_in_one_row_where_it_fits() -> None:
    detail = DETAILS[ATTEMPT]
    rows = text(head_lines(detail, READING, WIDTH))
    assert rows[0] == "HIGH Attempt to reach another tenant   alert 118 · ● new"
    assert rows[2].startswith("3 refused attempts in 38 s of mallory")
    assert text(head_lines(detail, READING, 40))[:2] == ["HIGH Attempt to reach another tenant", "alert 118 · ● new"]


def test_the_head_says_until_when_and_whether_it_is_historical() -> None:
    assert text(head_lines(DETAILS[MUTED_BURST], READING, WIDTH))[1] == "alert 97 · ◌ muted until 29 Nov 14:02"
    historical = " ".join(text(head_lines(DETAILS[HISTORICAL], READING, WIDTH)))
    assert "Historical: its events were more than an hour old" in historical
    assert "Historical" not in " ".join(text(head_lines(DETAILS[ATTEMPT], READING, WIDTH)))


def test_the_facts_of_an_alert() -> None:
    assert text(fact_lines(DETAILS[ATTEMPT], READING, WIDTH)) == [
        "first    14:01:23   last 14:02:01   open for 43 s",
        "rule     cross-tenant-attempt  shipped · level high",
        "group    agent support-bot, user mallory, tenant acme,",
        "         resource tenant globex",
        "tags     ASI03 Identity and privilege abuse",
        "         LLM02 Sensitive information disclosure",
        "         AML.T0086 Exfiltration by tool invocation",
    ]


def test_facts_of_another_day_an_own_rule_and_many_keys() -> None:
    rows = text(fact_lines(DETAILS[EXPIRED], READING, 40))
    assert rows[:3] == ["first    2 Nov 02:02:06", "last     02:02:06", "open for 20 days"]
    rows = text(fact_lines(replace(DETAILS[NAMELESS], group_by=("user_id", "metadata.ip")), READING, WIDTH))
    assert rows[1] == "rule     token-of-another  own rule · level high"
    assert rows[2] == "group    many at once, told apart by user, metadata.ip"
    assert rows[-1] == "         team.identity"
    once = DETAILS[119]
    assert text(fact_lines(once, READING, WIDTH))[0] == "when     13:51:07   open for 11 min"
    keyed = replace(DETAILS[ATTEMPT], row=replace(DETAILS[ATTEMPT].row, key=(("agent_id", None), ("tool", "x"))))
    assert text(fact_lines(keyed, READING, WIDTH))[2] == "group    no agent, tool x"


@pytest.mark.parametrize("state", [one for one in AlertState if one not in ("new", "open", "seen")])
def test_what_is_decided_is_not_open_any_more(state: AlertState) -> None:
    detail = DETAILS[ATTEMPT]
    rows = text(fact_lines(replace(detail, row=replace(detail.row, state=state)), READING, WIDTH))
    assert "open for" not in rows[0]


def test_every_tag_of_the_shipped_rules_has_a_name() -> None:
    files = list((ROOT / "config" / "rules").glob("*.yml"))
    tags = {tag for file in files for tag in re.findall(r"(?:atlas|owasp)\.[a-z0-9.]+", file.read_text())}
    assert len(tags) > 10
    assert [tag for tag in sorted(tags) if not tag_words(tag)[1]] == []
    assert max(cell_len(f"{number} {name}") for number, name in NAMES.items()) <= WIDTH - 9


def test_tags_that_are_not_known_stay_as_they_are() -> None:
    assert tag_words("atlas.aml.t0012") == ("AML.T0012", "Valid accounts")
    assert tag_words("owasp.asi99") == ("ASI99", "")
    assert tag_words("attack.t1078") == ("attack.t1078", "")


def test_evidence_tells_hits_from_what_happened_around_them() -> None:
    lines = evidence(DETAILS[ATTEMPT])
    assert text(lines) == [
        "Evidence | 3 hits",
        "14:01:23.310 ⊘  mcp.tool_call     query_orders → globex",
        "14:01:40.028 ✓  agent.message     “use the other shop's id then”",
        "14:01:44.902 ⊘  mcp.tool_call     query_orders → globex",
        "14:02:00.515 ⊘  permission.check  delete_user  role lacks users:delete",
        "14:02:01.052 ⊘  mcp.tool_call     query_orders → globex",
    ]
    assert lines[0].right == (("3 hits", ""), (" and 2 around them", "muted"))
    strong = [any(role == "strong" for _, role in line.spans) for line in lines[1:]]
    assert strong == [True, False, True, False, True]
    assert [line.target for line in lines[1:]] == [OpenEvidence(one.event) for one in EVIDENCE]


def test_narrow_evidence_leaves_out_milliseconds_and_the_first_part_of_a_type() -> None:
    assert text(evidence(DETAILS[ATTEMPT], 37))[1] == "14:01:23 ⊘ tool_call    query_orders → globex"


def test_evidence_of_several_days_has_dates() -> None:
    assert text(evidence(DETAILS[EXPIRED]))[:4] == [
        "Evidence | 3 of 60 hits",
        "47 of 50 events that were kept for it have expired.",
        "21 Nov 23:02 ·  system.clock_ju…  +61 s",
        "22 Nov 00:02 ·  system.clock_ju…  +61 s",
    ]


def test_evidence_that_was_not_kept_whole_and_none_at_all() -> None:
    assert text(evidence(DETAILS[MUTED_BURST]))[:2] == [
        "Evidence | 50 of 212 hits",
        "The first and the last 25 are kept.",
    ]
    none = replace(DETAILS[ATTEMPT], hits=0, kept=0, evidence=())
    assert text(evidence(none)) == ["Evidence | 0 of 3 hits", "No events are kept for it."]


def test_much_evidence_is_folded_to_its_first_and_last() -> None:
    events = [replace(EVIDENCE[0].event, id=number) for number in range(50)]
    detail = replace(DETAILS[ATTEMPT], hits=50, kept=50, evidence=tuple(Evidence(event, hit=True) for event in events))
    lines = [line for line in evidence(detail) if not line.skip]
    assert len(lines) == FOLDED + 1
    assert lines[FOLDED // 2].target == UnfoldEvidence()
    assert text(lines)[FOLDED // 2] == "38 more between, ↵ shows them"
    assert lines[-1].target == OpenEvidence(events[-1])
    assert len([line for line in evidence(detail, unfolded=True) if not line.skip]) == 50


def test_the_days_of_a_rule() -> None:
    heading, bars, dates = day_lines(DETAILS[ATTEMPT], READING)
    assert text([heading]) == ["This rule, last 30 days | 4"]
    assert heading.right[1][0] == " alerts · 2 agents"
    assert text([bars])[0] == "▁" * 14 + "▃" + "▁" * 13 + "▃▆"
    assert text([dates]) == ["24 Oct                  22 Nov"]
    assert list(day_lines(replace(DETAILS[ATTEMPT], rule_days=()), READING)) == []
    lonely = list(day_lines(replace(DETAILS[ATTEMPT], rule_days=(1,), rule_agents=0), READING))
    assert lonely[0].right == (("1", ""), (" alert", "muted"))


def test_history_in_words() -> None:
    assert text(history_lines(DETAILS[ATTEMPT], READING, WIDTH)) == [
        "History",
        "14:01:23  opened",
        "14:01:27  hooks.example.org was told ✓ 212 ms",
        "14:01:32  ✗ pager was not told: no answer within 10 s",
    ]
    assert text(history_lines(DETAILS[MUTED_BURST], READING, WIDTH)) == [
        "History",
        "19 Nov 14:02:06  opened",
        "19 Nov 15:02:06  another alert turned out to be a part of",
        "                 it",
        "20 Nov 14:02:06  acknowledged by mei",
        "20 Nov 15:02:06  acknowledge taken back by mei",
        "21 Nov 14:02:06  muted by lin until 29 Nov 14:02, this",
        "                 rule + content-writer, “migration runs",
        "                 until Friday, INC-2041”",
    ]


def test_history_with_a_filter_and_of_great_length() -> None:
    step = AlertStep(FROZEN_US, Happened.DECIDED, Verdict.ACCEPT_RISK, "lin", "known", reach=Reach.FILTER)
    detail = replace(DETAILS[ATTEMPT], history=(step,))
    rows = " ".join(text(history_lines(detail, READING, 200)))
    assert "risk accepted by lin, those of this rule that a filter found, “known”" in rows
    steps = tuple(AlertStep(FROZEN_US + number * SECOND, Happened.MERGED) for number in range(MOST + 7))
    rows = text(history_lines(replace(detail, history=steps), READING, 200))
    assert rows[1] == "7 earlier ones"
    assert len(rows) == MOST + 2
    assert list(history_lines(replace(detail, history=()), READING, WIDTH)) == []


def test_what_was_decided_on_others_and_what_is_known_to_be_harmless() -> None:
    assert text(alike_lines(DETAILS[ATTEMPT], READING, WIDTH)) == [
        "Alike: 96, 9 Nov, false positive by lin, “migration”",
        "       71, 27 Oct, resolved by mei",
    ]
    assert text(hint_lines(DETAILS[ATTEMPT], WIDTH)) == ["Known false positives: Staff whose work spans tenants"]
    assert list(hint_lines(DETAILS[MUTED_BURST], WIDTH)) == []
    plain = Reading(utc=True, now_us=FROZEN_US, glyphs=ASCII)
    assert text(alike_lines(DETAILS[ATTEMPT], plain, WIDTH))[0].endswith('"migration"')


def test_the_made_up_alerts_are_in_the_order_of_a_list() -> None:
    levels = ["critical", "high", "medium", "low"]
    muted = [row.state is AlertState.MUTED for row in ROWS]
    order = [(levels.index(row.level), -row.last_us) for row in ROWS if row.state is not AlertState.MUTED]
    assert order == sorted(order)
    assert muted == sorted(muted)
    assert set(DETAILS) == {row.id for row in ROWS}


@pytest.mark.parametrize("width", [1, 2, 7, 20])
def test_flowing_text_never_gets_wider_than_its_room(width: int) -> None:
    spans = (("one two ", "a"), ("漢字かな", "b"), (" and averyverylongwordindeed", "c"), ("", "d"), (" end.", "e"))
    for limit in (1, 2, 9, 99):
        rows = flow(spans, width, limit)
        assert len(rows) <= limit
        assert all(spans_width(row) <= max(width, 2) for row in rows)
    whole = "".join(part for row in flow(spans, width, 99) for part, _ in row)
    assert whole.replace(" ", "") == "".join(part for part, _ in spans).replace(" ", "")


def test_flowing_text_breaks_at_spaces_and_says_where_it_was_cut() -> None:
    spans = (("would ", "muted"), ("3 alerts", "strong"), (".", "muted"))
    assert [spans_width(row) for row in flow(spans, 99, 1)] == [15]
    assert ["".join(part for part, _ in row) for row in flow(spans, 8, 9)] == ["would 3", "alerts."]
    assert ["".join(part for part, _ in row) for row in flow(spans, 8, 1)] == ["would 3…"]
    assert ["".join(part for part, _ in row) for row in flow(spans, 14, 9)] == ["would 3", "alerts."]
    assert flow((), 10, 3) == []
