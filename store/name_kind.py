"""Which column an interned text belongs to."""

from __future__ import annotations

from enum import IntEnum


class NameKind(IntEnum):
    """Which column a name belongs to."""

    TYPE = 1
    AGENT = 2
    USER = 3
    TENANT = 4
    HOST = 5
    TOOL = 6
    SERVER = 7
    MODEL = 8
    FORMAT = 9
