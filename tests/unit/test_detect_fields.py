"""What a rule reads of metadata is the same whether it was decoded before or not, and what has no such key is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from detect.rules.fields import getter
from store.events import NewEvent
from store.observed import ObservedEvent

TEXTS = (
    '{"path": "a"}',
    '{"p\\u0061th": "escaped"}',
    '{"other": "path"}',
    '{"other": 1}',
    '{"input": {"path": 1}}',
    '{"input": {"p\\u0061th": 2, "n": null}}',
    '{"input": [{"path": 3}, {"x": 4}, {"path": null}]}',
    '{"input": [{"x": 4}]}',
    '{"input": "path"}',
    '{"pa\\"th": 5, "pa th": 6, "größe": 7}',
    '{"gr\\u00f6\\u00dfe": 8}',
    "{}",
)


def seen(text: str | None, metadata: dict[str, Any] | None = None) -> ObservedEvent:
    return ObservedEvent(1, 1, 0, 0, NewEvent(metadata_text=text, metadata=metadata))


@pytest.mark.parametrize("field", ["path", "input.path", "input.n", 'pa"th', "pa th", "größe", "input", "x.y"])
@pytest.mark.parametrize("text", TEXTS)
def test_decoded_or_not_it_is_the_same(field: str, text: str) -> None:
    read = getter(f"metadata.{field}")
    assert read(seen(text)) == read(seen(text, json.loads(text)))


def test_the_escaped_and_the_deep_are_found() -> None:
    assert getter("metadata.path")(seen(TEXTS[1])) == "escaped"
    assert getter("metadata.input.path")(seen(TEXTS[5])) == 2
    assert getter("metadata.input.path")(seen(TEXTS[6])) == [3]
    assert getter("metadata.path")(seen(None)) is None


def test_metadata_without_the_key_stays_as_it_is() -> None:
    event = seen(TEXTS[3])
    assert getter("metadata.path")(event) is None
    assert event.event.metadata is None
