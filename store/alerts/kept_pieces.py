"""What an engine remembers, piece by piece, in the transaction of what it found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from store.ids import key_of

_ALL: Final = "SELECT owner, key, data FROM engine_piece"
_KEEP: Final = (
    "INSERT INTO engine_piece (id, owner, key, data) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET data = excluded.data"
)
_DROP: Final = "DELETE FROM engine_piece WHERE id = ?"
_TURN: Final = "SELECT value FROM counter WHERE name = 'engine_turn'"
_NEXT: Final = (
    "INSERT INTO counter (name, value) VALUES ('engine_turn', 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
)


class KeptPieces:
    """The pieces of one store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read and write over `connection`, within its transaction."""
        self._connection = connection

    def all(self) -> list[tuple[str, str, bytes]]:
        """Return every piece: owner, key and data."""
        return self._connection.execute(_ALL).fetchall()

    def turn(self) -> int:
        """Return how often pieces were kept: who has kept the last ones knows all of them. 0: none were."""
        row = self._connection.execute(_TURN).fetchone()
        return int(row[0]) if row else 0

    def keep(self, pieces: Iterable[tuple[str, str, bytes | None]]) -> None:
        """Keep pieces, and drop those whose data is None."""
        kept: list[tuple[int, str, str, bytes]] = []
        dropped: list[tuple[int]] = []
        for owner, key, data in pieces:
            number = key_of(b"e", owner.encode(), key.encode("utf-8", "backslashreplace"))
            if data is None:
                dropped.append((number,))
            else:
                kept.append((number, owner, key, data))
        if not kept and not dropped:
            return
        self._connection.executemany(_DROP, dropped)
        self._connection.executemany(_KEEP, kept)
        self._connection.execute(_NEXT)
