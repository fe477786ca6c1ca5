"""`auditail alerts`: what it lists, shows, decides and takes back; its words, formats and exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.alerts.incident import RuleFacts
from store.alerts.states import Level
from store.errors import StoreFullError
from tests.alert_incidents import GUESSING, LOOP, Clock, Incidents, open_at
from tests.analytics_place import pretend_terminal
from tests.e2e.cli_process import Answer, in_process

HOSTILE = "bot\x1b]0;x\x07\u202e"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder whose store has four alerts: 1 and 2 high, 3 medium, 4 low."""
    with open_at(tmp_path, Clock()) as store:
        happen = Incidents(store)
        happen.open("support-bot", tenant_id="acme", tool="query_orders")
        happen.open(HOSTILE, tenant_id="globex")
        happen.open(rule=LOOP)
        happen.open(rule=RuleFacts("rule-3", "off-hours", "Login at night", Level.LOW))
    return tmp_path


def call(place: Path, *arguments: str, code: int = 0, tenant: str | None = None) -> Answer:
    """Run a command on the store of a place, which must end with this code."""
    limits = () if tenant is None else ("--tenant", tenant)
    answer = in_process("--store", "events.db", *limits, *arguments, cwd=place)
    assert answer.code == code, answer.err
    assert "Traceback" not in answer.err
    return answer


def listed(place: Path, *arguments: str, **more: Any) -> list[int]:
    """Return the numbers of the alerts that a list has."""
    return [one["alert"] for one in call(place, "alerts", "list", *arguments, "--format", "json", **more).json()]


def test_the_list_has_the_worst_first_and_only_what_waits(place: Path) -> None:
    assert listed(place) == [2, 1, 3, 4]
    call(place, "alerts", "decide", "2", "mute", "--reason", "noise", "--for", "1d")
    call(place, "alerts", "decide", "3", "resolve")
    assert listed(place) == [1, 4]
    said = call(place, "alerts", "list").err
    assert said == "not shown: 1 resolved, 1 muted with 1 event (`auditail alerts list state:resolved,muted`)\n"
    assert listed(place, "state:resolved,muted") == [3, 2]
    assert listed(place, "level:>=medium") == [1]
    assert listed(place, "-level:low") == [1]
    assert listed(place, "-tool:query_orders", "rule:off*") == [4]
    assert listed(place, "--limit", "1") == [1]
    assert "and 1 more: --limit N shows N of them" in call(place, "alerts", "list", "--limit", "1").err
    assert call(place, "alerts", "list", "state:muted").err == ""


def test_an_empty_list_says_so(place: Path, tmp_path: Path) -> None:
    assert call(place, "alerts", "list", "agent:nobody").err == "no alert matches\n"
    assert call(place, "alerts", "list", "agent:nobody", "--format", "json").out == "[]\n"
    open_at(tmp_path, Clock()).close()
    (tmp_path / "events.db").rename(tmp_path / "other.db")
    assert "no store at" in call(tmp_path, "alerts", "list", code=3).err


def test_all_formats_have_the_same_alerts(place: Path) -> None:
    found = call(place, "alerts", "list", "--format", "json").json()
    lines = call(place, "alerts", "list", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == found
    rows = list(csv.DictReader(io.StringIO(call(place, "alerts", "list", "--format", "csv").out)))
    assert [(row["alert"], row["rule"], row["level"], row["agent"]) for row in rows] == [
        (str(one["alert"]), one["rule"]["name"], one["rule"]["level"], one["agent"] or "") for one in found
    ]
    assert {row["historical"] for row in rows} == {"false"}
    assert found[0]["agent"] == HOSTILE
    assert found[0]["key"] == {"agent_id": HOSTILE}


@pytest.mark.parametrize(
    "arguments", [("list",), ("list", "--format", "json"), ("show", "2"), ("show", "2", "--format", "json")]
)
def test_nothing_in_an_alert_steers_a_terminal(
    place: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    pretend_terminal(monkeypatch, 120)
    out = call(place, "alerts", *arguments).out
    assert "bot" in out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_show_cuts_what_nobody_reads_to_its_end(tmp_path: Path) -> None:
    with open_at(tmp_path, Clock()) as store:
        Incidents(store).open("b" * 100_000, tool="t" * 100_000)
    out = call(tmp_path, "alerts", "show", "1", "--format", "text").out
    facts = out.partition("Evidence")[0]
    assert "b" * 256 + "…" in facts
    assert max(map(len, facts.splitlines())) < 300
    assert call(tmp_path, "alerts", "show", "1", "--format", "json").json()["agent"] == "b" * 100_000


@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 30])
def test_a_number_that_no_alert_can_have_is_a_usage_error(place: Path, number: str) -> None:
    for arguments in (("show", number), ("decide", number, "resolve"), ("undo", number)):
        assert "it must be" in call(place, "alerts", *arguments, code=2).err


def test_fail_on_asks_whether_one_waits_at_or_above_a_level(place: Path) -> None:
    assert call(place, "alerts", "list", "--fail-on", "critical").err == ""
    answer = call(place, "alerts", "list", "--fail-on", "medium", "--limit", "1", code=1)
    assert "3 alerts at or above medium" in answer.err
    call(place, "alerts", "list", "level:low", "--fail-on", "medium")
    for number in ("1", "2"):
        call(place, "alerts", "decide", number, "resolve")
    call(place, "alerts", "list", "--fail-on", "high")
    call(place, "alerts", "list", "state:resolved", "--fail-on", "high")
    call(place, "alerts", "undo")
    call(place, "alerts", "list", "--fail-on", "high", "--format", "csv", code=1)


def test_show_has_the_history_of_decisions_and_alike_ones(place: Path) -> None:
    call(place, "alerts", "decide", "1", "accept-risk", "--reason", "we know \x1b[2J")
    shown = call(place, "alerts", "show", "1", "--utc")
    assert "1, accepted" in shown.out
    assert "risk accepted by " in shown.out
    assert "we know ␛[2J" in shown.out
    assert "auditail logs alert:1" in shown.out
    assert "> 2026-11-22 14:02:07.000  agent.message  support-bot" in shown.out
    whole = call(place, "alerts", "show", "1", "--format", "json").json()
    assert [step["what"] for step in whole["history"]] == ["opened", "decided"]
    assert [one["event"]["agent_id"] for one in whole["evidence"] if one["hit"]] == ["support-bot"]
    assert call(place, "alerts", "show", "2", "--format", "json").json()["alike"][0]["alert"] == 1


def test_what_there_is_not_is_a_usage_error(place: Path) -> None:
    for command in (("show", "9"), ("decide", "9", "resolve")):
        assert "no alert has the number 9" in call(place, "alerts", *command, code=2).err
    assert "no decision 9 stands" in call(place, "alerts", "undo", "9", code=2).err
    assert "nothing that could be taken back" in call(place, "alerts", "undo").err
    assert "did you mean agent:?" in call(place, "alerts", "list", "agnt:x", code=2).err
    assert "no such option --quer" in call(place, "alerts", "list", "--quer", "x", code=2).err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("mute", "--for", "7d"), "mute needs --reason TEXT"),
        (("false-positive",), "false-positive needs --reason TEXT"),
        (("mute", "--reason", "x"), "a mute needs an end: add --for 7d"),
        (("mute", "--reason", "x", "--for", "soon"), "cannot read --for soon: write it as 90m, 12h, 7d or 2w"),
        (("mute", "--reason", "x", "--until", "soon"), "cannot read --until soon"),
        (("mute", "--reason", "x", "--until", "-1h"), "has passed"),
        (("mute", "--reason", "x", "--for", "1d", "--until", "-1h"), "two ways to say the same"),
        (("resolve", "--for", "1d"), "has no end"),
        (("resolve", "--reach", "filter"), "--reach filter and --query QUERY belong together"),
        (("resolve", "--query", "agent:x"), "--reach filter and --query QUERY belong together"),
        (("resolve", "--reach", "filter", "--query", ""), "there is no filter to go by"),
        (("resolve", "--reach", "filter", "--query", "agnt:x"), "did you mean agent:?"),
        (("postpone",), "'acknowledge', 'resolve', 'false-positive', 'accept-risk', 'mute'"),
    ],
)
def test_what_cannot_be_decided_says_what_to_add(place: Path, arguments: tuple[str, ...], complaint: str) -> None:
    assert complaint in call(place, "alerts", "decide", "1", *arguments, code=2).err
    assert listed(place) == [2, 1, 3, 4]


def test_decide_says_what_it_did_and_undo_takes_it_back(place: Path) -> None:
    verdict = ("false-positive", "--reason", "a test", "--until", "9998-01-02 03:04", "--utc")
    done = call(place, "alerts", "decide", "1", *verdict, "--reach", "filter", "--query", "-tool:x")
    assert done.out == "alert 1 and 1 other alert: false positive until 9998-01-02 03:04 UTC\n"
    assert done.err == "`auditail alerts undo 1` takes it back\n"
    assert listed(place, "state:false-positive") == [2, 1]
    logged = call(place, "logs", "--type", "system.alert_decided", "--format", "json").json()
    assert [(one["metadata"]["verdict"], one["metadata"]["query"]) for one in logged] == [("false-positive", "-tool:x")]
    undone = call(place, "alerts", "undo", "1")
    assert undone.out == "decision 1 (false positive) is taken back: 2 alerts stand as before\n"
    assert listed(place) == [2, 1, 3, 4]


def test_taking_back_what_a_newer_decision_stands_on_says_so_and_what_to_do(place: Path) -> None:
    call(place, "alerts", "decide", "1", "resolve", "--reach", "filter", "--query", "-tool:x")
    call(place, "alerts", "decide", "1", "acknowledge")
    some = call(place, "alerts", "undo", "1")
    assert some.out == "decision 1 (resolved) is taken back: 1 alert stands as before, 1 as decided since\n"
    assert some.err == "`auditail alerts undo 2` takes the newer decision back, too\n"
    call(place, "alerts", "decide", "1", "resolve")
    none = call(place, "alerts", "undo", "2")
    assert none.out == "decision 2 (acknowledged) is taken back: its alert stays as decision 3 says\n"
    assert none.err == "`auditail alerts undo 3` takes the newer decision back, too\n"
    assert listed(place, "state:resolved") == [1]
    assert call(place, "alerts", "undo", "3").err == ""
    assert listed(place, "state:new") == [2, 1, 3, 4]


def test_taking_back_what_was_over_says_that_it_changes_nothing(place: Path) -> None:
    with open_at(place, Clock()) as store:
        happen = Incidents(store, known=4)
        number = happen.open("late")
        call(place, "alerts", "decide", str(number), "resolve")
        happen.grow(number)
    undone = call(place, "alerts", "undo", "1")
    assert undone.out == "decision 1 (resolved) is taken back: no alert changes, since what it said was over\n"
    assert undone.err == ""


def test_a_full_disk_is_no_matter_of_permissions_and_nothing_was_decided(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> object:
        raise StoreFullError(place / "events.db")

    monkeypatch.setattr("store.alerts.decisions.AlertDesk.decide", full)
    said = call(place, "alerts", "decide", "1", "resolve", code=3).err
    assert said == f"auditail: no space left for {place}/events.db: nothing was decided: free some, then do it again\n"


def test_times_are_local_unless_said_otherwise(place: Path) -> None:
    verdict = ("accept-risk", "--reason", "x", "--until", "2999-07-01 12:00")
    assert "2999-07-01 12:00 +02:00" in call(place, "alerts", "decide", "1", *verdict).out
    [one] = call(place, "alerts", "list", "state:accepted", "--format", "json").json()
    assert one["until"] == "2999-07-01T10:00:00Z"


def test_a_scope_hides_others_alerts_and_keeps_decisions_to_what_is_seen(place: Path) -> None:
    assert listed(place, tenant="acme") == [1]
    assert "no alert has the number 2" in call(place, "alerts", "decide", "2", "resolve", tenant="acme", code=2).err
    wide = ("decide", "1", "resolve", "--reach", "rule-and-agent")
    assert "only some tenants are seen" in call(place, "alerts", *wide, tenant="acme", code=2).err
    call(place, "alerts", "decide", "1", "resolve", tenant="acme")
    assert listed(place) == [2, 3, 4]


class Story:
    """Stands for the waiting between two looks: each time something happens, and in the end somebody presses Ctrl-C."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        """Tell these steps."""
        self._steps = iter(steps)

    def __call__(self, _seconds: float) -> None:
        """Let the next thing happen."""
        step = next(self._steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()


def test_watch_prints_what_opens_and_what_is_new_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_at(place, Clock()) as store:
        happen = Incidents(store, known=4)
        decide = ("alerts", "decide", "5")
        story = Story(
            lambda: happen.open("late"),
            lambda: happen.grow(5),
            lambda: call(place, *decide, "resolve"),
            lambda: happen.grow(5),
            lambda: call(place, *decide, "mute", "--reason", "x", "--for", "1d", "--reach", "rule-and-agent"),
            lambda: happen.open("late"),
            lambda: happen.open("past", historical=True),
            lambda: happen.open("late", rule=LOOP),
        )
        monkeypatch.setattr("cli.alerts.watching.sleep", story)
        answer = call(place, "alerts", "watch", "-agent:other", "--format", "jsonl", code=130)
    found = [json.loads(line) for line in answer.out.splitlines()]
    assert [(one["alert"], one["again"], one["rule"]["name"]) for one in found] == [
        (5, False, GUESSING.name),
        (5, True, GUESSING.name),
        (8, False, LOOP.name),
    ]
    assert "no scanner is running" in answer.err


def test_watch_ends_with_the_first_that_is_bad_enough(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_at(place, Clock()) as store:
        happen = Incidents(store, known=4)
        story = Story(lambda: happen.open(rule=LOOP), lambda: happen.open(HOSTILE))
        monkeypatch.setattr("cli.alerts.watching.sleep", story)
        answer = call(place, "alerts", "watch", "--fail-on", "high", "--utc", code=1)
    assert answer.out.splitlines() == [
        "2026-11-22 14:02:11  medium    alert 5  The same tool fails again and again  bot  1 event",
        "2026-11-22 14:02:12  high      alert 6  Passwords guessed  bot␛]0;x␇‹202e›  1 event",
    ]
