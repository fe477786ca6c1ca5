"""Reading one settings file: plain YAML (`config.plain_yaml`), with the line of every key remembered."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from config.errors import BadValueError, UnknownKeyError, UnreadableSettingsError
from config.keys import PATH_KEYS, entry_lists, nearest_key, section_keys, value_keys
from config.origin import Kind, Layer, Origin, Place, Sourced
from config.plain_yaml import MAX_BYTES, PlainYamlError, is_null, single_node, value_of

MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file's bytes; they are read once, so that what is checked is what is used."""

    path: Path
    kind: Kind
    raw: bytes


def read_file(path: Path, kind: Kind) -> SettingsFile | None:
    """Return the file, or None where there is none.

    Raises:
        UnreadableSettingsError: it is there but cannot be read, is no regular file, or is over 1 MiB.
    """
    try:
        # O_NONBLOCK: a pipe laid in the place of a settings file must not hang the program.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableSettingsError(f"cannot read the settings in {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableSettingsError(f"cannot read the settings in {path}: it is not a regular file")
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise UnreadableSettingsError(f"the settings in {path} are over 1 MiB: name a smaller file")
    return SettingsFile(path, kind, raw)


def parse(file: SettingsFile, *, only: frozenset[str] | None = None) -> Layer:
    """Return the file's values by dotted key. An empty file gives an empty layer.

    `only` names the top-level sections that are read; others are passed over unseen. None reads all of them.

    Raises:
        UnreadableSettingsError: not YAML, or YAML with aliases, tags or deep nesting.
        UnknownKeyError: a key that does not exist, with the nearest one.
        BadValueError: a section that is no mapping, or a key given twice.
    """
    root = _compose(file)
    layer: Layer = {}
    if root is not None:
        _collect(file, root, "", layer, only)
    return layer


def _compose(file: SettingsFile) -> yaml.Node | None:
    try:
        return single_node(file.raw, MAX_DEPTH)
    except PlainYamlError as error:
        where = str(file.path) if error.line is None else f"{file.path}:{error.line}"
        raise UnreadableSettingsError(f"{where} {error.problem}") from error


def _collect(file: SettingsFile, node: yaml.Node, prefix: str, layer: Layer, only: frozenset[str] | None) -> None:
    if is_null(node):
        return
    if not isinstance(node, yaml.MappingNode):
        what = f"{prefix.rstrip('.')} must hold keys" if prefix else "settings must be keys with values"
        raise BadValueError(f"{file.path}:{node.start_mark.line + 1}: {what}, as in `retention_days: 90`")
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = f"{prefix}{key_node.value}" if isinstance(key_node, yaml.ScalarNode) else f"{prefix}?"
        if key in seen:
            raise BadValueError(f"{file.path}:{line}: {key} is given twice: keep one of them")
        seen.add(key)
        if not prefix and only is not None and key not in only:
            continue
        if key in section_keys():
            _collect(file, value_node, f"{key}.", layer, None)
        elif key in entry_lists() and is_null(value_node):
            continue
        elif key in value_keys():
            origin = Origin(file.kind, str(file.path), line)
            lines = _lines(file, key, value_node) if key in entry_lists() else {}
            layer[key] = Sourced(_value(file, key, value_node, line), origin, lines)
        else:
            near = nearest_key(key)
            hint = f"did you mean {near}?" if near else "`auditail status` lists the settings there are"
            raise UnknownKeyError(f"{file.path}:{line}: unknown setting {key}: {hint}")


def entries_in(variable: str, text: str) -> Any:
    """Return the list of entries that a variable holds, written as in a settings file.

    Raises:
        UnreadableSettingsError: it is not YAML, or YAML with aliases, tags or deep nesting.
        BadValueError: a key is given twice.
    """
    file = SettingsFile(Path(variable), "environment", text.encode("utf-8", "surrogateescape"))
    node = _compose(file)
    if node is None:
        return None
    _lines(file, variable, node)
    return _value(file, variable, node, 1)


def _lines(file: SettingsFile, key: str, node: yaml.Node) -> dict[Place, int]:
    """Return where the entries of a list and their keys stand.

    Raises:
        BadValueError: an entry gives a key twice.
    """
    lines: dict[Place, int] = {}
    entries: list[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else []
    for number, entry in enumerate(entries):
        lines[number,] = entry.start_mark.line + 1
        pairs: list[tuple[yaml.Node, yaml.Node]] = entry.value if isinstance(entry, yaml.MappingNode) else []
        for key_node, _ in pairs:
            place, line = (number, str(key_node.value)), key_node.start_mark.line + 1
            if place in lines:
                text = f"{place[1]} is given twice in entry {number + 1} of {key}"
                raise BadValueError(f"{file.path}:{line}: {text}: keep one of them")
            lines[place] = line
    return lines


def _value(file: SettingsFile, key: str, node: yaml.Node, line: int) -> Any:
    try:
        value = value_of(node)
    except ValueError as error:
        raise BadValueError(f"{file.path}:{line}: the value of {key} cannot be read") from error
    if key in PATH_KEYS and file.kind != "default":
        return _paths(value, file.path.parent)
    return value


def _paths(value: Any, base: Path) -> Any:
    if isinstance(value, str):
        return value if "://" in value else str(base / expand_home(value))
    if isinstance(value, list):
        return [_paths(item, base) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def expand_home(path: str) -> Path:
    """Return the path with a leading `~` replaced; one that cannot be resolved stays as it is written."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)
