"""Reading a file of rules: plain YAML, any number of documents, with the line of every key and item remembered.

Aliases are refused (a few lines of them can stand for gigabytes), and so are tags, deep nesting and files over 1 MiB.
Nothing in a file can name a Python object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from detect.rules.problem import NotUnderstoodError, RuleError

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 12

# The library is not typed; here is all that is used of it.
_events: Callable[..., Iterator[yaml.Event]] = yaml.parse  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_nodes: Callable[..., Iterator[yaml.Node | None]] = yaml.compose_all  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, as plain values, and where each stands."""

    path: str
    line: int
    data: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict[tuple[str | int, ...], int])
    problem: NotUnderstoodError | None = None
    """Why the document is no plain data, as a key that is given twice."""

    def line_of(self, place: tuple[str | int, ...]) -> int:
        """Return the line (from 1) of a place, else of the nearest one around it."""
        for size in range(len(place), 0, -1):
            if place[:size] in self.lines:
                return self.lines[place[:size]]
        return self.line

    def error(self, place: tuple[str | int, ...], problem: str, suggestion: str | None = None) -> RuleError:
        """Return an error that names the line of a place."""
        return RuleError(self.path, self.line_of(place), problem, suggestion)


def documents(path: str, raw: bytes) -> list[Document]:
    """Return the documents of a file that are not empty.

    Raises:
        RuleError: the bytes are not YAML of the plain kind.
    """
    if len(raw) > MAX_BYTES:
        raise RuleError(path, 1, "the file is over 1 MiB: split it into several")
    try:
        text = raw.decode("utf-8-sig")
        _refuse_unsafe(path, text)
        return [_document(path, node) for node in _nodes(text, Loader=yaml.SafeLoader) if node is not None]
    except UnicodeDecodeError:
        raise RuleError(path, 1, "the file is not UTF-8 text: save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = 1 + (error.problem_mark.line if error.problem_mark else 0)
        raise RuleError(path, line, f"this is not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise RuleError(path, 1, f"this is not valid YAML: {str(error).partition(chr(10))[0]}") from None


def _refuse_unsafe(path: str, text: str) -> None:
    """Look at the stream of events, which needs no memory, before anything is built from it."""
    depth = 0
    for event in _events(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise RuleError(path, line, "a YAML alias (*name) is not read: write the value out, or quote it")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise RuleError(path, line, "a YAML tag (!name) is not read: write plain text, numbers and lists")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise RuleError(path, line, "this is nested too deeply for a rule")


def _document(path: str, node: yaml.Node) -> Document:
    lines: dict[tuple[str | int, ...], int] = {}
    line = node.start_mark.line + 1
    try:
        return Document(path, line, _plain(node, (), lines), lines)
    except NotUnderstoodError as problem:
        return Document(path, line, None, lines, problem)


def _plain(node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), lines) for index, item in enumerate(node.value)]
    constructor: Any = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        raise NotUnderstoodError(place, "this value cannot be read: put it in quotes") from error
    finally:
        constructor.dispose()


def _mapping(
    node: yaml.MappingNode, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*place, key)
        if not isinstance(key_node, yaml.ScalarNode):
            raise NotUnderstoodError(place, "a key must be one word")
        if key in data:
            lines[here] = key_node.start_mark.line + 1
            raise NotUnderstoodError(here, f"{key} is given twice: keep one of them")
        lines[here] = key_node.start_mark.line + 1
        data[key] = _plain(value_node, here, lines)
    return data
