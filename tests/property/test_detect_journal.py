"""What is kept of a rule's memory: whatever changes, is forgotten or begins anew, its pieces say what there was."""

from __future__ import annotations

from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.engine import journal
from detect.engine.journal import Journal
from detect.engine.keys import GroupKey


class State(msgspec.Struct, array_like=True):
    """A state of a test."""

    touched: int = 0


KEYS: Final = st.integers(0, 30).map(lambda number: (str(number), None))
BATCH: Final = st.tuples(st.lists(KEYS, max_size=12), st.integers(0, 6), st.booleans())


class Remembered:
    """States in the order of their touches, as a memory has them, and what is kept of them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.states: dict[GroupKey, State] = {}
        self.kept: dict[str, bytes] = {}
        self.journal = Journal(State)
        self.touches = self.forgotten = 0

    def batch(self, touched: list[GroupKey], forget: int) -> tuple[int, int]:
        """Touch keys and forget the oldest; return how many keys changed, and how many were written."""
        for key in touched:
            self.touches += 1
            self.states.pop(key, None)
            self.states[key] = State(self.touches)
        for key in list(self.states)[:forget]:
            self.forgotten = self.states.pop(key).touched
        new = 0
        for name, data in self.journal.write(dict.fromkeys(touched), self.states, self.forgotten):
            if data is None:
                del self.kept[name]
            else:
                self.kept[name] = data
                new += len(msgspec.msgpack.decode(data)[1])
        return len(set(touched)), new

    def begun_anew(self) -> list[tuple[GroupKey, State]]:
        """Return what a new journal makes of what is kept; it goes on from there."""
        self.journal, self.forgotten = Journal(State), 0
        return self.journal.read(reversed(self.kept.items()))


@settings(max_examples=150)
@given(batches=st.lists(BATCH, max_size=60))
def test_pieces_say_what_was_remembered(batches: list[tuple[list[GroupKey], int, bool]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "_SLACK", 3)
        patch.setattr(journal, "MOST_OF_PIECE", 5)
        one = Remembered()
        for number, (touched, forget, again) in enumerate(batches):
            # Always a key that is touched and stays: what is forgotten is said with what changes.
            changed, written = one.batch([*touched, (f"new {number}",)], min(forget, len(one.states)))
            assert written <= 2 * changed + 2 * 5
            if again:
                assert one.begun_anew() == list(one.states.items())
        assert one.begun_anew() == list(one.states.items())


def test_few_pieces_stay_however_often_keys_change() -> None:
    one = Remembered()
    for turn in range(3_000):
        one.batch([(str(turn % 100),)], 0)
    assert len(one.kept) <= 100 * 2 + 512
