"""What an error suggests can be taken over; `|` is where the cursor then is."""

from __future__ import annotations

import pytest

from store.filters.errors import QueryError
from store.filters.model import Filter
from tui.query_fix import corrected


def fixed(query: str) -> str | None:
    """Return the corrected query with a mark at the cursor; None: nothing was suggested."""
    with pytest.raises(QueryError) as caught:
        Filter.parsed(query)
    found = corrected(caught.value)
    return None if found is None else f"{found[0][: found[1]]}|{found[0][found[1] :]}"


@pytest.mark.parametrize(
    ("query", "after"),
    [
        ("stauts:failure", "status:failure|"),
        ("stauts:failure agent:a", "status:failure agent:a|"),
        ("agent:a stauts:failure ", "agent:a status:failure |"),
        ("status:fialure", "status:failure|"),
        ("-status:fialure,denied", "-status:failure,denied|"),
        ("duration_ms:>2s", "ms:>2s|"),
        ("meta:x", "meta.|:x"),
        ("meta_title:x", "meta.title:x|"),
        ("metadata.title:x", "meta.title:x|"),
        ("qqq:x", None),
        ("agent:", None),
        ('agent:"x', None),
    ],
)
def test_a_suggestion_takes_the_place_of_what_is_wrong(query: str, after: str | None) -> None:
    assert fixed(query) == after


@pytest.mark.parametrize("query", ["stauts:failure", "status:fialure", "meta_title:x", "metadata.title:x", "after:-1h"])
def test_then_the_query_is_right(query: str) -> None:
    after = fixed(query)
    assert after is not None
    assert Filter.parsed(after.replace("|", ""))


def test_a_suggestion_at_the_end_is_put_there() -> None:
    assert corrected(QueryError("agent:a (b", 10, 11, "not closed", ")")) == ("agent:a (b)", 11)
