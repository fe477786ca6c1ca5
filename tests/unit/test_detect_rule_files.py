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


def test_a_link_that_leads_nowhere_does_not_hide_changes_of_others(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to("nowhere")
    (tmp_path / "z.yml").write_text(GOOD)
    files = RuleFiles([tmp_path])
    files.read()
    assert not files.changed()
    (tmp_path / "z.yml").write_text(GOOD + "\n")
    assert files.changed()
