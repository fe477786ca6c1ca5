"""Where a value comes from, so that every setting in force can be traced to a flag, a variable or a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["flag", "environment", "file", "user", "project", "default"]
"""`file` is the one named with --config, `user` the user's own, `project` the one below the current directory."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One place a value can come from."""

    kind: Kind
    name: str
    """The flag, the variable, or the file's path."""
    line: int | None = None
    """1-based line in a file; None elsewhere."""

    def __str__(self) -> str:
        """Return the place as a person would look it up: `--store`, `AUDITAIL_STORE`, `config.yaml:3`."""
        if self.kind == "default":
            return "default"
        return self.name if self.line is None else f"{self.name}:{self.line}"


Place = tuple[int | str, ...]
"""Number of an entry, from 0 on, and a key in it."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value, not validated yet, with its origin."""

    value: Any
    origin: Origin
    lines: Mapping[Place, int] = field(default_factory=dict[Place, int])
    """Of a list of entries in a file: where each entry and each of its keys stands."""


Layer = dict[str, Sourced]
"""Values of one place by dotted key, such as `ingest.paths`. A key that is absent says nothing."""
