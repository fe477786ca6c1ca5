"""A filter becomes a rule: drafted, tried on history, saved; and whatever can go wrong with it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from detect.rule_shelf import RuleShelf
from detect.rules.load import load_folders
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text
from tests.events import BASE_US, add_source, batch, line, open_reader, open_store
from tests.pilot.fake_service import FakeService
from tests.pilot.hostile import TEXTS, unsafe_on_screen
from tests.pilot.live_app import FrozenClock, running, until
from tests.pilot.made_up_events import made_up
from tests.pilot.search_app import counted, search
from tests.pilot.stage import screen_text
from tui.screens.draft import DraftScreen
from tui.view_tools import ViewTools
from tui.widgets.draft_lines import DraftResult
from tui.widgets.notice_line import NoticeLine

if TYPE_CHECKING:
    from textual.pilot import Pilot

NOWHERE = ViewTools(rules=RuleShelf(Path("/nowhere")))
DENIED = Filter.parsed("type:permission.denied,auth.failed")


def dialog(pilot: Pilot[None]) -> DraftScreen:
    """Return the dialog, which is in front."""
    screen = pilot.app.screen
    assert isinstance(screen, DraftScreen)
    return screen


def result(pilot: Pilot[None]) -> str:
    """Return what the dialog says of history."""
    return " ".join(text for text, _ in dialog(pilot).query_one(DraftResult).texts)


def files(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(one.name for one in folder.iterdir())


def said(pilot: Pilot[None]) -> str:
    """Return the notice in the line of the tab."""
    notice = search(pilot).query_one(NoticeLine).notice
    return "" if notice is None else notice.text


async def drafting(pilot: Pilot[None]) -> None:
    """Go to Search, press `D`, and wait until history was asked."""
    await pilot.press("2")
    await counted(pilot)
    await pilot.press("R")
    await until(pilot, lambda: isinstance(pilot.app.screen, DraftScreen))
    await until(pilot, lambda: result(pilot).startswith(("Would", "Not")))


async def test_a_draft_is_shown_tried_and_saved(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "rules"
    service = FakeService(made_up(300))
    async with running(service, what=DENIED, views=ViewTools(rules=RuleShelf(folder))) as pilot:
        await drafting(pilot)
        text = screen_text(pilot.app)
        assert 'filter: "type:permission.denied,auth.failed"' in text
        assert "Would have fired " in result(pilot)
        assert [question.alternatives for question in service.replay.asked] == [(DENIED,)]
        await pilot.press("end", *" at night", "tab", "right")
        assert 'title: "permission.denied or auth.failed at night"' in screen_text(pilot.app)
        assert "level: high" in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, DraftScreen))
        path = folder / "permission-denied-or-auth-failed-at-night.yml"
        await until(pilot, lambda: said(pilot))
        assert said(pilot).startswith(f"Saved as {path}")
    found = load_folders([folder])
    assert not found.problems
    assert [(rule.header.title, str(rule.level)) for rule in found.rules] == [
        ("permission.denied or auth.failed at night", "high")
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert files(folder) == [path.name]


async def test_a_name_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    taken = tmp_path / "permission-denied-or-auth-failed.yml"
    taken.write_text("mine")
    service = FakeService(made_up(50))
    async with running(service, what=DENIED, views=ViewTools(rules=RuleShelf(tmp_path))) as pilot:
        await drafting(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in screen_text(pilot.app))
        await pilot.press("2", "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, DraftScreen))
    assert taken.read_text() == "mine"
    assert set(files(tmp_path)) == {taken.name, "permission-denied-or-auth-failed2.yml"}


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    service = FakeService(made_up(50))
    async with running(service, what=DENIED, views=ViewTools(rules=RuleShelf(tmp_path / "file"))) as pilot:
        await drafting(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Not saved: " in screen_text(pilot.app))


async def test_a_title_is_needed() -> None:
    async with running(FakeService(made_up(50)), what=DENIED, views=NOWHERE) as pilot:
        await drafting(pilot)
        await pilot.press(*["backspace"] * 60, "enter")
        assert dialog(pilot).query_one(Input).value == ""
        assert "the rule needs a title" in screen_text(pilot.app)
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, DraftScreen)
        assert search(pilot).what == DENIED


async def test_without_a_place_for_rules_it_says_so() -> None:
    async with running(FakeService(made_up(50)), what=DENIED) as pilot:
        await pilot.press("2", "R")
        await until(pilot, lambda: said(pilot))
        assert said(pilot) == "Rules cannot be drafted here."


async def test_what_it_found_is_shown_in_search() -> None:
    async with running(FakeService(made_up(300)), what=DENIED, views=NOWHERE) as pilot:
        await drafting(pilot)
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, DraftScreen))
        assert search(pilot).what.text.startswith("type:permission.denied,auth.failed since:")
        await counted(pilot)
        assert len(search(pilot).events.buffer) == len(FakeService(made_up(300)).matching(DENIED))


async def test_escape_stops_the_test_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "test"))
    service = FakeService(made_up(300))
    async with running(service, what=DENIED, views=NOWHERE) as pilot:
        await pilot.press("2")
        await counted(pilot)
        service.replay.gate.clear()
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, DraftScreen))
        await until(pilot, lambda: "Testing " in result(pilot))
        assert "0 of 1 event, would have fired 0 times so far" in result(pilot)
        assert "stop testing" in screen_text(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: not result(pilot).startswith("Testing"))
        assert result(pilot).startswith("Called off after 0 of ")
        assert "Esc close" in screen_text(pilot.app)
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, DraftScreen)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "There is no filter to make a rule of: press / and say what a rule should look for"),
        ("since:-1h", "There is no filter to make a rule of"),
        ("has:alert", "A rule cannot ask whether there is an alert"),
    ],
)
async def test_what_no_rule_can_be_made_of_is_refused_with_words(query: str, words: str) -> None:
    async with running(FakeService(made_up(50)), what=Filter.parsed(query), views=NOWHERE) as pilot:
        await pilot.press("2")
        await counted(pilot)
        await pilot.press("R")
        await until(pilot, lambda: said(pilot))
        assert said(pilot).startswith(words)


async def test_times_are_left_out_and_it_says_so() -> None:
    async with running(
        FakeService(made_up(50)), what=Filter.parsed("type:auth.failed since:-1h"), views=NOWHERE
    ) as pilot:
        await drafting(pilot)
        text = screen_text(pilot.app)
        assert "Without since:-1h: a rule looks at each event when it comes." in text
        assert 'filter: "type:auth.failed"' in text


async def test_hostile_filters_stay_text() -> None:
    async with running(FakeService(made_up(50)), what=DENIED, size=(80, 24), views=NOWHERE) as pilot:
        await pilot.press("2")
        for text in (*TEXTS[:6], *TEXTS[7:9], *TEXTS[-2:]):
            what = Filter(Term(Key.AGENT, (Text(text),)))
            search(pilot).set_filter(what)
            await drafting(pilot)
            assert unsafe_on_screen(pilot.app) == []
            assert "Draft a rule" in screen_text(pilot.app)
            rule = dialog(pilot).draft.rule
            assert rule.options.query == what
            assert rule.header.title
            await pilot.press("escape")


@pytest.mark.parametrize("text", ["x" * 30_000, TEXTS[6]])
async def test_a_filter_that_no_file_can_hold_is_refused(text: str) -> None:
    async with running(FakeService(made_up(50)), what=Filter(Term(Key.AGENT, (Text(text),))), views=NOWHERE) as pilot:
        await pilot.press("2", "R")
        await until(pilot, lambda: said(pilot))
        assert not isinstance(pilot.app.screen, DraftScreen)


async def test_a_real_store_is_asked(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        events = [line(f"{n}", BASE_US + n, event_type="auth.failed", agent_id=f"a{n % 2}") for n in range(9)]
        store.append([batch(add_source(store), *events)])
    with closing(open_reader(tmp_path)) as reader:
        clock = FrozenClock(BASE_US + 1_000_000)
        async with running(reader, what=DENIED, clock=clock, views=NOWHERE) as pilot:
            await drafting(pilot)
            assert result(pilot) == "Would have fired 2 times in 1 hour, on 2 agents."
