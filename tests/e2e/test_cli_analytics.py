"""`auditail analytics …` on a real store: what the numbers are, and how they are written."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from cli.analytics.measures import FIELDS
from cli.calling_off import ctrl_c_noted
from store.analytics.meaning import MEANINGS
from tests.analytics_place import DAY_US, NOW_US, STORE, freeze, pretend_terminal, tell_history
from tests.e2e.cli_process import Answer, in_process
from tests.pilot.fake_service import FakeService
from tests.unit.test_house_arrows import DATABASE, SCREEN, loaded_after

if TYPE_CHECKING:
    from pathlib import Path

    from store.filters.model import Filter

WINDOW: Final = ("--since", "2026-10-24T23:00:00Z", "--before", "2026-11-23T10:00:00Z")
"""The last thirty days in the zone of the tests, up to the end of the running hour."""
COMMANDS: Final = (
    "overview", "agents list", "agents usage", "agents show support-bot", "ai tokens", "mcp calls", "content stats",
    "tools", "users", "costs", "denials",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analytics")
    tell_history(folder)
    (folder / "odd.jsonl").write_text("".join(json.dumps(one) + "\n" for one in ODD))
    assert in_process("ingest", "odd.jsonl", "--store", "odd.db", cwd=folder).code == 0
    return folder


ODD: Final[list[dict[str, Any]]] = [
    {
        "timestamp": "2026-11-22T10:00:00Z",
        "event_type": "mcp.tool_call",
        "agent_id": "=1+1",
        "user_id": "\x1b[31mroot",
        "tenant_id": "acme",
        "tool": "[/]\x1b]0;x\x07",
        "status": "denied",
        "duration_ms": 5,
        "message": "no",
    },
    {
        "timestamp": "2026-11-22T11:00:00Z",
        "event_type": "api.request",
        "agent_id": "writer",
        "tenant_id": "globex",
        "model": "no-such-model",
        "input_tokens": 10,
        "output_tokens": 5,
    },
]


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch)


def ask(place: Path, *arguments: str, store: str = STORE, code: int = 0) -> Answer:
    answer = in_process("--store", store, "analytics", *arguments, cwd=place)
    assert answer.code == code, answer.err
    return answer


def rows(place: Path, *arguments: str, store: str = STORE) -> list[dict[str, Any]]:
    return ask(place, *arguments, "--format", "json", store=store).json()["rows"]


def counted(place: Path, query: str, *flags: str) -> int:
    answer = in_process("--store", STORE, "infra", "logs", "--count", *flags, *WINDOW, query, cwd=place)
    return int(answer.out)


@pytest.mark.parametrize("measure", ["events", "errors", "denials", "calls", "outcomes", "failures", "refusals"])
def test_a_number_is_that_of_the_events_behind_it(place: Path, measure: str) -> None:
    meant = MEANINGS[measure]
    assert ask(place, "overview", "--format", "json").json()["total"][measure] == counted(place, meant)
    agents = {row["agent"]: row[measure] for row in rows(place, "agents", "list")}
    assert agents["code-reviewer"] == counted(place, f"agent:code-reviewer {meant}")
    assert agents[None] == counted(place, f"-agent:* {meant}")
    narrowed = rows(place, "agents", "usage", "--by", "tool", "--user", "ci", "-server:fs")
    tests = next(row for row in narrowed if row["tool"] == "run_tests")
    assert tests[measure] == counted(place, f"tool:run_tests -server:fs {meant}", "--user", "ci")


def test_tokens_and_reported_cost_are_the_sums_of_the_events(place: Path) -> None:
    answer = in_process("--store", STORE, "infra", "logs", "--format", "json", *WINDOW, cwd=place)
    events = [event for event in answer.json() if event.get("model") == "claude-opus-4-5"]
    (row,) = [row for row in rows(place, "costs") if row["model"] == "claude-opus-4-5"]
    assert events
    for kind in ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"):
        assert row[kind] == sum(event.get(kind) or 0 for event in events)
    assert row["reported_microusd"] == row["cost_microusd"] == sum(event["cost_microusd"] for event in events)


def test_periods_are_those_of_the_calendar_and_add_up(place: Path) -> None:
    days = rows(place, "mcp", "calls", "--period", "day")
    assert len(days) == 30
    assert (days[0]["since"], days[-1]["before"]) == ("2026-10-24T22:00:00Z", "2026-11-23T10:00:00Z")
    assert days[1]["since"] == "2026-10-25T23:00:00Z"  # the day before had 25 hours
    assert sum(day["calls"] for day in days) == ask(place, "tools", "--format", "json").json()["total"]["calls"]
    assert [day["calls_before"] for day in days[1:-1]] == [day["calls"] for day in days[:-2]]
    assert days[-1]["calls_before"] is None  # it is not over yet
    weeks = rows(place, "ai", "tokens", "--period", "week", "--utc")
    assert {week["since"][10:] for week in weeks} == {"T00:00:00Z"}
    clipped = rows(place, "mcp", "calls", "--since", "2026-11-19T12:00:00Z")
    assert clipped[0]["calls_before"] is None
    assert clipped[1]["calls_before"] == days[-5]["calls"]


def test_the_window_before_is_compared_where_the_store_knows_it(place: Path) -> None:
    document = ask(place, "agents", "list", "--format", "json").json()
    assert document["window"] == {"since": "2026-10-24T22:00:00Z", "before": "2026-11-23T10:00:00Z"}
    assert document["compared_with"]["before"] == "2026-10-24T22:00:00Z"
    assert document["total"]["events_before"] > 0
    long = ask(place, "agents", "list", "--since", "-60d", "--format", "json").json()
    assert long["compared_with"] is None
    assert long["total"]["events_before"] is None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_report_has_the_same_frame_in_json_and_its_rows_in_csv(place: Path, command: str) -> None:
    document: dict[str, Any] = ask(place, *command.split(), "--format", "json").json()
    assert {"window", "compared_with", "complete", "total"} <= set(document)
    assert document["complete"] is True
    assert tuple(document["total"]) == FIELDS
    found = list(csv.DictReader(io.StringIO(ask(place, *command.split(), "--format", "csv").out)))
    first = next(cast("list[dict[str, Any]]", value) for value in document.values() if isinstance(value, list))
    assert found == [{key: "" if value is None else str(value) for key, value in row.items()} for row in first]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [80, 160])
def test_a_terminal_is_never_too_narrow(place: Path, command: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_terminal(monkeypatch, width)
    lines = ask(place, *command.split()).out.splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) > 5


def test_plain_ascii_is_enough(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_terminal(monkeypatch, 120)
    monkeypatch.setenv("AUDITAIL_UI__ASCII", "true")
    for command in ("users", "agents list", "costs", "mcp calls"):
        assert ask(place, *command.split()).out.isascii()


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_drawn_in_a_pipe(place: Path, command: str) -> None:
    out = ask(place, *command.split()).out
    assert not set(out) & set("\x1b▁▂▃▄▅▆━╸─…")


def test_rows_are_ordered_and_limited(place: Path) -> None:
    by_name = [row["agent"] for row in rows(place, "agents", "list", "--sort", "agent")]
    assert by_name[-1] is None
    assert by_name[:-1] == sorted(by_name[:-1])
    costs = [row["cost_microusd"] for row in rows(place, "agents", "list", "--sort", "cost:asc")]
    known = [cost for cost in costs if cost is not None]
    assert known == sorted(known)
    assert costs[len(known) :] == [None] * (len(costs) - len(known))
    assert len(rows(place, "tools", "--limit", "3")) == 3
    lines = ask(place, "tools", "--limit", "3").out.splitlines()
    assert lines[-1].endswith(" more: --limit N shows N of them")
    assert [row["since"] for row in rows(place, "ai", "tokens", "--limit", "2")][-1] == "2026-11-22T23:00:00Z"


def test_an_agent_is_shown_whole(place: Path) -> None:
    document = ask(place, "agents", "show", "code-reviewer", "--format", "json").json()
    assert document["agent"] == "code-reviewer"
    assert document["total"]["events"] == counted(place, "agent:code-reviewer")
    assert {row["tool"] for row in document["tools"]} >= {"run_tests", "get_diff"}
    assert sum(row["calls"] for row in document["tools"]) == document["total"]["calls"]
    assert [row["model"] for row in document["models"]] == ["claude-opus-4-5"]
    assert {row["user"] for row in document["users"]} == {"ci", "lin"}


def test_denials_are_told_with_what_was_allowed(place: Path) -> None:
    pairs = rows(place, "denials")
    assert pairs
    for row in pairs:
        terms = " ".join(f"-{key}:*" if row[key] is None else f"{key}:{row[key]}" for key in ("agent", "tool"))
        assert row["denied"] == counted(place, f"{terms} has:denial")
        assert row["allowed"] == counted(place, f"{terms} has:outcome -has:denial")


def test_only_tenants_in_scope_are_counted(place: Path) -> None:
    limited = in_process(
        "--store", STORE, "--tenant", "acme", "analytics", "agents", "usage", "--by", "tenant", "--format", "json",
        cwd=place,
    ).json()  # fmt: skip
    (row,) = limited["rows"]
    assert row["tenant"] == "acme"
    assert row["events"] == limited["total"]["events"] == counted(place, "tenant:acme")
    flagged = ask(place, "agents", "usage", "--by", "tenant", "--tenant", "acme", "--format", "json").json()
    assert flagged["total"]["events"] == row["events"]


def test_hostile_names_are_harmless_everywhere(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "'=1+1" in ask(place, "agents", "list", "--format", "csv", store="odd.db").out
    assert "\x1b[31mroot" in {row["user"] for row in rows(place, "users", store="odd.db")}
    for command in COMMANDS:
        arguments = ["agents", "show", "=1+1"] if command.startswith("agents show") else command.split()
        assert "\x1b" not in ask(place, *arguments, store="odd.db").out
    pretend_terminal(monkeypatch, 120)
    for form in ("table", "json", "csv"):
        for command in ("tools", "users", "denials"):
            assert "\x1b" not in ask(place, command, "--format", form, store="odd.db").out


def test_what_has_no_price_is_said_to_be_unknown(place: Path) -> None:
    (row,) = rows(place, "costs", store="odd.db")
    assert (row["model"], row["cost_microusd"], row["unpriced"], row["unpriced_share"]) == ("no-such-model", None, 1, 1)
    text = ask(place, "costs", store="odd.db").out
    assert "cost not known" in text
    assert "100.0 % unpriced" in text
    assert "≥ $" in ask(place, "overview").out


def test_an_empty_window_and_an_empty_store_have_nothing_to_tell(place: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    assert in_process("ingest", "none.jsonl", "--store", STORE, cwd=tmp_path).code == 0
    for command in COMMANDS:
        if command.startswith("agents show"):
            continue
        document = ask(tmp_path, *command.split(), "--format", "json").json()
        assert document["total"]["events"] == 0
        assert "0 events" in ask(tmp_path, *command.split()).out
        assert "0 events" in ask(place, *command.split(), "--since", "2027-01-01", "--before", "2027-01-02").out
    assert "there is no agent 'x'" in ask(tmp_path, "agents", "show", "x", code=2).err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["agents", "usage", "--by", "tol"], "--by takes user, agent, tenant, model, tool, server, not 'tol' (did you"),
        (["costs", "--by", "modl"], "did you mean model?"),
        (["ai", "tokens", "--period", "weak"], "did you mean week?"),
        (["agents", "list", "--sort", "csot"], "did you mean cost?"),
        (["agents", "list", "--sort", "cost:up"], "followed by :asc or :desc"),
        (["agents", "show", "suport-bot"], "did you mean support-bot?"),
        (["mcp", "calls", "--period", "hour", "--since", "2020-01-01"], "choose a longer --period"),
        (["tools", "--since", "soon"], "cannot read the time 'soon'"),
        (["tools", "agnet:x"], "did you mean agent:?"),
        (["tools", "--limit", "0"], "--limit"),
        (["tools", "--formt", "json"], "did you mean --format?"),
    ],
)
def test_mistakes_are_answered_with_what_was_meant(place: Path, arguments: list[str], said: str) -> None:
    assert said in ask(place, *arguments, code=2).err


@pytest.mark.parametrize("group", [[], ["agents"], ["ai"], ["mcp"], ["content"]])
def test_a_bare_group_prints_its_help(place: Path, group: list[str]) -> None:
    assert "Commands:" in ask(place, *group).out


def test_budgets_say_how_they_stand_and_one_that_is_over_is_a_finding(place: Path) -> None:
    (place / "two.yaml").write_text(
        "budgets:\n  - {per: month, usd: 100000}\n  - {name: review, agent: code-reviewer, per: month, tokens: 1k}\n"
    )
    answer = in_process("--store", STORE, "--config", "two.yaml", "analytics", "budgets", "--format", "json", cwd=place)
    assert answer.code == 1
    everything, review = answer.json()["rows"]
    assert (everything["name"], everything["over"], everything["at_least"]) == ("all / month", False, True)
    assert everything["since"] == "2026-10-31T23:00:00Z"
    assert everything["forecast"] > everything["spent"] > 0
    assert (review["over"], review["unit"], review["limit"]) == (True, "tokens", 1_000)
    month = in_process("--store", STORE, "infra", "logs", "--format", "json", "agent:code-reviewer",
                      "--since", "2026-10-31T23:00:00Z", cwd=place).json()  # fmt: skip
    kinds = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    assert review["spent"] == sum(event.get(kind) or 0 for event in month for kind in kinds)
    (place / "one.yaml").write_text("budgets:\n  - {per: month, usd: 100000}\n")
    fine = in_process("--store", STORE, "--config", "one.yaml", "analytics", "budgets", cwd=place)
    assert fine.code == 0, fine.err
    assert "within" in fine.out
    assert "OVER" in in_process("--store", STORE, "--config", "two.yaml", "analytics", "overview", cwd=place).out
    assert "no budgets" in ask(place, "budgets").out


def test_prices_are_computed_anew_and_sums_with_them(tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text("".join(json.dumps(one) + "\n" for one in ODD))
    assert in_process("ingest", "odd.jsonl", "--store", "odd.db", cwd=tmp_path).code == 0
    (tmp_path / "prices.yaml").write_text("prices:\n  - {model: no-such-*, input: 1, output: 2}\n")
    again = ("--store", "odd.db", "--config", "prices.yaml", "analytics", "reprice")
    would = in_process(*again, "--dry-run", "--format", "json", cwd=tmp_path).json()
    row = {"model": "no-such-model", "changed": 1, "before_microusd": 0, "after_microusd": 20}
    assert would["rows"] == [row | {"unknown_before": 1, "unknown_after": 0}]
    assert rows(tmp_path, "costs", store="odd.db")[0]["cost_microusd"] is None
    assert (
        "1 event of 1 that state no cost would get another price" in in_process(*again, "--dry-run", cwd=tmp_path).out
    )
    assert "1 event of 1 that state no cost have another price now" in in_process(*again, cwd=tmp_path).out
    (cost,) = rows(tmp_path, "costs", store="odd.db")
    assert (cost["cost_microusd"], cost["computed_microusd"], cost["priced"], cost["unpriced"]) == (20, 20, 1, 0)
    assert "nothing changes" in in_process(*again, cwd=tmp_path).out
    scoped = in_process("--tenant", "acme", *again, "--format", "json", cwd=tmp_path).json()
    assert [one["model"] for one in scoped["rows"]] == [None]


def test_sums_made_anew_are_the_same(tmp_path: Path) -> None:
    tell_history(tmp_path, events=300)
    before = [ask(tmp_path, *command.split(), "--format", "json").out for command in COMMANDS]
    assert ask(tmp_path, "rebuild").err == "the sums of 300 events are made anew\n"
    assert [ask(tmp_path, *command.split(), "--format", "json").out for command in COMMANDS] == before


class Slow(FakeService):
    """A store in which counting takes until it is called off."""

    def __init__(self) -> None:
        """Answer half, and wait."""
        super().__init__()
        self.analytics.in_parts = True
        self.analytics.gate.clear()
        self.asked = 0

    def matching(self, what: Filter) -> list[Any]:
        """Press Ctrl-C as soon as something is asked."""
        if not self.asked:
            os.kill(os.getpid(), signal.SIGINT)
        self.asked += 1
        return super().matching(what)

    def close(self) -> None:
        """Nothing is open."""


def test_ctrl_c_ends_counting_with_what_there_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()

    def opened(_: object) -> Slow:
        return slow

    monkeypatch.setattr("cli.analytics.running.open_reader", opened)
    answer = ask(place, "tools", "--format", "json", code=1)
    assert answer.json()["complete"] is False
    assert answer.err.startswith("called off: counted back to ")


def test_a_second_ctrl_c_ends_the_program() -> None:
    with ctrl_c_noted() as called_off:
        assert not called_off
        os.kill(os.getpid(), signal.SIGINT)
        assert called_off
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_help_loads_no_database() -> None:
    ask_for_help = """
import sys
from cli.main import main
sys.argv = ["auditail", "analytics", "--help"]
try:
    main()
except SystemExit:
    pass
"""
    assert loaded_after(ask_for_help) & {*SCREEN, *DATABASE} == set()


def test_the_present_is_the_end_of_the_history() -> None:
    assert NOW_US % DAY_US == 9 * 3_600_000_000
