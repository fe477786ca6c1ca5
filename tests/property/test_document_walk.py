"""However a document is cut into pieces while it is gone through, it has the records that it has as a whole."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.containers.content import HeldContent
from ingest.containers.document import split_document
from ingest.containers.document_bytes import DocumentBytes
from ingest.containers.elements import Element, LongElement, Record
from ingest.containers.text_cursor import TextCursor
from ingest.containers.walk import DocumentWalk
from ingest.decode import Undecodable

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)
_LISTS = st.lists(_VALUES, max_size=6)
_KEYS = st.sampled_from(["events", "logs", "event_type", "version", "e\\"])
_WRAPPERS = st.dictionaries(_KEYS, _LISTS | _VALUES, max_size=4)


def walked(data: bytes, step: int, limit: int = 1 << 20) -> list[Record]:
    """Return the records of a document that is read `step` bytes at once."""
    source = DocumentBytes(HeldContent(data), len(data))
    walk = DocumentWalk(TextCursor(source, step, limit))
    records = list(walk.records())
    if walk.single is None:
        return records
    begin, end = walk.single
    return [Element(begin, data[begin:end])]


def as_bytes(value: Any, *, indent: int | None, ascii_only: bool) -> bytes:
    """Return a value as a document."""
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


_DOCUMENTS = st.builds(
    as_bytes, _LISTS | _WRAPPERS, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans()
).filter(lambda data: b"\xed" not in data)
_AROUND = st.sampled_from([b"", b" \n", b"\x00\x00", b"\t\r\n "])


@given(_DOCUMENTS, _AROUND, _AROUND, st.booleans(), st.integers(1, 40))
def test_a_walk_finds_what_splitting_finds(data: bytes, before: bytes, after: bytes, mark: bool, step: int) -> None:
    document = (b"\xef\xbb\xbf" if mark else b"") + before + data + after
    assert walked(document, step) == split_document(document)


@given(_DOCUMENTS, st.data(), st.integers(1, 40))
def test_a_broken_document_is_refused_in_both_ways(data: bytes, draw: st.DataObject, step: int) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    what = draw.draw(st.sampled_from([b"", b'"', b"]", b"}", b",", b"\\", b"\xff", b"x"]))
    broken = data[:at] + what + data[at + 1 :]
    try:
        expected: list[Element] | str = list(split_document(broken))
    except Undecodable as error:
        expected = str(error)
    try:
        found: list[Record] | str = walked(broken, step)
    except Undecodable as error:
        found = str(error)
    if isinstance(expected, str) and not isinstance(found, str):
        [only] = found  # one record, which is judged by itself
        assert isinstance(only, Element)
        assert only.raw.startswith(b"{")
    elif isinstance(expected, str) or isinstance(found, str):
        assert isinstance(expected, str)
        assert isinstance(found, str)
        assert expected.startswith("cut off") == found.startswith("cut off")
    else:
        assert found == expected


@given(_LISTS.filter(bool), st.integers(1, 40))
def test_a_long_record_is_measured_however_it_is_cut(values: list[Any], step: int) -> None:
    data = as_bytes(values, indent=None, ascii_only=True)
    whole = split_document(data)
    found = walked(data, step, limit=4)
    assert [(one.offset, one.size) for one in found] == [(one.offset, one.size) for one in whole]
    assert [isinstance(one, LongElement) for one in found] == [one.size > 4 for one in whole]
    assert [one for one in found if isinstance(one, LongElement)] == [
        one for one in walked(data, 1 << 20, limit=4) if isinstance(one, LongElement)
    ]
