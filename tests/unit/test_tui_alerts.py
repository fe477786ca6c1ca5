"""The Alerts tab's parts that need no screen: lines, words, filters, window, rows of panes, the bell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.alerts.model import AlertCounts
from store.alerts.states import AlertState, Level
from store.filters.model import Filter
from tests.pilot.alert_stories import ATTEMPT_ROW, DAY, HISTORICAL, ROWS
from tests.pilot.fake_alerts import FakeAlerts
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, MINUTE
from tui.alerts_cells import count_words, until_words, when_words, who_where
from tui.alerts_columns import Longest, columns_for, longest
from tui.alerts_command import alerts_command
from tui.alerts_heights import heights
from tui.alerts_listing import list_alerts
from tui.alerts_query import TO_BE_LOOKED_AT, all_of_rule, evidence_of, muted, of_events, with_rule
from tui.alerts_rows import FOLD_FROM, Fold, listed
from tui.alerts_watch import AlertsWatch
from tui.alerts_window import alerts_window
from tui.command_line import CommandPlace
from tui.glyphs import ASCII, UNICODE
from tui.widgets.alerts_lines import AlertsLook, alert_line, heading_line
from tui.widgets.line import spans_width

HISTORICAL_ROW = next(row for row in ROWS if row.id == HISTORICAL)
MANY = tuple(
    replace(ATTEMPT_ROW, id=number, last_us=FROZEN_US - number, state=AlertState.OPEN) for number in range(FOLD_FROM)
)


def text_of(filter_text: str) -> Filter:
    """Return a filter of alerts."""
    return Filter.parsed(filter_text, alerts=True)


# Lines.


def test_few_alerts_of_a_rule_stand_by_themselves() -> None:
    assert [one.name for one in listed(MANY[1:])] == [row.id for row in MANY[1:]]


def test_many_alerts_of_a_rule_are_one_line_where_the_first_of_them_would_be() -> None:
    rows = (ROWS[0], *MANY[:4], ROWS[2], *MANY[4:])
    assert [one.name for one in listed(rows)] == [ROWS[0].id, ATTEMPT_ROW.rule_id, ROWS[2].id]
    opened = listed(rows, {ATTEMPT_ROW.rule_id})
    assert [one.name for one in opened] == [ROWS[0].id, ATTEMPT_ROW.rule_id, *(row.id for row in MANY), ROWS[2].id]
    assert [one.inside for one in opened] == [False, False, *[True] * FOLD_FROM, False]


def test_the_line_of_a_rule_tells_the_worst_the_newest_and_the_sum() -> None:
    fold = Fold((
        *MANY,
        replace(ATTEMPT_ROW, level=Level.CRITICAL, state=AlertState.NEW, last_us=FROZEN_US + 1, agent="other"),
        replace(ATTEMPT_ROW, historical=True, agent=None),
    ))  # fmt: skip
    assert (fold.level, fold.state, fold.fresh) == (Level.CRITICAL, AlertState.NEW, 2)
    assert (fold.count, fold.last_us) == (3 * (FOLD_FROM + 2), FROZEN_US + 1)
    assert fold.agents == ("support-bot", "other")
    assert not fold.historical
    assert Fold((replace(ATTEMPT_ROW, historical=True),)).historical


@pytest.mark.parametrize("width", [41, 78, 97, 109, 110, 137, 200])
def test_every_line_is_as_wide_as_its_pane(width: int) -> None:
    look = AlertsLook(UNICODE, columns_for(width), FROZEN_US, utc=True)
    entries = [*listed(ROWS), *listed(MANY, {ATTEMPT_ROW.rule_id})]
    assert {spans_width(alert_line(one, look).spans) for one in entries} == {width}
    assert spans_width(heading_line(look.columns).spans) <= width


@pytest.mark.parametrize("width", [41, 78, 97, 109, 110, 137, 200])
@pytest.mark.parametrize("needed", [Longest(0, 0), Longest(27, 13), Longest(40, 18), Longest(90, 90), None])
def test_columns_fill_the_pane_whatever_they_need(width: int, needed: Longest | None) -> None:
    look = AlertsLook(UNICODE, columns_for(width, needed), FROZEN_US, utc=True)
    assert {spans_width(alert_line(one, look).spans) for one in listed(ROWS)} == {width}


def test_where_the_agent_has_no_column_it_gives_way_to_who_it_was() -> None:
    look = AlertsLook(UNICODE, columns_for(78, longest([ATTEMPT_ROW])), FROZEN_US, utc=True)
    assert look.columns.agent == 0

    def line(**key: str) -> str:
        row = replace(ATTEMPT_ROW, key=tuple(key.items()), user=key.get("user_id"))
        return "".join(text for text, _ in alert_line(listed([row])[0], look).spans)

    assert "  mallory · acme → globex " in line(user_id="mallory", tenant_id="acme", resource_tenant_id="globex")
    assert "  support-bot · mallory " in line(user_id="mallory")
    assert "  support-bot · mallory …" in line(user_id="mallory", session_id="ses_" + "0" * 40)


def test_who_it_was_has_the_room_that_titles_and_agents_leave() -> None:
    few = replace(ATTEMPT_ROW, title="Cross-tenant access attempt")
    assert longest([few]) == Longest(27, 11)
    columns = columns_for(97, longest([few]))
    assert (columns.title, columns.agent, columns.who) == (27, 11, 29)
    assert "mallory · acme → globex " in "".join(
        text for text, _ in alert_line(listed([few])[0], AlertsLook(UNICODE, columns)).spans
    )
    long = columns_for(97, longest([replace(few, title="t" * 60, agent="a" * 40)]))
    assert (long.title, long.agent, long.who) == (30, 14, 23)
    assert longest(MANY).title == longest(MANY[1:]).title + 2
    assert longest([]) == Longest(0, 0)


def test_what_was_long_past_is_marked() -> None:
    for glyphs in (UNICODE, ASCII):
        look = AlertsLook(glyphs, columns_for(97), FROZEN_US, utc=True)
        texts = ["".join(text for text, _ in alert_line(one, look).spans) for one in listed(ROWS)]
        marked = [text for text in texts if f" {glyphs.late} " in text]
        assert len(marked) == 1
        assert "A tool that the agent" in marked[0]


def test_a_flood_of_one_rule_hides_no_other() -> None:
    alerts = FakeAlerts()
    alerts.tell_stories()
    flood = [replace(ATTEMPT_ROW, id=1000 + at, level=Level.CRITICAL, last_us=FROZEN_US + at) for at in range(300)]
    alerts.put(flood)
    found = list_alerts(alerts, TO_BE_LOOKED_AT, 20)
    assert (found.matched, found.of_rule) == (312, {ATTEMPT_ROW.rule_id: 301})
    lines = listed(found.rows, (), found.of_rule)
    assert lines[0].name == ATTEMPT_ROW.rule_id
    assert {one.name for one in lines[1:]} == {
        row.id for row in ROWS if row.state is not AlertState.MUTED and row.rule_id != ATTEMPT_ROW.rule_id
    }
    assert isinstance(lines[0].what, Fold)
    assert (lines[0].what.number, len(lines[0].what.rows)) == (301, 20)
    text = "".join(text for text, _ in alert_line(lines[0], AlertsLook(UNICODE, columns_for(97))).spans)
    assert "301 alerts · ≥ 20 new" in text


def test_what_fits_is_asked_for_once() -> None:
    alerts = FakeAlerts()
    alerts.tell_stories()
    assert list_alerts(alerts, TO_BE_LOOKED_AT, 20).of_rule == {}
    assert list_alerts(alerts, Filter(), 5).matched == len(ROWS)
    assert alerts.asked == ["list", "list"]


# Words.


def test_who_and_where() -> None:
    assert who_where(ATTEMPT_ROW, UNICODE) == "mallory · acme → globex"
    assert who_where(ATTEMPT_ROW, ASCII) == "mallory . acme -> globex"
    assert who_where(replace(ATTEMPT_ROW, user=None, key=(("agent_id", "a"), ("tool", None))), UNICODE) == ""
    assert who_where(replace(ATTEMPT_ROW, user="root", key=(("metadata.ip", "::1"),)), UNICODE) == "root · ::1"
    assert who_where(replace(ATTEMPT_ROW, user=None, key=(("tenant_id", "acme"),)), UNICODE) == "acme"


def test_when() -> None:
    def words(ts_us: int, *, roomy: bool) -> str:
        return when_words(ts_us, FROZEN_US, utc=True, roomy=roomy)

    assert [words(FROZEN_US, roomy=roomy) for roomy in (False, True)] == ["14:02:06", "14:02:06"]
    assert [words(FROZEN_US - DAY, roomy=roomy) for roomy in (False, True)] == ["21 Nov", "21 Nov 14:02"]
    assert [words(FROZEN_US - 400 * DAY, roomy=roomy) for roomy in (False, True)] == ["Oct 2025", "18 Oct 2025"]


def test_counts_have_five_cells_at_most() -> None:
    numbers = (0, 9_870, 12_400, 124_700, 999_900, 1_240_000, 10**12)
    assert [count_words(number) for number in numbers] == ["0", "9,870", "12.4k", "124k", "999k", "1.2M", "1.0T"]


def test_until_when() -> None:
    assert until_words(FROZEN_US + MINUTE, FROZEN_US, utc=True) == "until 14:03"
    assert until_words(FROZEN_US + 7 * DAY, FROZEN_US, utc=True) == "until 29 Nov"
    assert until_words(FROZEN_US + 60 * DAY, FROZEN_US, utc=True) == "until 21 Jan 2027"


# Filters.


def test_filters_beside_the_one_on_the_screen() -> None:
    what = text_of("state:new,open,seen level:high agent:a (rule:x OR user:u) -state:resolved")
    assert muted(what).text == "level:high agent:a (rule:x OR user:u) state:muted"
    assert of_events(what).text == "agent:a"
    assert TO_BE_LOOKED_AT.text == "state:new,open,seen"
    assert evidence_of(118).text == "alert:118"


def test_a_rule_is_kept_or_left_out_by_its_name() -> None:
    assert with_rule(text_of("rule:x agent:a"), "y").text == "agent:a rule:y"
    assert with_rule(text_of("-rule:x"), "y", without=True).text == "-rule:x,y"
    assert all_of_rule("a*b").text == 'rule:"a*b"'


def test_the_list_as_a_command() -> None:
    place = CommandPlace(store="a b.db")
    what = text_of("state:new level:>=high")
    assert alerts_command(what, place, utc=False) == (
        "auditail '--store=a b.db' alerts list -- state:new 'level:>=high'"
    )
    assert alerts_command(Filter(), CommandPlace(), utc=True) == "auditail alerts list --utc -- 'state:*'"
    decided = text_of("-state:new agent:b")
    assert alerts_command(decided, CommandPlace(), utc=False) == "auditail alerts list -- -state:new agent:b"


# The bars' time.


@pytest.mark.parametrize(
    ("ago", "words"),
    [(0, "last 24 h"), (2 * DAY, "last 7 days"), (8 * DAY, "last 30 days"), (300 * DAY, "last 365 days")],
)
def test_the_bars_reach_back_to_the_newest_alert(ago: int, words: str) -> None:
    rows = [replace(ATTEMPT_ROW, last_us=FROZEN_US - ago)]
    window = alerts_window(Filter(), rows, FROZEN_US, 97, utc=True)
    assert window.words == words
    assert window.bars.slices <= 97
    assert window.bars.start_us <= rows[0].last_us < window.bars.end_us
    assert window.bars.start_us <= FROZEN_US < window.bars.end_us


def test_a_filter_with_times_says_what_the_bars_are_over() -> None:
    what = text_of("since:2026-11-22T10:00:00Z before:2026-11-22T12:00:00Z")
    window = alerts_window(what, [], FROZEN_US, 60, utc=True)
    assert window.words == "chosen 2 h"
    assert window.bars.end_us - window.bars.start_us == 120 * MINUTE


# Rows of panes.


def test_panes_get_what_they_need_where_all_has_room() -> None:
    assert heights(40, 15, 4, 10) == (15, 4, 10)


def test_the_list_gives_way_last() -> None:
    assert heights(30, 200, 4, 9) == (17, 4, 9)
    assert heights(30, 200, 100, 100) == (15, 5, 10)
    assert heights(30, 8, 100, 9) == (8, 13, 9)
    assert heights(30, 8, 3, 100) == (8, 3, 19)


@pytest.mark.parametrize("room", range(40))
def test_no_more_rows_are_given_than_there_are(room: int) -> None:
    for wanted in ((3, 0, 0), (200, 4, 9), (5, 100, 100), (0, 0, 50)):
        given = heights(room, *wanted)
        assert sum(given) == min(room, sum(wanted))
        assert all(0 <= got <= want for got, want in zip(given, wanted, strict=True))


# The bell.


class Bells:
    """Stands in for the app."""

    rung = 0

    def bell(self) -> None:
        """Count."""
        self.rung += 1


def test_the_bell_rings_where_a_new_one_has_a_greater_number() -> None:
    app: Any = Bells()
    watch = AlertsWatch(app, FakeService(), lambda: FROZEN_US, bell=True)
    rung: list[int] = []
    for newest in (5, 5, 7, 6, 0, 7, 8):
        watch.take(AlertCounts(newest_new=newest))
        rung.append(app.rung)
    assert rung == [0, 0, 1, 1, 1, 1, 2]


def test_a_bell_that_nobody_wants_is_silent() -> None:
    app: Any = Bells()
    watch = AlertsWatch(app, FakeService(), lambda: FROZEN_US)
    for newest in (5, 7):
        watch.take(AlertCounts(newest_new=newest))
    assert app.rung == 0
