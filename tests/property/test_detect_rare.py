"""Looking for a rare character first is quicker, and never changes whether a pattern is found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from detect.matching.patterns import any_of_patterns
from detect.matching.rare import has_one_of, rare_in

LETTERS = st.sampled_from("ab ·é|[]()\x1b\x9b\u202e\u200b\ufeff\n\t\U000e0041?*")
PIECES = st.sampled_from([
    r"\x1b", r"\x{9b}", r"[\x{202a}-\x{202e}]", r"[\x{200b}\x{feff}]", r"[^\x1b]", r"[\x1b-\x{9f}]", "[a-b]", "a",
    r"\[",
    r"(\x1b|b)", "(a)", r"(?:\x{9b})", "|", "?", "*", "{0,2}", "+", r"\s", r"\x0a", "[]]", r"[]\x1b]", ".", "$",
    r"[\x{e0001}-\x{e007f}]{2}", "(?i:é)", "(?i)",
])  # fmt: skip


@settings(max_examples=600)
@given(pattern=st.lists(PIECES, min_size=1, max_size=5).map("".join), texts=st.lists(st.text(LETTERS, max_size=8)))
def test_a_text_without_the_rare_characters_never_matches(pattern: str, texts: list[str]) -> None:
    try:
        match = any_of_patterns((pattern,))
    except ValueError:
        return
    spans = rare_in(pattern)
    if spans is None:
        return
    has = has_one_of(spans)
    for text in texts:
        assert has(text) == any(low <= ord(letter) <= high for letter in text for low, high in spans)
        assert has(text) or not match(text.encode())


def test_what_a_pattern_needs_is_known_where_it_is_plain_to_see() -> None:
    assert rare_in(r"\x1b\](0|52);") == ((0x1B, 0x1B),)
    assert rare_in(r"[a-z][\x{200b}\x{2060}][a-z]") == ((0x200B, 0x200B), (0x2060, 0x2060))
    for unclear in (r"a|\x1b", r"\x1b?a", "(?i)\\x1b", r"[\x1b-z]", "abc", r"\x0a"):
        assert rare_in(unclear) is None
