"""Reading a file of rules: plain YAML (`config.plain_yaml`), any number of documents, with the line of every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

import yaml

from config.plain_yaml import MAX_BYTES, PlainYamlError, all_nodes, is_null, line_of, value_of
from detect.rules.problem import NotUnderstoodError, RuleError

MAX_DEPTH: Final = 12
MAX_DOCUMENTS: Final = 2_000
"""Rules of one file. Far more are never rules, but something else that was laid there."""


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
        nodes = [node for node in all_nodes(raw, MAX_DEPTH) if not is_null(node)]
    except PlainYamlError as error:
        raise RuleError(path, error.line or 1, f"this {error.problem}") from None
    if len(nodes) > MAX_DOCUMENTS:
        raise RuleError(
            path, line_of(nodes[MAX_DOCUMENTS]), f"the file holds more than {MAX_DOCUMENTS:,} rules: split it"
        )
    return [_document(path, node) for node in nodes]


def _document(path: str, node: yaml.Node) -> Document:
    lines: dict[tuple[str | int, ...], int] = {}
    line = line_of(node)
    try:
        return Document(path, line, _plain(node, (), lines), lines)
    except NotUnderstoodError as problem:
        return Document(path, line, None, lines, problem)


def _plain(node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    lines.setdefault(place, line_of(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), lines) for index, item in enumerate(node.value)]
    try:
        value = value_of(node)
    except ValueError as error:
        raise NotUnderstoodError(place, "this value cannot be read: put it in quotes") from error
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise NotUnderstoodError(place, "this number is too large")
    if isinstance(value, float) and not isfinite(value):
        raise NotUnderstoodError(place, "no event has such a number: put it in quotes if it is meant as text")
    if isinstance(value, str) and _is_half(value):
        raise NotUnderstoodError(place, "this text holds half a character (\\ud800 to \\udfff): leave it out")
    return value


def _is_half(text: str) -> bool:
    """Return whether a text holds a surrogate, which no file and no event can hold."""
    return not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)


def _mapping(
    node: yaml.MappingNode, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*place, key)
        if not isinstance(key_node, yaml.ScalarNode):
            raise NotUnderstoodError(place, "a key must be one word")
        if _is_half(key):
            raise NotUnderstoodError(place, "a key holds half a character (\\ud800 to \\udfff)")
        if key in data:
            lines[here] = line_of(key_node)
            raise NotUnderstoodError(here, f"{key} is given twice: keep one of them")
        lines[here] = line_of(key_node)
        data[key] = _plain(value_node, here, lines)
    return data
