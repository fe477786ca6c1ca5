"""Settings from `AUDITAIL_*` variables: `AUDITAIL_<SECTION>__<KEY>`, so `AUDITAIL_INGEST__PATHS=/a,/b`.

Two underscores stand for the dot. Lists are separated by commas, lists of entries are written as in a settings file:
`AUDITAIL_BUDGETS='[{per: day, usd: 20}]'`. An empty variable says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.errors import UnknownKeyError
from config.keys import PATH_KEYS, entry_lists, list_keys, nearest_key, value_keys
from config.origin import Layer, Origin, Sourced
from config.yaml_file import entries_in, expand_home

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "AUDITAIL_"

SHORT: Final[dict[str, str]] = {
    "AUDITAIL_STORE": "store.path",
    "AUDITAIL_TENANT": "store.tenants",
}
"""Names for what is set most often."""

NOT_SETTINGS: Final = frozenset({"AUDITAIL_CONFIG", "AUDITAIL_DEBUG"})
"""`AUDITAIL_CONFIG` stands for --config; `AUDITAIL_DEBUG` asks for the traceback of an internal error."""


def variable_of(key: str) -> str:
    """Return the variable that sets a dotted key, in its long form."""
    return PREFIX + key.upper().replace(".", "__")


def from_environment(environ: Mapping[str, str]) -> Layer:
    """Return the values that variables set; texts stay texts and are converted when settings are validated.

    Raises:
        UnknownKeyError: an `AUDITAIL_*` variable that means nothing, with the nearest one that does.
    """
    names = {variable_of(key): key for key in value_keys()} | SHORT
    layer: Layer = {}
    # The short names come first in the alphabet, so the long, explicit form wins where both are set.
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        key = names.get(name)
        if key is None:
            near = nearest_key(name.removeprefix(PREFIX).lower().replace("__", "."))
            hint = f"did you mean {variable_of(near)}?" if near else "`auditail status` lists the settings there are"
            raise UnknownKeyError(f"unknown variable {name}: {hint}")
        if text := environ[name].strip():
            value = entries_in(name, text) if key in entry_lists() else _value(key, text)
            layer[key] = Sourced(value, Origin("environment", name))
    return layer


def _value(key: str, text: str) -> str | list[str]:
    items = [item.strip() for item in text.split(",") if item.strip()] if key in list_keys() else [text]
    if key in PATH_KEYS:
        items = [str(expand_home(item)) for item in items]
    return items if key in list_keys() else items[0]
