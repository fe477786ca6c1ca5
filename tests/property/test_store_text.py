"""Invariants of texts: both ways to cut words agree, ids survive their text form, shown text is harmless."""

from __future__ import annotations

import sqlite3
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from store import dialect, tokens
from store.events import NewEvent
from store.ids import SEQ_BITS, derived_id, parse_derived_id
from store.safe_text import safe_text
from tests.property.examples import examples

signs = st.text(st.sampled_from('aBz09_ .-§·°“’ßéİſﬁ日\u0301\u00aa\0\x1b\ud800"*:()'), max_size=30)
any_text = st.one_of(signs, st.text(max_size=30))


@settings(max_examples=examples(300))
@given(any_text)
def test_the_index_cuts_as_words_does(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    try:
        dialect.create_full_text(connection)
        connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab('event_text', 'instance')")
        body = tokens.indexed_text(NewEvent(message=text))
        connection.execute(dialect.INSERT_FULL_TEXT, (1, body))
        found = [row[0] for row in connection.execute("SELECT term FROM terms ORDER BY offset")]
    finally:
        connection.close()
    assert found == tokens.words(text)


@given(st.integers(0, (1 << 63) - 1), st.binary(min_size=10, max_size=10), st.integers(0, 10**18))
def test_an_id_survives_its_text_form(row_id: int, digest: bytes, occurrence: int) -> None:
    text = derived_id(row_id, digest, occurrence)
    assert parse_derived_id(text) == (row_id >> SEQ_BITS, digest, occurrence)


@given(st.integers(0, 1 << 62), st.integers(0, 1 << 62))
def test_ids_sort_like_times(one: int, other: int) -> None:
    digest = b"\0" * 10
    assert (derived_id(one, digest, 0) < derived_id(other, digest, 0)) == (one >> SEQ_BITS < other >> SEQ_BITS)


@settings(max_examples=examples(300))
@given(any_text)
def test_shown_text_is_harmless_and_shown_once(text: str) -> None:
    shown = safe_text(text)
    assert safe_text(shown) == shown
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    shown.encode()
