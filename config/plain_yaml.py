"""Reading YAML that people wrote and that may be hostile: keys, values and lists, and the lines where they stand.

Aliases are refused (a few lines of them can stand for gigabytes), and so are tags and deep nesting. Nothing in a file
can name a Python object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml

MAX_BYTES: Final = 1 << 20
"""What a reader of files takes at most."""

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
    return next(iter(_read(raw, max_depth, lambda text: [_one(text, Loader=yaml.SafeLoader)])))


def all_nodes(raw: bytes, max_depth: int) -> list[yaml.Node]:
    """Return the documents of some bytes that are not empty.

    Raises:
        PlainYamlError: they are not plain YAML, or are nested deeper.
    """
    found = _read(raw, max_depth, lambda text: list(_all(text, Loader=yaml.SafeLoader)))
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
    constructor: Any = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node, deep=True)
    except (yaml.YAMLError, TypeError) as error:
        raise ValueError(str(error)) from error
    finally:
        constructor.dispose()


def _read(raw: bytes, max_depth: int, read: Callable[[str], list[yaml.Node | None]]) -> list[yaml.Node | None]:
    try:
        text = raw.decode("utf-8-sig")
        _refuse_unsafe(text, max_depth)
        return read(text)
    except UnicodeDecodeError as error:
        raise PlainYamlError(None, "is not UTF-8 text: save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = 1 + (error.problem_mark.line if error.problem_mark else 0)
        raise PlainYamlError(line, f"is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise PlainYamlError(None, f"is not valid YAML: {str(error).partition(chr(10))[0]}") from error


def _refuse_unsafe(text: str, max_depth: int) -> None:
    """Look at the stream of events, which needs no memory, before anything is built from it."""
    depth = 0
    for event in _events(text, Loader=yaml.SafeLoader):
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
