"""Folders of rules as they should not be: whatever lies there is one clear line, and the other rules work on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detect.rule_files import RuleFiles
from detect.rules.load import load_folders, load_texts

GOOD = """\
title: Good
id: 11111111-1111-4111-8111-111111111111
name: good
logsource: {product: ai_agent}
detection:
  failed: {status: failure}
  condition: failed
"""
COUNTS = """\
title: Counts {name}
id: 33333333-3333-4333-8333-{name:0>12}
name: c{name}
correlation: {{type: event_count, rules: {of}, group-by: user_id, timespan: 5m, condition: {{gte: {least}}}}}
"""


def problems_of(text: str) -> list[str]:
    found = load_texts([("good.yml", GOOD.encode()), ("bad.yml", text.encode())])
    assert [rule.name for rule in found.rules] == ["good"], "the other rules work on"
    return [f"{one.line}: {one.problem}" for one in found.problems]


def counting(name: str, of: str, least: str = "6") -> str:
    return COUNTS.format(name=name, of=of, least=least)


def test_correlations_that_refer_to_each_other_in_a_circle() -> None:
    assert problems_of(counting("1", "c2") + "---\n" + counting("2", "c1")) == [
        "1: c2 refers to a correlation itself: two steps are the most",
        "6: c1 refers to a correlation itself: two steps are the most",
    ]


def test_a_correlation_falls_with_the_one_that_it_refers_to() -> None:
    assert problems_of(counting("1", "nowhere") + "---\n" + counting("2", "c1")) == [
        "1: no rule that can be used is called nowhere",
        "6: no rule that can be used is called c1",
    ]


def test_a_correlation_that_refers_to_itself() -> None:
    assert problems_of(counting("1", "c1")) == ["1: it refers to itself: a correlation needs another rule to count"]


@pytest.mark.parametrize("number", [str(2**63), str(-(2**63) - 1), "9" * 100])
def test_a_number_beyond_what_can_be_counted(number: str) -> None:
    assert problems_of(counting("1", "good", number)) == ["4: this number is too large"]


def test_half_a_character() -> None:
    halved = GOOD.replace("failure", '"\\ud800"').replace("1111", "2222").replace("name: good", "name: half")
    assert problems_of(halved) == ["6: this text holds half a character (\\ud800 to \\udfff): leave it out"]


def test_documents_that_say_nothing_are_passed_over() -> None:
    assert problems_of("---\n" * 3) == []


def test_a_file_of_something_else_does_not_flood() -> None:
    found = problems_of("a: 1\n---\n" * 100)
    assert len(found) == 21
    assert found[-1] == "41: 80 more rules cannot be used"


def test_rules_that_are_there_a_thousand_times_do_not_flood() -> None:
    found = problems_of("---\n".join([counting("1", "nowhere")] * 100))
    assert len(found) == 21
    assert found[:2] == [
        "1: no rule that can be used is called nowhere",
        "6: the id is that of bad.yml:1: give it one of its own",
    ]
    assert found[-1] == "101: 80 more rules cannot be used"


def test_a_file_of_thousands_of_rules_is_refused_whole() -> None:
    assert problems_of("---\na: 1\n" * 2_001) == ["4002: the file holds more than 2,000 rules: split it"]


def test_what_a_problem_quotes_does_not_fill_the_screen() -> None:
    (found,) = problems_of(GOOD.replace("condition: failed", f"condition: {'z' * 100_000}"))
    assert found.startswith("7: in the condition: no search is called zzz")
    assert found.endswith("zz…")
    assert len(found) == len("7: ") + 300


def test_a_pattern_of_names_that_would_take_for_ever_does_not() -> None:
    name = "a" * 60
    text = GOOD.replace("failed:", f"{name}:").replace("condition: failed", f"condition: 1 of {'*a' * 30}*b")
    assert problems_of(text) == [f"7: in the condition: no search is called like {'*a' * 30}*b"]


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("fa*", True),
        ("*ed", True),
        ("f*i*d", True),
        ("f*l*i*d", False),
        ("failed*", True),
        ("faile*led", False),
        ("*", True),
        ("failed", True),
        ("fail", False),
        ("*a*l*", True),
        ("*.l*", False),
        ("**", True),
    ],
)
def test_patterns_of_names(pattern: str, holds: bool) -> None:
    found = load_texts([("r.yml", GOOD.replace("condition: failed", f"condition: 1 of {pattern}").encode())])
    said = [] if holds else [f"in the condition: no search is called like {pattern}"]
    assert [one.problem for one in found.problems] == said


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan"])
def test_a_number_that_no_event_has(number: str) -> None:
    assert problems_of(GOOD.replace("status: failure", f"duration_ms|gt: {number}")) == [
        "6: no event has such a number: put it in quotes if it is meant as text"
    ]


@pytest.mark.parametrize("number", ["1" + ":59" * 300_000, "1" + ":5" * 190 + ".5", "9" * 100_000])
def test_a_number_that_would_take_minutes_to_read(number: str) -> None:
    assert problems_of(GOOD.replace("failure", number)) == ["6: this value cannot be read: put it in quotes"]


def test_very_many_patterns() -> None:
    text = GOOD.replace("{status: failure}", "{message|re: [" + "a, " * 500 + "b]}")
    assert problems_of(text) == ["6: message|re has more than 500 patterns: join them with |"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "tags: [execution]",
            "1: a tag is written as attack.t1078 or owasp.llm06: what it is from, a dot, small letters",
        ),
        ("tags: attack.t1078", "1: tags is a list"),
        ("logsource: mcp", "1: logsource holds keys with values"),
        ("correlation: 5", "1: correlation holds keys with values"),
        ("name: two words", "1: a name has letters, digits, and _ . - between them, up to 80 in all"),
        ("id: 7", "1: an id is a UUID, as in 7d5c9f0e-2b1a-4c7e-9a55-3f0d8b6e1c42: `uuidgen` makes one"),
        ("id: seven", "1: an id is a UUID, as in 7d5c9f0e-2b1a-4c7e-9a55-3f0d8b6e1c42: `uuidgen` makes one"),
        ("title: 2026-02-01", "1: title is text: put it in quotes"),
        ("description: [a]", "1: description is text: put it in quotes"),
    ],
)
def test_a_value_of_another_kind_is_said_in_words(line: str, said: str) -> None:
    key = line.partition(":")[0]
    rest = [one for one in GOOD.splitlines() if not one.startswith(f"{key}:")]
    if key == "correlation":
        rest = [one for one in rest if not one.startswith(("detection", "logsource", " "))]
    (found,) = problems_of("\n".join([line, *rest]))
    assert found.startswith(said)


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "circle.yml").symlink_to("circle.yml")
    os.mkfifo(tmp_path / "pipe.yml")
    found = load_folders([tmp_path])
    assert [rule.name for rule in found.rules] == ["good"]
    assert [(Path(one.path).name, one.problem) for one in found.problems] == [
        ("circle.yml", "the file cannot be read: Too many levels of symbolic links"),
        ("folder.yml", "the file cannot be read: Is a directory"),
        ("pipe.yml", "the file cannot be read: it is no regular file"),
    ]


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "rules").write_text("x")
    found = load_folders([tmp_path / "rules", tmp_path / "absent"])
    assert [(one.path, one.problem) for one in found.problems] == [
        (str(tmp_path / "rules"), "the folder cannot be read: Not a directory")
    ]


def test_a_rule_whose_file_was_broken_is_not_at_work_until_it_is_mended(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for folder, title in ((shipped, "Theirs"), (own, "Mine")):
        folder.mkdir()
        (folder / "r.yml").write_text(GOOD.replace("title: Good", f"title: {title}"))
    files = RuleFiles([shipped, own])
    assert [rule.header.title for rule in files.read().rules] == ["Mine"]
    (own / "r.yml").write_text(GOOD.replace("title: Good", "title: ["))
    assert files.changed()
    broken = files.read()
    assert [rule.header.title for rule in broken.rules] == ["Theirs"], "the shipped one takes its place again"
    assert [(one.path, one.line) for one in broken.problems] == [(str(own / "r.yml"), 3)]
    (own / "r.yml").write_text(GOOD.replace("title: Good", "title: Mended"))
    assert [rule.header.title for rule in files.read().rules] == ["Mended"]


def test_a_link_that_leads_nowhere_does_not_hide_changes_of_others(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to("nowhere")
    (tmp_path / "z.yml").write_text(GOOD)
    files = RuleFiles([tmp_path])
    files.read()
    assert not files.changed()
    (tmp_path / "z.yml").write_text(GOOD + "\n")
    assert files.changed()
