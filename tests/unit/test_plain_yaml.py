"""YAML means the same whether libyaml or Python reads it, and what is hostile in it is refused before it costs time."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from config import plain_yaml
from config.plain_yaml import MAX_EVENTS, PlainYamlError, all_nodes, value_of
from detect.rule_files import SHIPPED
from tests.yaml_twice import read_twice

QUICK = getattr(yaml, "CSafeLoader", None)
without_libyaml = pytest.mark.skipif(QUICK is None, reason="there is no libyaml here")
FILES = [*sorted(SHIPPED.glob("*.yml")), SHIPPED.parent / "defaults.yaml"]


@without_libyaml
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_are_read_by_libyaml_alone_and_to_the_same_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = path.read_bytes()
    quick, slow = read_twice(raw, monkeypatch)
    assert quick == slow
    monkeypatch.setattr(yaml, "SafeLoader", None)
    all_nodes(raw, 12)


BROKEN = [
    ("a: 1\nb: [1, 2\nc: 3\n", "3: is not valid YAML: expected ',' or ']', but got ':'"),
    ("a: 1\n b: 2\n", "2: is not valid YAML: mapping values are not allowed here"),
    ("a:\n  - b\n c: d\n", "3: is not valid YAML: expected <block end>, but found '<block mapping start>'"),
    ("a: 'x\nb: 1\n", "3: is not valid YAML: found unexpected end of stream"),
    ("a: @x\n", "1: is not valid YAML: found character '@' that cannot start any token"),
    ("a: b\nd: e\n\tf: g\n", "3: is not valid YAML: found character '\\t' that cannot start any token"),
    ("a: |#x\n  y\n", "1: is not valid YAML: expected chomping or indentation indicators, but found '#'"),
    ("a: [b?c]\n", "1: is not valid YAML: expected ',' or ']', but got '?'"),
    ("a: x\0y\n", "None: is not valid YAML: unacceptable character #x0000: special characters are not allowed"),
    ("a: &x 1\nb: *x\n", "2: uses a YAML alias (*name): write the value out, or put it in quotes"),
    ("a: 1\nb: !!binary eA==\n", "2: uses a YAML tag (!name): write plain text, numbers and lists"),
    ("a: !x[b] c\n", "1: uses a YAML tag (!name): write plain text, numbers and lists"),
    ("a: 1\n\n" + "- " * 20, "3: is not valid YAML: expected <block end>, but found '-'"),
    ("- " * 20, "1: is nested too deeply"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_what_is_broken_is_said_in_the_same_words(text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_twice(text.encode(), monkeypatch) == (said, said)


@pytest.mark.parametrize(
    "text",
    [
        "? a\n: b\n",
        "? a\n",
        "---\n\n---\n",
        "a:\n\nb:\n",
        '"\\ud800"',
        "\ufeffa: b\n\ufeffc: d\n",
        "a: b\r\nc: d\r\n",
        "a: b\rc: d\r",
        "a: >-\n  b\n\n  c\n\nd: |\n  e\n",
        "{a: b, 'c': [d, {e: f}]}",
        "a: b\u2028c: d\x85e: f",
        "",
        "# only words\n",
    ],
)
def test_seldom_texts_mean_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = read_twice(text.encode(), monkeypatch)
    assert quick == slow


@pytest.mark.parametrize("quick", [QUICK, None])
def test_a_text_of_far_too_many_values_is_refused(quick: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_yaml, "_QUICK", quick)
    monkeypatch.setattr(plain_yaml, "MAX_EVENTS", 1_000)
    assert MAX_EVENTS > 1_000
    with pytest.raises(PlainYamlError, match="too many values") as error:
        all_nodes(b"- a\n" * 1_000, 12)
    assert error.value.line == 998


@pytest.mark.parametrize("text", ["1" + ":59" * 300, "1" + ":59" * 300 + ".5", "9" * 401, "2026-02-31"])
def test_a_number_without_end_is_no_value(text: str) -> None:
    (node,) = all_nodes(text.encode(), 12)
    with pytest.raises(ValueError):  # noqa: PT011 (any text will do)
        value_of(node)


def test_a_number_that_no_float_can_hold_is_no_value() -> None:
    (node,) = all_nodes(("1" + ":5" * 190 + ".5").encode(), 12)
    with pytest.raises(ValueError, match="too large"):
        value_of(node)
