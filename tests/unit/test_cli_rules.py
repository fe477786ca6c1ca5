"""`auditail rules` on real files and a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.store import Store
from tests.e2e.cli_process import Answer, in_process
from tests.events import add_source, batch, line

ID = "0e7c1a52-6a3b-4a0e-9d2e-0d8d0c6f1a01"
MINE = f"""\
# what we look for
title: Night build fails
id: {ID}
name: night-build
level: high
logsource: {{product: ai_agent}}
detection:
  failed: {{agent_id: nightly, status: failure}}
  condition: failed
"""
PART = MINE.replace("night-build", "other").replace("1a01", "1a02").replace("condition: failed", "condition: faild")


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of own rules."""
    found = home / ".config/auditail/rules"
    found.mkdir(parents=True)
    return found


@pytest.fixture
def store(home: Path) -> Path:
    path = home / "s.db"
    with Store.open(path) as opened:
        opened.append([batch(add_source(opened), line())])
    return path


def rules(home: Path, *arguments: str, code: int = 0) -> Answer:
    answer = in_process("--store", "s.db", "rules", *arguments, cwd=home)
    assert answer.code == code, answer.err
    return answer


def row(answer: Answer, name: str) -> list[str]:
    """Return the cells of a rule's line: state, level, name, kind, from, alerts, and the title's words."""
    return next(cells for cells in map(str.split, answer.out.splitlines()) if cells[2] == name)


def test_the_list_has_shipped_rules_and_own_ones(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    answer = rules(home, "list")
    assert row(answer, "night-build")[:6] == ["on", "high", "night-build", "match", "own", "0"]
    assert row(answer, "password-guessing")[:5] == ["on", "medium", "password-guessing", "event_count", "shipped"]
    assert row(answer, "failed-login")[0] == "part"
    levels = [cells[1] for cells in map(str.split, answer.out.splitlines()[1:])]
    assert levels == sorted(levels, key=["critical", "high", "medium", "low", "informational"].index)
    assert " rules at work, " in answer.err


def test_what_is_wrong_with_own_files_is_listed_with_its_line(home: Path, folder: Path) -> None:
    (folder / "bad.yml").write_text(f"{MINE}---\n{PART}")
    answer = rules(home, "list", code=1)
    assert row(answer, "night-build")
    problem, said = answer.err.splitlines()
    assert problem.startswith(f"{folder}/bad.yml:19: ")
    assert "did you mean failed?" in problem
    assert said.endswith("1 problem, see above: what is wrong is not at work")


def test_the_list_as_json(home: Path, folder: Path) -> None:
    (folder / "bad.yml").write_text(f"{MINE}---\n{PART}")
    found = rules(home, "list", "--format", "json", code=1).json()
    (mine,) = [one for one in found["rules"] if not one["shipped"]]
    assert mine == {
        "name": "night-build",
        "id": ID,
        "title": "Night build fails",
        "level": "high",
        "kind": "match",
        "state": "on",
        "status": "experimental",
        "tags": [],
        "shipped": False,
        "path": f"{folder}/bad.yml",
        "line": 2,
        "alerts": 0,
    }
    (problem,) = found["problems"]
    assert (problem["path"], problem["line"], problem["suggestion"]) == (f"{folder}/bad.yml", 19, "failed")


def test_alerts_of_the_last_thirty_days_are_counted(home: Path, folder: Path, store: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    with Store.open(store) as opened, opened.writing() as connection:
        connection.execute("INSERT INTO alert_rule (rule_no, rule_id, name, facts) VALUES (7, ?, 'n', '{}')", (ID,))
        now = opened.clock()
        long_ago = now - 31 * 86_400_000_000
        for number, last_us, merged in ((1, now, None), (2, now, None), (3, now, 1), (4, long_ago, None)):
            connection.execute(
                "INSERT INTO alert (id, incident, rule_no, level, key, agent_no, user_no, tenant_no, first_us, last_us,"
                " count, explanation, historical, opened_us, changed_us, state, merged_into)"
                " VALUES (?, ?, 7, 3, '[]', 0, 0, 0, 0, ?, 1, '', 0, 0, 0, 0, ?)",
                (number, str(number), last_us, merged),
            )
    assert row(rules(home, "list"), "night-build")[5] == "2"
    assert "2 alerts in the last 30 days" in rules(home, "show", "night-build").out


def test_a_rule_is_shown_as_it_stands(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(f"---\n{MINE}\n---\n{MINE.replace('1a01', '1a03').replace('night-build', 'day')}")
    first, second, *text = rules(home, "show", ID.upper()).out.splitlines()
    assert first == "# night-build: high, match, one of your own, at work"
    assert second == f"# {folder}/mine.yml:3"
    assert "\n".join(text) + "\n" == MINE
    assert "name: day" in rules(home, "show", "Day").out
    assert "# part of password-guessing, " in rules(home, "show", "failed-login").out


def test_text_of_a_rule_cannot_steer_the_terminal(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE.replace("what we look for", "\u202eevil \u200b"))
    assert "# ‹202e›evil ‹200b›" in rules(home, "show", "night-build").out


def test_what_is_shown_can_be_kept_and_checked(home: Path, folder: Path) -> None:
    shown = rules(home, "show", "password-guessing").out
    (folder / "own.yml").write_text(shown.replace("level: medium", "level: high"))
    assert rules(home, "check", str(folder / "own.yml")).out == "ok: 1 rule\n"
    cells = row(rules(home, "list"), "password-guessing")
    assert cells[:5] == ["on", "high", "password-guessing", "event_count", "own"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", ["show", "enable", "disable"])
def test_a_misspelt_name_is_answered_with_the_nearest(home: Path, command: str) -> None:
    answer = rules(home, command, "pasword-gessing", code=2)
    assert answer.complaint() == (
        "auditail: no rule that can be used is called pasword-gessing: did you mean password-guessing?"
    )
    assert "`auditail rules list` lists them" in rules(home, command, "zzz", code=2).complaint()


def test_checking_tells_every_problem_with_file_and_line(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    (home / "a.yml").write_text(PART)
    (home / "b.yml").write_text("title: [")
    answer = rules(home, "check", "a.yml", "b.yml", "none.yml", str(folder / "mine.yml"), code=1)
    first, second, third = answer.out.splitlines()
    assert first.startswith("a.yml:9: ")
    assert second.startswith("b.yml:1: this is not valid YAML: ")
    assert third == "none.yml:1: the file cannot be read: No such file or directory"
    assert rules(home, "check", str(folder)).out == "ok: 1 rule\n"


COUNTED = """\
title: Many
id: 0e7c1a52-6a3b-4a0e-9d2e-0d8d0c6f1a09
correlation:
  type: event_count
  rules: {0}
  group-by: user_id
  timespan: 5m
  condition: {{gte: 6}}
"""


def test_a_rule_may_refer_to_shipped_ones_and_to_ones_own(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    for name in ("failed-login", "night-build"):
        (home / "c.yml").write_text(COUNTED.format(name))
        assert rules(home, "check", "c.yml").out == "ok: 1 rule\n"
    (home / "c.yml").write_text(COUNTED.format("nigth-build"))
    assert "c.yml:" in rules(home, "check", "c.yml", code=1).out


def test_problems_of_other_files_are_not_these_files_problems(home: Path, folder: Path) -> None:
    (folder / "bad.yml").write_text(PART)
    (home / "good.yml").write_text(MINE)
    assert rules(home, "check", "good.yml").out == "ok: 1 rule\n"


def test_an_id_that_another_file_beside_it_has_is_a_problem(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    (folder / "twin.yml").write_text(MINE.replace("night-build", "twin"))
    assert "the id is that of" in rules(home, "check", str(folder / "twin.yml"), code=1).out


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", ["disable", "enable"])
def test_a_reason_is_as_long_as_that_of_a_decision(home: Path, command: str) -> None:
    answer = rules(home, command, "cost-spike", "--reason", "x" * 501, code=2)
    assert answer.complaint() == "auditail: the reason has 501 characters, and 500 are the most: say it shorter"
    assert row(rules(home, "list"), "cost-spike")[0] == "on"
    rules(home, command, "cost-spike", "--reason", f" {'x' * 500} ")


@pytest.mark.usefixtures("store")
def test_rules_are_switched_off_and_on(home: Path, folder: Path) -> None:
    (folder / "mine.yml").write_text(MINE)
    answer = rules(home, "disable", "night-build", "Cost-Spike", ID, "--reason", "moving house")
    assert answer.err.splitlines() == [
        "night-build is switched off: `auditail logs --type system.rule_disabled` shows by whom",
        "cost-spike is switched off: `auditail logs --type system.rule_disabled` shows by whom",
    ]
    assert "night-build was off already" in rules(home, "disable", "night-build").err
    listed = rules(home, "list")
    assert row(listed, "night-build")[0] == row(listed, "cost-spike")[0] == "off"
    assert "2 switched off" in listed.err
    assert "switched off" in rules(home, "show", ID).out
    rules(home, "enable", "night-build")
    assert row(rules(home, "list"), "night-build")[0] == "on"
    logs = in_process("--store", "s.db", "logs", "--format", "json", "type:system.rule_*", cwd=home).json()
    assert [(one["event_type"], one["metadata"]["rule"]) for one in logs] == [
        ("system.rule_disabled", "night-build"),
        ("system.rule_disabled", "cost-spike"),
        ("system.rule_enabled", "night-build"),
    ]
    assert logs[0]["metadata"]["reason"] == "moving house"


@pytest.mark.usefixtures("store")
def test_a_part_of_other_rules_cannot_be_switched(home: Path) -> None:
    complaint = rules(home, "disable", "secret-read", code=2).complaint()
    assert complaint.startswith("auditail: secret-read raises no alerts itself: switch secret-then-network")


def test_without_a_store_nothing_is_switched_and_none_is_made(home: Path) -> None:
    assert "no store at" in rules(home, "disable", "cost-spike", code=3).complaint()
    assert not (home / "s.db").exists()
