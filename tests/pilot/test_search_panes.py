"""Facets, histogram, order and columns of the Search tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, MINUTE, made_up
from tests.pilot.search_app import counted, cursor, listed, said, search, searching
from tui.search_facets import ValueRow
from tui.search_window import Chosen, moments
from tui.widgets.event_list import EventList
from tui.widgets.facet_pane import FacetPane
from tui.widgets.hint_bar import HintBar
from tui.widgets.search_histogram import SearchHistogram

if TYPE_CHECKING:
    from textual.pilot import Pilot


def facets(pilot: Pilot[None]) -> FacetPane:
    return search(pilot).query_one(FacetPane)


def histogram(pilot: Pilot[None]) -> SearchHistogram:
    return search(pilot).query_one(SearchHistogram)


def values(pilot: Pilot[None], key: Key) -> dict[str | None, int | None]:
    rows = [line.target for line in facets(pilot).lines]
    return {row.value: row.events for row in rows if isinstance(row, ValueRow) and row.key is key}


async def test_facets_count_the_values_of_the_result() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        search(pilot).set_filter(Filter.of(Clause(Key.TENANT, ("acme",))))
        await counted(pilot)
        agents = [event.agent_id for event in made_up(800) if event.tenant_id == "acme"]
        shown = values(pilot, Key.AGENT)
        assert shown == {agent: agents.count(agent) for agent in shown}
        assert list(shown.values()) == sorted(shown.values(), key=lambda events: -(events or 0))
        assert set(values(pilot, Key.TENANT)) == {"acme"}


async def test_enter_keeps_a_value_and_enter_again_gives_it_back() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        await pilot.press("b", "down")
        (value, *_) = values(pilot, Key.AGENT)
        await pilot.press("enter")
        await counted(pilot)
        assert search(pilot).what == Filter.of(Clause(Key.AGENT, (value,)))
        assert facets(pilot).has_focus
        await pilot.press("enter")
        assert not search(pilot).what


async def test_tab_leaves_values_out_one_after_the_other() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        await pilot.press("b", "tab", "down")
        assert "leave this out" in search(pilot).query_one(HintBar).render_line(0).text
        first, second, *_ = values(pilot, Key.AGENT)
        await pilot.press("enter")
        await counted(pilot)
        assert first not in {event.agent_id for event in listed(pilot)}
        hidden = [event.agent_id for event in made_up(800)].count(first)
        await until(pilot, lambda: values(pilot, Key.AGENT)[first] == hidden)
        facets(pilot).cursor = 1
        await pilot.press("enter")
        assert search(pilot).what == Filter.of(Clause(Key.AGENT, (first, second), negated=True))


async def test_a_folded_key_is_counted_once_it_is_unfolded() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        assert not values(pilot, Key.SERVER)
        await pilot.press("b", "end", "up", "enter")
        await counted(pilot)
        assert values(pilot, Key.SERVER)


async def test_a_value_that_is_left_out_shows_how_much_it_hides() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        search(pilot).set_filter(Filter.of(Clause(Key.AGENT, ("support-bot",), negated=True)))
        await counted(pilot)
        agents = [event.agent_id for event in made_up(800)]
        number = agents.count("support-bot")
        await until(pilot, lambda: values(pilot, Key.AGENT)["support-bot"] == number)
        texts = ("".join(text for text, _ in line.spans) for line in facets(pilot).lines)
        line = next(text for text in texts if "support-bot" in text)
        assert line.startswith("− support-bot")
        assert line.endswith(f" −{number}")


async def test_b_hides_the_facets_and_shows_them_again() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        await pilot.press("b", "b")
        assert not facets(pilot).display
        assert search(pilot).events.has_focus
        await pilot.press("b")
        assert facets(pilot).display
        await pilot.press("escape")
        assert search(pilot).events.has_focus


async def test_on_a_narrow_screen_facets_take_the_lists_place() -> None:
    async with searching(FakeService(made_up(300)), size=(80, 24)) as pilot:
        assert not facets(pilot).display
        await pilot.press("b")
        assert facets(pilot).display
        assert not search(pilot).query_one("#left").display
        await until(pilot, lambda: values(pilot, Key.AGENT))
        await pilot.press("escape")
        assert search(pilot).query_one("#left").display
        assert search(pilot).events.has_focus


async def test_the_histogram_has_every_event_once() -> None:
    async with searching(FakeService(made_up(800))) as pilot:
        assert sum(tally.events for tally in histogram(pilot).bars.slices) == 800
        await pilot.press("enter")
        await until(pilot, lambda: search(pilot).query("#detail"))
        assert len(histogram(pilot).bars.slices) <= histogram(pilot).room
        assert sum(tally.events for tally in histogram(pilot).bars.slices) == 800


async def test_a_bracket_chooses_a_window_and_enter_narrows_to_it() -> None:
    async with searching(FakeService(made_up(2000))) as pilot:
        await pilot.press("left_square_bracket", "left_square_bracket")
        bars, chosen = histogram(pilot).bars, histogram(pilot).chosen
        assert chosen is not None
        events = sum(tally.events for tally in bars.slices[chosen.first : chosen.last + 1])
        assert f"{events} events" in histogram(pilot).render_line(0).text
        await pilot.press("enter")
        await counted(pilot)
        assert len(listed(pilot)) == events
        assert search(pilot).events.has_focus


async def test_brackets_move_the_filters_own_window() -> None:
    async with searching(FakeService(made_up(2000))) as pilot:
        search(pilot).set_filter(Filter.of(since_us=FROZEN_US - 2 * MINUTE, before_us=FROZEN_US - MINUTE))
        await counted(pilot)
        await pilot.press("left_square_bracket")
        assert moments(search(pilot).what, FROZEN_US) == (FROZEN_US - 3 * MINUTE, FROZEN_US - 2 * MINUTE)
        await pilot.press("right_square_bracket")
        assert moments(search(pilot).what, FROZEN_US) == (FROZEN_US - 2 * MINUTE, FROZEN_US - MINUTE)


async def test_bars_are_chosen_with_the_mouse() -> None:
    async with searching(FakeService(made_up(2000))) as pilot:
        await pilot.mouse_down(SearchHistogram, offset=(30, 3))
        await pilot.hover(SearchHistogram, offset=(60, 3))
        await pilot.mouse_up(SearchHistogram, offset=(60, 3))
        chosen = histogram(pilot).chosen
        assert chosen is not None
        assert chosen.width > 1
        assert histogram(pilot).has_focus
        await pilot.press("escape")
        assert histogram(pilot).chosen is None
        assert search(pilot).events.has_focus


async def test_shift_takes_more_bars() -> None:
    async with searching(FakeService(made_up(2000))) as pilot:
        histogram(pilot).focus()
        await pilot.press("left", "left", "shift+left", "shift+left")
        last = len(histogram(pilot).bars.slices) - 1
        assert histogram(pilot).chosen == Chosen(last - 3, last - 1)


async def test_s_sorts_by_duration_and_back_by_time() -> None:
    events = tuple(made_up(600))
    async with searching(FakeService(events)) as pilot:
        await pilot.press("s", "down", "enter")
        longest = max(event.duration_us or 0 for event in events)
        await until(pilot, lambda: listed(pilot)[0].duration_us == longest)
        assert said(pilot).startswith("row 1 of 600")
        assert said(pilot).endswith("sorted by duration, longest first")
        for _ in range(30):
            await pilot.press("pagedown")
        durations = [event.duration_us or 0 for event in listed(pilot)]
        assert durations == sorted(durations, reverse=True)
        await pilot.press("end")
        await until(pilot, lambda: said(pilot).startswith("row 600 of 600"))
        await pilot.press("s", "up", "enter")
        await until(pilot, lambda: cursor(pilot).seq == 600)
        assert said(pilot).endswith("newest last")


async def test_tab_turns_an_order_round() -> None:
    async with searching(FakeService(made_up(600))) as pilot:
        await pilot.press("s", "down", "tab", "enter")
        await until(pilot, lambda: said(pilot).endswith("sorted by duration, shortest first"))
        assert not listed(pilot)[0].duration_us


async def test_too_many_to_sort_is_said() -> None:
    service = FakeService(made_up(600))
    async with searching(service) as pilot:
        service.search.most_sorted = 100
        await pilot.press("s", "down", "enter")
        await until(pilot, lambda: "of the newest 100" in said(pilot))


async def test_columns_are_chosen_and_put_in_order() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        events = search(pilot).query_one(EventList)
        before = [column.name for column in events.columns]
        await pilot.press("c", "down", "space", "down", "left", "left", "enter")
        assert events.chosen_columns[:2] == ("agent", "time")
        assert "type" not in events.chosen_columns
        assert events.render_line(0).text.split()[:2] == ["agent", "time"]
        await pilot.press("c", "u", "enter")
        assert [column.name for column in events.columns] == before


async def test_esc_changes_no_columns() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        await pilot.press("c", "space", "escape")
        assert search(pilot).events.chosen_columns == ()


async def test_x_f_and_clicks_on_chips_narrow_and_widen() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        await pilot.press("left")
        agent = cursor(pilot).agent_id
        await pilot.press("f")
        assert search(pilot).what == Filter.of(Clause(Key.AGENT, (agent,)))
        await pilot.press("x")
        assert not search(pilot).what


async def test_on_a_low_screen_the_state_line_says_what_is_chosen() -> None:
    async with searching(FakeService(made_up(2000)), size=(80, 24)) as pilot:
        await pilot.press("left_square_bracket")
        assert said(pilot).startswith("chosen 1")
        assert said(pilot).endswith("events")
        await pilot.press("escape")
        assert said(pilot).startswith("row ")
