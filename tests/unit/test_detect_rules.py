"""Rules are read as they are meant, and what is not understood is said with its place and the nearest word."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from detect.rules.load import load_folders, load_texts
from tests.detection import alerts_of, observed, rules

HEAD: Final = "title: T\nid: 00000000-0000-4000-8000-000000000001\n"
HIT: Final = "detection:\n  hit: {tool: x}\n  condition: hit\n"
CORRELATED: Final = (
    HEAD.replace("T\n", "T\nname: base\n", 1)
    + HIT
    + "---\ntitle: C\nid: 00000000-0000-4000-8000-000000000002\ncorrelation:\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "r.yml:1: the rule says nothing to look for: it needs a detection"),
        (HEAD.replace("title", "titel") + HIT, "r.yml:1: unknown key titel; did you mean title?"),
        ("title: T\nid: 7\n" + HIT, "r.yml:2: an id is a UUID"),
        ("title: T\n" + HIT, "r.yml:1: id is missing"),
        (HEAD + "level: hihg\n" + HIT, "r.yml:3: level is one of informational, low, medium, high, critical; did you"),
        (HEAD + "logsource: {product: windows}\n" + HIT, "r.yml:3: logsource.product is one of ai_agent"),
        (HEAD + "logsource:\n  categry: mcp\n" + HIT, "r.yml:4: unknown key logsource.categry; did you mean category?"),
        (HEAD + "related: []\n" + HIT, "r.yml:3: related of Sigma is not supported here: leave it out"),
        (HEAD + "detection: {condition: hit}\n", "r.yml:3: the detection has no search beside its condition"),
        (HEAD + "detection:\n  hit: {tool: x}\n", "r.yml:3: the detection has no condition"),
        (HEAD + "detection:\n  hit: [word]\n  condition: hit\n", "r.yml:4: words without a field are not supported"),
        (HEAD + "detection:\n  hit: {}\n  condition: hit\n", "r.yml:4: a search without fields would match everything"),
        (HEAD + "detection:\n  hit:\n    tol: x\n  condition: hit\n", "r.yml:5: unknown field tol; did you mean tool?"),
        (
            HEAD + "detection:\n  hit:\n    tool|contain: x\n  condition: hit\n",
            "r.yml:5: unknown modifier contain; did you mean contains?",
        ),
        (HEAD + "detection:\n  hit: {tool|base64: x}\n  condition: hit\n", "r.yml:4: the modifier base64 of Sigma is"),
        (HEAD + "detection:\n  hit: {tool|re|gt: x}\n  condition: hit\n", "r.yml:4: re and gt cannot be combined"),
        (HEAD + "detection:\n  hit: {tool|re: '(?<=a)b'}\n  condition: hit\n", "r.yml:4: this pattern cannot be used"),
        (HEAD + "detection:\n  hit: {tool|gt: 3}\n  condition: hit\n", "r.yml:4: tool is text: gt compares numbers"),
        (HEAD + "detection:\n  hit: {duration_ms: x}\n  condition: hit\n", "r.yml:4: duration_ms is a number"),
        (
            HEAD + "detection:\n  hit: {status: failed}\n  condition: hit\n",
            "r.yml:4: no status is failed; did you mean",
        ),
        (HEAD + "detection:\n  hit: {tool: []}\n  condition: hit\n", "r.yml:4: tool has no values"),
        (HEAD + "detection:\n  hit: {metadata.ip|cidr: x}\n  condition: hit\n", "r.yml:4: x is no network"),
        (HEAD + "detection:\n  hit: {tool|exists: maybe}\n  condition: hit\n", "r.yml:4: exists takes true or false"),
        (HIT.replace("condition: hit", "condition: hti"), "r.yml:1: title is missing"),
        (HEAD + HIT.replace("condition: hit", "condition: hti"), "no search is called hti; did you mean hit?"),
        (HEAD + HIT.replace("condition: hit", "condition: (hit"), "something is missing at its end"),
        (HEAD + HIT.replace("condition: hit", "condition: hit adn hit"), "adn cannot follow here"),
        (HEAD + HIT.replace("condition: hit", "condition: 1 of x*"), "no search is called like x*"),
        (HEAD + HIT.replace("condition: hit", "condition: hit | count() > 5"), "write a correlation"),
        (HEAD + HIT + "auditail: {kind: frist-seen}\n", "r.yml:6: unknown kind frist-seen; did you mean first-seen?"),
        (HEAD + HIT + "auditail:\n  cool-down: soon\n", "r.yml:7: a span of time is a number with s, m, h, d or w"),
        (
            HEAD + HIT + "auditail: {kind: invariant, statement: S, stays: host, examines: hit}\n",
            "the statement speaks of all that is found: leave examines out",
        ),
        (
            CORRELATED.replace("---", "auditail: {kind: invariant, statement: S, stays: host}\n---")
            + "  {type: event_count, rules: base, timespan: 1m, condition: {gte: 2}}\n",
            "base finds every event that its statement is about",
        ),
        (HEAD + HIT + "auditail: {kind: budget, group-by: host}\n", "a budget is somebody's already"),
        (HEAD + HIT + "auditail: {evidnce: 3}\n", "r.yml:6: unknown key evidnce; did you mean evidence?"),
        (HEAD + HIT + "auditail: {explanation: 'so {cuont}'}\n", "the explanation knows no {cuont}: there are count"),
        (HEAD + HIT + "auditail: {filter: 'tool:x'}\n", "detection and auditail both say what to look for"),
        (HEAD + "auditail: {filter: 'tol:x'}\n", "r.yml:3: the filter is not understood: "),
        (HEAD + "auditail: {filter: 'tool:x since:-1h'}\n", "leave since: out"),
        (HEAD + "auditail: {filter: 'has:alert'}\n", "leave alert: and has:alert out"),
        (HEAD + "auditail: {filter: 'alert:118 agent:a'}\n", "leave alert: and has:alert out"),
        (HEAD + "auditail: {filter: '-(has:a*)'}\n", "leave alert: and has:alert out"),
        (HEAD + "a: &x 1\nb: *x\n", "r.yml:4: this uses a YAML alias (*name)"),
        (HEAD + "a: !!python/name:os.system x\n", "r.yml:3: this uses a YAML tag (!name)"),
        (HEAD + HEAD + HIT, "r.yml:3: title is given twice: keep one of them"),
        (HEAD + "x: [\n", "this is not valid YAML"),
        (CORRELATED + "  {type: event_count, rules: bse, timespan: 1m, condition: {gte: 2}}\n", "did you mean base?"),
        (CORRELATED + "  {type: event_count, rules: base, timespan: 1m}\n", "event_count needs a condition"),
        (CORRELATED + "  {type: event_count, rules: base, timespan: 1m, condition: {lt: 2}}\n", "lt is not supported"),
        (CORRELATED + "  {type: value_count, rules: base, timespan: 1m, condition: {gte: 2}}\n", "field: tool"),
        (CORRELATED + "  {type: temporal, rules: base, timespan: 1m}\n", "temporal is about two rules or more"),
        (
            CORRELATED + "  {type: event_count, rules: base, group-by: usr_id, timespan: 1m, condition: {gte: 2}}\n",
            "unknown field usr_id; did you mean user_id?",
        ),
    ],
)
def test_what_is_not_understood_is_said_with_its_place(text: str, said: str) -> None:
    found = load_texts([("r.yml", text.encode())])
    assert len(found.problems) == 1
    line = str(found.problems[0])
    assert said in line
    assert line.startswith("r.yml:")


def test_one_bad_rule_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(f"{HEAD}{HIT}---\ntitle: [\n")
    (tmp_path / "b.yml").write_text(HEAD.replace("01", "02") + HIT + "---\n" + HEAD.replace("01", "03"))
    (tmp_path / "c.yml").write_bytes(b"\xff")
    (tmp_path / "notes.txt").write_text("no rule")
    found = load_folders([tmp_path, tmp_path / "absent"])
    assert [rule.id[-2:] for rule in found.rules] == ["02"]
    assert [Path(problem.path).name for problem in found.problems] == ["a.yml", "b.yml", "c.yml"]


def test_ones_own_rule_stands_in_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    for folder, title in (("shipped", "theirs"), ("own", "mine")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.yml").write_text(HEAD.replace("T\n", f"{title}\n", 1) + HIT)
    found = load_folders([tmp_path / "shipped", tmp_path / "own"])
    assert [rule.header.title for rule in found.rules] == ["mine"]
    twice = load_texts([("a.yml", (HEAD + HIT).encode()), ("b.yml", (HEAD + HIT).encode())])
    assert [str(problem) for problem in twice.problems] == [
        "b.yml:1: the id is that of a.yml:1: give it one of its own"
    ]


def test_a_correlation_falls_with_the_rule_that_it_refers_to() -> None:
    text = CORRELATED.replace("tool: x", "tol: x") + (
        "  {type: event_count, rules: base, group-by: user_id, timespan: 1m, condition: {gte: 2}}\n"
    )
    found = load_texts([("r.yml", text.encode())])
    assert found.rules == ()
    assert [problem.problem for problem in found.problems] == [
        "unknown field tol",
        "no rule that can be used is called base",
    ]


@pytest.mark.parametrize(
    ("test", "value", "holds"),
    [
        ("tool: Read*", "read_file", True),
        ("tool|cased: Read*", "read_file", False),
        ("tool: 'read?file'", "read_file", True),
        (r"tool: 'read\?file'", "read_file", False),
        (r"tool|contains: 'a\*b'", "xa*by", True),
        (r"tool: 'c:\dir\\*'", r"c:\dir\x", True),
        ("tool|contains|all: [a, b]", "bar", True),
        ("tool|contains|all: [a, z]", "bar", False),
        ("tool|re: 'A.C'", "abc", False),
        ("tool|re|i: 'A.C'", "xabcx", True),
        ("tool|startswith: ['x', 'ab']", "abc", True),
        ("tool: ''", "", True),
        ("tool|exists: true", "", True),
        ("tool: null", "x", False),
        ("tool|fieldref: server", "srv", True),
    ],
)
def test_tests_of_a_text(test: str, value: str, holds: bool) -> None:
    found = rules(f"{HEAD}detection:\n  hit:\n    {test}\n  condition: hit\n")
    events = observed((0, {"event_type": "x", "tool": value, "server": "srv"}))
    assert bool(alerts_of(found, events)) is holds


@pytest.mark.parametrize(
    ("test", "metadata", "holds"),
    [
        ("metadata.a.b: 3", {"a": {"b": 3}}, True),
        ("metadata.a.b: 3", {"a": {"b": "3"}}, True),
        ("metadata.a.b: '3'", {"a": {"b": 3}}, True),
        ("metadata.a.b|gt: 2.5", {"a": [{"b": 1}, {"b": 3}]}, True),
        ("metadata.a.b|gt: 2.5", {"a": [{"b": 1}, {"b": "9"}]}, False),
        ("metadata.a: true", {"a": True}, True),
        ("metadata.a: 1", {"a": True}, False),
        ("metadata.a: x*", {"a": ["y", "xy"]}, True),
        ("metadata.a: x", {"a": {"x": 1}}, False),
        ("metadata.a: null", {"a": None}, True),
        ("metadata.a|exists: true", {"a": {}}, True),
        ("metadata.a|cidr: 2001:db8::/32", {"a": "2001:db8::7"}, True),
        ("metadata.a|cidr: 10.0.0.0/8", {"a": "ten"}, False),
    ],
)
def test_tests_of_metadata(test: str, metadata: dict[str, object], holds: bool) -> None:
    found = rules(f"{HEAD}detection:\n  hit:\n    {test}\n  condition: hit\n")
    assert bool(alerts_of(found, observed((0, {"event_type": "x", "metadata": metadata})))) is holds


def test_hour_and_weekday_are_those_of_the_stated_time() -> None:
    found = rules(f"{HEAD}detection:\n  hit: {{hour: 14, weekday: 7, daytime: afternoon}}\n  condition: hit\n")
    events = observed((0, {"event_type": "x"}), (3600, {"event_type": "x"}), (86_400, {"event_type": "x"}))
    assert [alert.count for alert in alerts_of(found, events)] == [1]
