"""What can be wrong with settings. `str()` of each is one clear line that says what to do."""

from __future__ import annotations


class SettingsError(Exception):
    """Settings cannot be used as they are; the text is one line for a person."""


class UnreadableSettingsError(SettingsError):
    """A settings file cannot be read, is too large, or is not YAML of the plain kind that is accepted."""


class UnknownKeyError(SettingsError):
    """A key is misspelt; the text names the nearest key and the place."""


class BadValueError(SettingsError):
    """A key is known and its value is not possible; the text names the key and the place."""
