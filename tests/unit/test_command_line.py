"""How a copied command reads; that it says the same again is a property test's business."""

from __future__ import annotations

import pytest

from store.filters.model import Filter
from store.searching import Sort
from tests.conftest import ROOT
from tui.command_line import CommandPlace, command_line, quoted
from tui.shown_view import ShownView

USUAL = CommandPlace()


def copied(query: str, place: CommandPlace = USUAL, *, utc: bool = False) -> str | None:
    return command_line(ShownView(Filter.parsed(query, utc=utc)), place, utc=utc)


def test_everything_is_the_bare_command() -> None:
    assert copied("") == "auditail infra logs"


def test_each_part_of_the_filter_is_an_argument() -> None:
    command = copied('agent:assistant -status:success ms:>2s "quota exceeded" (tool:a OR tool:b)')
    assert command == (
        "auditail infra logs -- agent:assistant -status:success 'ms:>2s' '\"quota exceeded\"' '(tool:a OR tool:b)'"
    )


def test_one_alternative_needs_no_parentheses() -> None:
    assert copied("(tool:a OR tool:b)") == "auditail infra logs -- 'tool:a OR tool:b'"


def test_what_the_dashboard_was_told_is_told_on() -> None:
    place = CommandPlace("/data/my store.db", ("acme", "o'neill"))
    assert copied("has:error", place) == (
        r"auditail '--store=/data/my store.db' --tenant=acme '--tenant=o'\''neill' infra logs -- has:error"
    )


def test_order_and_columns_are_said_where_they_were_chosen() -> None:
    view = ShownView(Filter(), ("time", "duration", "owner"), Sort("agent", descending=False))
    assert command_line(view, CommandPlace(), utc=False) == (
        "auditail infra logs --sort=agent:asc --columns=time,took,owner"
    )


@pytest.mark.parametrize(
    ("query", "screen", "settings", "flag"),
    [
        ("agent:a", False, False, ""),
        ("agent:a", True, False, "--utc "),
        ("agent:a", True, True, ""),
        ("agent:a", False, True, "--local "),
        ("-(since:10:30 OR x)", True, False, "--utc "),
    ],
)
def test_the_zone_is_said_where_the_settings_do_not_say_it(
    query: str, *, screen: bool, settings: bool, flag: str
) -> None:
    command = copied(query, CommandPlace(utc=settings), utc=screen)
    assert command is not None
    assert command.startswith(f"auditail infra logs {flag}-- ")


def test_a_filter_that_names_a_time_keeps_its_zone_when_the_screen_changes_its() -> None:
    view = ShownView(Filter.parsed("since:10:30", utc=True))
    assert command_line(view, CommandPlace(), utc=False) == "auditail infra logs --utc -- since:10:30"


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("agent:a-b.c,d@e/f", "agent:a-b.c,d@e/f"),
        ("=ls", "'=ls'"),
        ("~", "'~'"),
        ("", "''"),
        ("$HOME `x` \\", "'$HOME `x` \\'"),
        ("it's", r"'it'\''s'"),
        ("a\x15rm -rf ~\nit's!", r"$'a\025rm -rf ~\012it\047s\041'"),
        ("é\u202ex", r"$'é\342\200\256x'"),
    ],
)
def test_a_word_is_quoted_so_that_no_shell_and_no_terminal_acts_on_it(word: str, written: str) -> None:
    assert quoted(word) == written


@pytest.mark.parametrize("query", ['agent:"a\0b"', "agent:a\ud800b"])
def test_what_no_argument_can_hold_is_no_command(query: str) -> None:
    assert copied(query) is None


def test_bytes_that_were_no_text_are_the_same_bytes_again() -> None:
    assert copied("agent:a\udcff") == r"auditail infra logs -- $'agent:a\377'"


def test_the_page_on_views_shows_commands_as_they_are_copied() -> None:
    page = (ROOT / "docs" / "views.md").read_text("utf-8")
    first = copied('agent:assistant -status:success ms:>2s "quota exceeded"')
    view = ShownView(Filter.parsed("has:error"), ("time", "tool", "duration"), Sort("duration"))
    second = command_line(view, CommandPlace("/data/events.db", ("acme",)), utc=True)
    assert f"\n{first}\n{second}\n" in page
