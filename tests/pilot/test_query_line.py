"""The line in which a query is typed: what its keys do, what it tells its screen, what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from textual import events

from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.hostile import TEXTS, unsafe_on_screen
from tests.pilot.live_app import until
from tests.pilot.query_stage import QueryStage, rows_of
from tests.pilot.stage import screen_text
from tui.query_history import QueryHistory
from tui.query_messages import QueryChanged, QueryLeft, QuerySubmitted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.pilot import Pilot

    from tui.query_completion import KnownValue, ValueQuestion

NOBODY_RESTS_S: Final = 3_600.0


@pytest.fixture
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[None]]:
    """Return a way to press keys that takes no time between two of them for a rest, however slow the machine is."""

    async def press(pilot: Pilot[None], *pressed: str) -> None:
        with monkeypatch.context() as hurried:
            hurried.setattr("tui.widgets.query_line.QUIET_S", NOBODY_RESTS_S)
            await pilot.press(*pressed[:-1])
        await pilot.press(pressed[-1])

    return press


def keys(text: str) -> list[str]:
    """Return the keys that type a text."""
    return ["space" if char == " " else char for char in text]


async def test_what_is_typed_is_told_once_it_rests(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, *keys("agent:x"))
        await until(pilot, lambda: app.told)
        assert app.told == [QueryChanged("agent:x", Filter.parsed("agent:x"), None)]
        assert app.line.passing is None
        app.line.passing = 3
        await in_one_go(pilot, "backspace", *keys("y"))
        await until(pilot, lambda: len(app.told) == 2)
        assert app.line.passing is None


async def test_what_comes_back_to_the_same_text_is_not_told_again(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage("agent:x")
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, "y", "backspace", "z")
        await until(pilot, lambda: app.told)
        assert [one.text for one in app.told if isinstance(one, QueryChanged)] == ["agent:xz"]


async def test_enter_submits_and_a_wrong_query_is_not_submitted(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage("status:denied ")
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, *keys("quota"), "enter")
        assert app.told == [QuerySubmitted(Filter.parsed("status:denied quota"), "status:denied quota")]
        await in_one_go(pilot, *keys(" stauts:x"), "enter")
        (told,) = app.told[1:]
        assert isinstance(told, QueryChanged)
        assert told.error is not None
        assert app.problem.display


async def test_escape_brings_the_text_back_and_leaves(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage("status:denied ")
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, *keys("quota"), "escape")
        assert app.told == [QueryLeft()]
        assert app.line.text == "status:denied "
        await in_one_go(pilot, *keys("a"), "enter", *keys("b"), "escape")
        assert app.line.text == "status:denied a"


async def test_offers_open_while_a_key_is_typed_and_escape_closes_them_first() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("us"))
        await until(pilot, lambda: len(app.offers) > 1)
        assert app.offers[0] == "user:"
        assert all(offer.startswith("user:") for offer in app.offers)
        await pilot.press("escape")
        assert app.offers == []
        assert app.line.text == "us"
        assert not any(isinstance(one, QueryLeft) for one in app.told)


async def test_tab_takes_the_first_offer_and_values_follow_a_key() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("us"), "tab")
        assert app.line.text == "user:"
        await until(pilot, lambda: "mallory" in app.offers)
        await pilot.press("m", "a", "tab")
        assert app.line.text == "user:mallory"
        assert app.offers == []


async def test_enter_takes_only_what_was_chosen() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("status:"), "down", "down", "enter")
        assert app.line.text == "status:failure"
        assert app.told == [] or isinstance(app.told[-1], QueryChanged)
        await pilot.press("backspace", "enter")
        assert app.problem.display
        await pilot.press("tab", "enter")
        assert app.told[-1] == QuerySubmitted(Filter.parsed("status:failure"), "status:failure")


async def test_up_and_down_go_round_through_the_offers_and_none() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("has:"))
        assert app.popup.cursor == -1
        await pilot.press("up")
        assert app.popup.cursor == len(app.offers) - 1
        await pilot.press("down")
        assert app.popup.chosen is None


async def test_tab_between_two_terms_offers_every_key() -> None:
    app = QueryStage("agent:x ")
    async with app.run_test(size=(120, 20)) as pilot:
        assert app.offers == []
        await pilot.press("tab")
        assert len(app.offers) > 20
        await pilot.press("tab")
        assert app.line.text == "agent:x agent:"


async def test_moving_the_cursor_away_closes_the_offers() -> None:
    app = QueryStage("agent:x ")
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("us"))
        assert app.offers
        await pilot.press("home")
        assert app.offers == []


async def test_a_click_takes_an_offer() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("status:"))
        await pilot.click(app.popup, offset=(3, 2))
        assert app.line.text == "status:denied"
        assert app.input.has_focus


async def test_offers_are_shown_before_their_counts_are_there() -> None:
    questions: list[ValueQuestion] = []

    def values(question: ValueQuestion) -> Sequence[KnownValue]:
        questions.append(question)
        raise OSError("the disk is gone")

    app = QueryStage("agent:x ", values=values)
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("us"))
        await until(pilot, lambda: questions)
        await until(pilot, lambda: not app.popup.note)
        assert app.offers == ["user:"]
        assert [str(question.key) for question in questions] == ["user"]


async def test_the_history_comes_back_with_the_arrows() -> None:
    history = QueryHistory(["status:denied", "agent:x"])
    app = QueryStage(history=history)
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("dra"), "up")
        assert app.line.text == "agent:x"
        await pilot.press("up")
        assert app.line.text == "status:denied"
        await pilot.press("down", "down")
        assert app.line.text == "dra"
        await pilot.press("up", "up", "enter")
        assert [history[index] for index in range(2)] == ["agent:x", "status:denied"]


async def test_an_error_stands_under_its_place_and_the_count_stays(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage("agent:x ")
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, *keys("stauts:failure "))
        await until(pilot, lambda: app.problem.display)
        (row,) = rows_of(app.problem)
        line = screen_text(app).split("\n", maxsplit=1)[0]
        assert row.index("^") == line.index("stauts")
        assert row.count("^") == len("stauts")
        assert "did you mean status:?  Tab takes it" in row
        assert "before the error" in app.counted
        assert app.counted.startswith("412")


async def test_tab_takes_the_correction(in_one_go: Callable[..., Awaitable[None]]) -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await in_one_go(pilot, *keys("stauts:failure"), "tab")
        assert app.line.text == "status:failure"
        await until(pilot, lambda: app.told)
        assert app.told[-1] == QueryChanged("status:failure", Filter.parsed("status:failure"), None)
        assert not app.problem.display


async def test_what_is_being_completed_is_not_called_wrong() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press(*keys("user:"))
        await until(pilot, lambda: app.told)
        assert app.offers
        assert not app.problem.display
        await pilot.press("escape")
        await until(pilot, lambda: app.problem.display)


async def test_on_a_narrow_screen_the_cursor_and_the_problem_stay_in_sight() -> None:
    app = QueryStage()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*keys("agent:support-bot,code-reviewer (status:failure OR ms:>2s) stauts:x "))
        await until(pilot, lambda: app.problem.display)
        line = screen_text(app).split("\n", maxsplit=1)[0]
        assert "stauts:x" in line
        signs, words = rows_of(app.problem)
        assert signs.index("^") == line.index("stauts")
        assert "there is no key stauts" in words
        await pilot.press("home")
        assert rows_of(app.problem)[0].strip() == ">"
        await pilot.press(*keys("x:y "), "end")
        await until(pilot, lambda: rows_of(app.problem)[:1] and rows_of(app.problem)[0].strip() == "<")


async def test_a_long_text_is_opened_at_its_end() -> None:
    app = QueryStage("agent:support-bot,code-reviewer (status:failure OR ms:>2s) the-end")
    async with app.run_test(size=(60, 20)):
        assert "the-end" in screen_text(app).split("\n", maxsplit=1)[0]


async def test_single_letters_are_text() -> None:
    app = QueryStage()
    async with app.run_test(size=(120, 20)) as pilot:
        letters = "qQxXzZ15?/'+- aeuwfFvVyYobsdrgGjk[]mU"
        await pilot.press(*[{" ": "space", "-": "minus", "+": "plus"}.get(char, char) for char in letters])
        assert app.line.text == letters
        assert app.input.has_focus


async def test_pasted_text_is_made_harmless() -> None:
    app = QueryStage()
    async with app.run_test(size=(100, 20)) as pilot:
        for text in TEXTS:
            app.line.open("agent:x ")
            app.input.post_message(events.Paste(text))
            await pilot.pause()
            assert unsafe_on_screen(app) == []
            await pilot.press("enter")
            assert unsafe_on_screen(app) == []


async def test_several_pasted_lines_are_one() -> None:
    app = QueryStage()
    async with app.run_test(size=(100, 20)) as pilot:
        app.input.post_message(events.Paste("agent:x\n  user:y\r\nstatus:\tz\n"))
        await pilot.pause()
        assert app.line.text == "agent:x   user:y  status: z"


async def test_a_filter_by_hostile_text_is_shown_harmless_and_stays_the_same() -> None:
    app = QueryStage()
    async with app.run_test(size=(100, 20)) as pilot:
        for text in TEXTS:
            what = Filter.of(Clause(Key.AGENT, (literal(text[:4000]),)))
            app.line.open(what.text)
            await pilot.press("left", "right", "enter")
            assert unsafe_on_screen(app) == []
            told = app.told[-1]
            assert isinstance(told, QuerySubmitted)
            assert told.what == what


async def test_a_click_puts_the_cursor_where_it_is() -> None:
    app = QueryStage("漢字:\x1b[x")
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.click(app.input, offset=(4, 0))
        assert app.input.cursor_position == 2
        await pilot.click(app.input, offset=(6, 0))
        assert app.input.cursor_position == 4
        await pilot.click(app.input, offset=(50, 0))
        assert app.input.cursor_position == len(app.line.text)
