"""Reading YAML that people wrote and that may be hostile: keys, values and lists, and the lines where they stand.

Aliases are refused (a few lines of them can stand for gigabytes), and so are tags and deep nesting. Nothing in a file
can name a Python object.

Where libyaml is there it reads, many times as fast as Python does. The two differ in seldom texts, and in what they say
of broken ones: there Python's word counts, so that a file means the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml
from yaml.constructor import SafeConstructor

_Reading = Callable[[str, Any], list[yaml.Node | None]]
"""What makes nodes of a text with one of the library's loaders."""

MAX_BYTES: Final = 1 << 20
"""What a reader of files takes at most."""
MAX_EVENTS: Final = 100_000
"""Keys, values, lists' ends and so on of one text. Far more fit into a megabyte, and would take many seconds."""

_SLOW_MOST: Final = 64 * 1024
"""Longer texts (in characters) are not read again by Python, which may take ten seconds for the largest."""
_QUICK: Final[Any] = getattr(yaml, "CSafeLoader", None)
"""The loader of libyaml; None where it is not there."""
_LONGEST_NUMBER: Final = 400
"""Characters; beyond, it is no number of this world, and reading it may take minutes (59:59:59… counts by sixty)."""
_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_TEXT: Final = "tag:yaml.org,2002:str"
_READ_OTHERWISE: Final = re.compile(r"[\t\ufeff]|[|>][-+0-9]*#")
"""What libyaml lets pass in places where Python does not: tabs, marks of byte order, comments right after `|`."""

# The library is not typed; here is all that is used of it.
_events: Callable[..., Iterator[yaml.Event]] = yaml.parse  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_one: Callable[..., yaml.Node | None] = yaml.compose  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_all: Callable[..., Iterator[yaml.Node | None]] = yaml.compose_all  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class PlainYamlError(ValueError):
    """Some bytes are not YAML of the plain kind."""

    def __init__(self, line: int | None, problem: str) -> None:
        """Say what is wrong, as the end of a sentence about the file, and at which line (from 1), if that is known."""
        super().__init__(problem)
        self.line = line
        self.problem = problem


def single_node(raw: bytes, max_depth: int) -> yaml.Node | None:
    """Return the one document of some bytes; None where they hold nothing.

    Raises:
        PlainYamlError: they are not plain YAML, are nested deeper, or hold several documents.
    """
    return next(iter(_read(raw, max_depth, lambda text, loader: [_one(text, Loader=loader)])))


def all_nodes(raw: bytes, max_depth: int) -> list[yaml.Node]:
    """Return the documents of some bytes that are not empty.

    Raises:
        PlainYamlError: they are not plain YAML, or are nested deeper.
    """
    found = _read(raw, max_depth, lambda text, loader: list(_all(text, Loader=loader)))
    return [node for node in found if node is not None]


def line_of(node: yaml.Node) -> int:
    """Return the line, from 1, at which a node begins."""
    return node.start_mark.line + 1


def is_null(node: yaml.Node) -> bool:
    """Return whether a node says that there is no value."""
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def value_of(node: yaml.Node) -> Any:
    """Return the value of a node, with all that is in it.

    Raises:
        ValueError: it cannot be read, as the date 2026-02-31.
    """
    if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
        return node.value
    _refuse_long_numbers(node)
    constructor: Any = SafeConstructor()
    try:
        return constructor.construct_object(node, deep=True)
    except (yaml.YAMLError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _refuse_long_numbers(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode):
        if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            raise ValueError("the number is too long")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_long_numbers(item)
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                _refuse_long_numbers(part)


def _read(raw: bytes, max_depth: int, read: _Reading) -> list[yaml.Node | None]:
    try:
        text = raw.decode("utf-8-sig")
        found = _read_quickly(text, max_depth, read)
        return _read_with(yaml.SafeLoader, text, max_depth, read) if found is None else found
    except UnicodeDecodeError as error:
        raise PlainYamlError(None, "is not UTF-8 text: save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = 1 + (error.problem_mark.line if error.problem_mark else 0)
        raise PlainYamlError(line, f"is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise PlainYamlError(None, f"is not valid YAML: {str(error).partition(chr(10))[0]}") from error


def _read_quickly(text: str, max_depth: int, read: _Reading) -> list[yaml.Node | None] | None:
    """Return what libyaml reads; None where it is not there, or where Python might read something else."""
    if _QUICK is None:
        return None
    if len(text) > _SLOW_MOST:
        return _read_with(_QUICK, text, max_depth, read)
    if _READ_OTHERWISE.search(text):
        return None
    try:
        return _read_with(_QUICK, text, max_depth, read, unsure=_is_read_otherwise)
    except (yaml.YAMLError, PlainYamlError):
        return None


def _read_with(
    loader: Any, text: str, max_depth: int, read: _Reading, unsure: Callable[[yaml.Event], bool] | None = None
) -> list[yaml.Node | None]:
    """Look at the stream of events, which needs no memory, before anything is built from it.

    Raises:
        PlainYamlError: it is not plain, or an event is one of which this loader is `unsure`.
        YAMLError: it is not YAML.
    """
    depth = 0
    for number, event in enumerate(_events(text, Loader=loader)):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            raise PlainYamlError(line, "uses a YAML alias (*name): write the value out, or put it in quotes")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise PlainYamlError(line, "uses a YAML tag (!name): write plain text, numbers and lists")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > max_depth:
            raise PlainYamlError(line, "is nested too deeply")
        if number >= MAX_EVENTS:
            raise PlainYamlError(line, "has too many values for one file: split it into several")
        if unsure is not None and unsure(event):
            raise PlainYamlError(line, "is read differently")
    return read(text, loader)


def _is_read_otherwise(event: yaml.Event) -> bool:
    """Return whether Python may take a scalar without quotes otherwise: an empty one's line, or a `?` in a list."""
    return isinstance(event, yaml.ScalarEvent) and not event.style and (not event.value or "?" in event.value)
