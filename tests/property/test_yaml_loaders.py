"""Texts that were rules before somebody typed into them: libyaml and Python read the same, or refuse the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.rule_files import SHIPPED
from tests.property.examples import examples
from tests.yaml_twice import read_twice

RULES = [text for path in sorted(SHIPPED.glob("*.yml")) for text in path.read_text().split("\n---\n")]
BITS = [
    *"\"'[]{}:,-?|>#%@`!&*~=\\\t\n\r\x85\u2028\ufeff\x00é",
    *(": ", "- ", "? ", " #", "\r\n", "|\n", ">-\n", "|1\n", "---\n", "...\n", "&a ", "*a", "!x ", "!!str "),
    *("[a, b]", "{a: b}", "[a?b]", "{a:1}", '"a":1', '"\\ud800"', '"\\q"', "<<: ", "a: b: c", "null", "1:30"),
    *("- - -\n", "%YAML 1.1\n"),
]  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Return some lines of a rule, or none, with bits typed in or taken out."""
    lines = draw(st.sampled_from(["", *RULES])).split("\n")
    first = draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[first : first + draw(st.integers(1, 12))])
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(BITS)) + text[at + draw(st.sampled_from([0, 0, 0, 1, 4])) :]
    return text


@settings(max_examples=examples(300), deadline=None)
@given(text=mangled())
def test_both_loaders_read_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick, slow = read_twice(text.encode(), monkeypatch)
    assert quick == slow
