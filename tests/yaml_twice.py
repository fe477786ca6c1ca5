"""One text, read by libyaml and by Python, as something that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from config import plain_yaml

if TYPE_CHECKING:
    import pytest


def read_twice(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """Return what the nodes of some bytes are (kind, tag, line, value), or what is wrong: as read with, and without."""
    found: list[Any] = []
    for quick in (getattr(yaml, "CSafeLoader", None), None):
        with monkeypatch.context() as patch:
            patch.setattr(plain_yaml, "_QUICK", quick)
            found.append(_read(raw))
    return found[0], found[1]


def _read(raw: bytes) -> Any:
    try:
        return [_plain(node) for node in plain_yaml.all_nodes(raw, 12)]
    except plain_yaml.PlainYamlError as error:
        return f"{error.line}: {error.problem}"


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        value: Any = [(_plain(key), _plain(what)) for key, what in node.value]
    elif isinstance(node, yaml.SequenceNode):
        value = [_plain(item) for item in node.value]
    else:
        value = node.value
    return type(node).__name__, node.tag, plain_yaml.line_of(node), value
