"""Statements for whoever has only the driver's connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy.dialects.sqlite import pysqlite

if TYPE_CHECKING:
    from sqlalchemy import Executable

_DIALECT: Final = pysqlite.dialect()


def as_text(statement: Executable) -> tuple[str, tuple[Any, ...]]:
    """Return a statement as SQL, and its values in their order."""
    compiled = cast("Any", statement).compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    values: dict[str, Any] = compiled.construct_params()
    places: list[str] = compiled.positiontup or []
    return str(compiled), tuple(values[name] for name in places)
