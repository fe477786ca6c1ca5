"""What each part of a query is shown as, also while it is incomplete or wrong."""

from __future__ import annotations

from typing import Final

import pytest

from store.filters.errors import QueryError
from store.filters.keys import ALERT_KEYS, Key
from store.filters.lexer import MOST_CHARACTERS
from store.filters.model import Filter
from store.filters.spans import is_key, spans_of

SHORT: Final = {
    "blank": "_", "word": "w", "key": "k", "mark": ":", "value": "v", "quoted": "q", "pattern": "p", "operator": "o",
    "negation": "n", "error": "e",
}  # fmt: skip


def shape(query: str, wrong: QueryError | None = None) -> str:
    """Return a letter for every character."""
    return "".join(SHORT[span.kind] * (span.end - span.start) for span in spans_of(query, wrong))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("  ", "__"),
        ("agent:bot", "kkkkk:vvv"),
        ("AGENT:bot", "kkkkk:vvv"),
        ("-status:x", "nkkkkkk:v"),
        ("NOT user:a", "nnn_kkkk:v"),
        ("type:mcp.*", "kkkk:vvvvo"),
        ("user:a,bc", "kkkk:v:vv"),
        ("ms:>=2s", "kk:oovv"),
        ("ms:1s..5s", "kk:vvoovv"),
        ("agent:>a", "kkkkk:vv"),
        ("agent:a..b", "kkkkk:vvvv"),
        ("since:09:00", "kkkkk:vvvvv"),
        ('"a b" c*', "qqqqq_wo"),
        ('agent:"a b",c', "kkkkk:qqqqq:v"),
        ("tool:/a b/,c", "kkkk:ppppp:v"),
        ("host:/a", "kkkk:vv"),
        ("host:re:/a b/", "kkkk:vvvppppp"),
        ("meta.a.b:>5", "kkkkkkkk:ov"),
        ("(a OR b)", "ow_oo_wo"),
        ("a AND b", "w_ooo_w"),
        (r"a\:b:c", r"wwww:v"),
    ],
)
def test_every_part_is_told(query: str, expected: str) -> None:
    assert shape(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("agent:", "kkkkk:"),
        ("agnt:x", "wwww:v"),
        ("meta:x", "wwww:v"),
        ("meta.:x", "wwwww:v"),
        ('agent:"op en', "kkkkk:qqqqqq"),
        ('a "op\\', "w_qqqq"),
        ("((a", "oow"),
        (")", "o"),
        ("- a", "w_w"),
        ("tool:/ab cd", "kkkk:pvv_ww"),
        ('meta."a b":c', "kkkkkkkkkk:v"),
    ],
)
def test_what_is_not_finished_is_told_as_far_as_it_goes(query: str, expected: str) -> None:
    assert shape(query) == expected


def test_keys_of_alerts_are_keys_where_they_are_known() -> None:
    kinds = ["".join(SHORT[span.kind] for span in spans_of("level:>=high", alerts=alerts)) for alerts in (False, True)]
    assert kinds == ["w:ov", "k:ov"]


def test_what_is_wrong_is_marked() -> None:
    query = "agent:a stauts:b"
    with pytest.raises(QueryError) as caught:
        Filter.parsed(query)
    assert shape(query, caught.value) == "kkkkk:v_eeeeee:v"


def test_an_error_behind_the_text_marks_nothing() -> None:
    assert shape("ab", QueryError("ab", 2, 3, "more is missing")) == "ww"


def test_what_is_beyond_the_most_characters_is_wrong() -> None:
    query = "a" * (MOST_CHARACTERS + 3)
    assert shape(query)[-4:] == "weee"


def test_an_open_quote_at_the_most_characters_is_no_trouble() -> None:
    assert len(shape('"' + "a" * MOST_CHARACTERS)) == MOST_CHARACTERS + 1


def test_every_key_is_one() -> None:
    assert [key for key in Key if not is_key(key)] == [Key.META, *ALERT_KEYS]
    assert [key for key in Key if not is_key(key, alerts=True)] == [Key.META]
    assert is_key("meta.x")
