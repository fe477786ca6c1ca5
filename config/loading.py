"""Settings as they are in force: every place read, merged per key, validated, each value with its origin.

Order, the first that says something wins: flags, `AUDITAIL_*`, the file of --config, the user's file, the project's
file below the current directory (`logging.*` only, and only what is harmless or confirmed), the defaults shipped here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from config.complaints import complaint
from config.environment import from_environment
from config.errors import UnreadableSettingsError
from config.origin import Layer, Origin, Sourced
from config.paths import PROJECT_FILE, default_store, own_rules, state_home, user_file
from config.settings import Settings
from config.trust import TrustedFiles, TrustRequest, digest_of, held_back
from config.yaml_file import SettingsFile, expand_home, parse, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS_FILE: Final = Path(__file__).with_name("defaults.yaml")
PROJECT_SECTIONS: Final = frozenset({"logging"})
"""All that is read from a project's file."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings in force, and what there is to say about them."""

    settings: Settings
    store_path: Path
    """`store.path`, or the default place. The file need not exist."""
    rules_folder: Path
    """`alerts.rules`, or the default place: the folder of one's own rules. It need not exist."""
    origins: Mapping[str, Origin]
    """Where each value comes from, by dotted key; every key is there."""
    trust: TrustRequest | None
    """What the project's file asks for that needs confirming, confirmed or not; None where it asks for nothing."""

    @property
    def notice(self) -> str | None:
        """One line about settings that are held back until they are confirmed; None where nothing is."""
        if self.trust is None or self.trust.confirmed:
            return None
        wishes = " and to ".join(self.trust.wishes)
        return f"{self.trust.path} asks to {wishes}: ignored until you confirm it once with `auditail trust`"


def load(
    *,
    environ: Mapping[str, str],
    cwd: Path,
    config_file: Path | None = None,
    flags: Mapping[str, tuple[str, Any]] | None = None,
) -> Loaded:
    """Read and merge all settings.

    `flags` maps a dotted key to the flag as typed and its value; a value of None or an empty list says nothing.

    Raises:
        SettingsError: a file, key or value is wrong; the text is one line that names the place.
    """
    own = _own_layer(environ, config_file, flags or {})
    project, trust = _project_layer(environ, cwd, own)
    merged = _defaults() | project | own
    settings = _validate(merged)
    path = settings.store.path
    return Loaded(
        settings=settings,
        store_path=_store_path(path, environ, cwd),
        rules_folder=own_rules(environ) if settings.alerts.rules is None else cwd / expand_home(settings.alerts.rules),
        origins={key: value.origin for key, value in merged.items()},
        trust=trust,
    )


def project_request(*, environ: Mapping[str, str], file: Path) -> TrustRequest | None:
    """Return what a project's settings file asks for that needs confirming; None where it asks for nothing.

    Raises:
        UnreadableSettingsError: there is no such file, or it cannot be read.
        SettingsError: what stands in it is wrong.
    """
    found = read_file(file, "project")
    if found is None:
        raise UnreadableSettingsError(f"there is no {file}: nothing to confirm")
    return _request(found, parse(found, only=PROJECT_SECTIONS), {}, environ)


def _own_layer(environ: Mapping[str, str], config_file: Path | None, flags: Mapping[str, tuple[str, Any]]) -> Layer:
    """Merge every place that only the user can write to."""
    named = config_file
    if named is None and (variable := environ.get("AUDITAIL_CONFIG", "")):
        named = expand_home(variable)
    flag_layer: Layer = {
        key: Sourced(value, Origin("flag", flag)) for key, (flag, value) in flags.items() if value not in (None, [], ())
    }
    return _user_layer(environ) | _named_layer(named) | from_environment(environ) | flag_layer


def _user_layer(environ: Mapping[str, str]) -> Layer:
    found = read_file(user_file(environ), "user")
    return parse(found) if found else {}


def _named_layer(file: Path | None) -> Layer:
    if file is None:
        return {}
    found = read_file(file.absolute(), "file")
    if found is None:
        raise UnreadableSettingsError(f"there is no settings file {file}: name one that exists with --config")
    return parse(found)


def _project_layer(environ: Mapping[str, str], cwd: Path, own: Layer) -> tuple[Layer, TrustRequest | None]:
    found = read_file(cwd / PROJECT_FILE, "project")
    if found is None:
        return {}, None
    layer = parse(found, only=PROJECT_SECTIONS)
    request = _request(found, layer, own, environ)
    if request is not None and not request.confirmed:
        layer = {key: value for key, value in layer.items() if key not in request.keys}
    return layer, request


def _request(file: SettingsFile, layer: Layer, own: Layer, environ: Mapping[str, str]) -> TrustRequest | None:
    wishes, keys = held_back(layer, own)
    if not wishes:
        return None
    # Resolved, so that a confirmation holds by whatever way the folder is entered.
    path = file.path.resolve()
    digest = digest_of(file.raw)
    confirmed = TrustedFiles(state_home(environ)).knows(path, digest)
    return TrustRequest(path, digest, wishes, keys, confirmed)


def _defaults() -> Layer:
    found = read_file(DEFAULTS_FILE, "default")
    assert found is not None, "defaults.yaml is shipped beside this module"
    return parse(found)


def _store_path(stated: str | None, environ: Mapping[str, str], cwd: Path) -> Path:
    if stated is None:
        return default_store(environ)
    if "://" in stated:
        return Path(stated)  # an address, not a path: the store refuses it by name
    return cwd / expand_home(stated)


def _validate(merged: Layer) -> Settings:
    nested: dict[str, Any] = {}
    for key, sourced in merged.items():
        *sections, name = key.split(".")
        place = nested
        for section in sections:
            place = place.setdefault(section, {})
        place[name] = sourced.value
    try:
        return Settings.model_validate(nested)
    except ValidationError as error:
        raise complaint(error, merged) from None
