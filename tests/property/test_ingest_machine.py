"""Files that are appended to, rotated, copied, truncated, moved and restored at random: each record comes once.

Every generation of a file begins with a line of its own, as a log does; all other lines come from a handful of texts,
so that equal records without ids are the rule. Each look starts from what the store remembers, as a new process would.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.ingest_place import Place, line
from tests.property.examples import examples

TEXTS = st.lists(st.sampled_from(["same", "same", "other"]), min_size=1, max_size=3)
NAMES = st.sampled_from(["a.jsonl", "b.jsonl", "sub/a.jsonl"])


class Files(RuleBasedStateMachine):
    """A folder of logs, and what must be in the store after the next look."""

    def __init__(self) -> None:
        """Start with an empty folder."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.place = Place(self.root)
        (self.place.folder / "sub").mkdir()
        self.expected: Counter[str] = Counter()
        self.halves: dict[str, bytes] = {}
        self.looked = False
        self.serial = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.root)

    def fresh(self, name: str) -> str:
        """Return the name with a number that was not used before."""
        self.serial += 1
        return name.replace("$", str(self.serial))

    def write(self, name: str, texts: list[str]) -> None:
        """Write lines at the end, first the unfinished one; a new generation begins with a line of its own."""
        path = self.place.folder / name
        if not path.exists() or path.stat().st_size == 0:
            texts = [self.fresh("begin $"), *texts]
        self.place.append(name, self.halves.pop(name, b"") + b"".join(map(line, texts)))
        self.expected.update(texts)
        self.looked = False

    def settle(self, name: str) -> Path:
        """See to it that the file is there, is not empty and ends with a whole line."""
        path = self.place.folder / name
        if not path.exists() or path.stat().st_size == 0:
            self.write(name, ["first"])
        rest = self.halves.pop(name, None)
        if rest is not None:
            self.place.append(name, rest)
            self.looked = False
        return path

    @rule(name=NAMES, texts=TEXTS)
    def append(self, name: str, texts: list[str]) -> None:
        """Let a file grow."""
        self.write(name, texts)

    @rule(name=NAMES, size=st.integers(1, 60))
    def append_half(self, name: str, size: int) -> None:
        """Leave a line unfinished for a while."""
        self.settle(name)
        whole = line("half")
        self.place.append(name, whole[:size])
        self.halves[name] = whole[size:]
        self.expected["half"] += 1
        self.looked = False

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        """Rename a file; a new one begins in its place with the next line."""
        self.settle(name).rename(self.place.folder / self.fresh(name + ".$"))
        self.looked = False

    @rule(name=NAMES)
    def copy_and_truncate(self, name: str) -> None:
        """Rotate by copying, as logrotate does for programs that keep their file open."""
        shutil.copy(self.settle(name), self.place.folder / self.fresh(name + ".$"))
        self.place.write(name, b"")
        self.looked = False

    @rule(name=NAMES, texts=TEXTS)
    def truncate_and_go_on(self, name: str, texts: list[str]) -> None:
        """Begin a file anew in place, once what stood there was seen."""
        self.settle(name)
        self.look()
        self.place.write(name, b"")
        self.write(name, texts)

    @rule(name=NAMES, texts=TEXTS)
    def copy_and_let_both_grow(self, name: str, texts: list[str]) -> None:
        """Copy a file that was seen, and write the same on in both."""
        path = self.settle(name)
        self.look()
        copy = self.fresh("copy$.jsonl")
        shutil.copy(path, self.place.folder / copy)
        self.look()
        self.write(copy, texts)
        self.write(name, texts)

    @rule(name=NAMES, texts=TEXTS)
    def rewrite_with_more(self, name: str, texts: list[str]) -> None:
        """Put a longer file in place by an atomic rename."""
        path = self.settle(name)
        self.place.replace(name, path.read_bytes() + b"".join(map(line, texts)))
        self.expected.update(texts)
        self.looked = False

    @rule(name=NAMES, seen_gone=st.booleans())
    def lose_and_restore_elsewhere(self, name: str, *, seen_gone: bool) -> None:
        """Bring back a file that was seen, under another name and with another inode."""
        path = self.settle(name)
        self.look()
        kept = self.root / "kept"
        shutil.copy(path, kept)
        path.unlink()
        if seen_gone:
            self.look()
        kept.rename(self.place.folder / self.fresh("restored$.jsonl"))
        self.looked = False

    @precondition(lambda self: not self.looked)
    @rule()
    def look(self) -> None:
        """Ingest."""
        self.place.ingest()
        self.looked = True

    @invariant()
    def each_record_is_stored_once(self) -> None:
        """Compare, where nothing has happened since the last look."""
        if self.looked:
            pending = Counter({"half": len(self.halves)})
            assert Counter(self.place.messages()) == self.expected - pending


def test_whatever_happens_to_files_each_record_is_stored_once() -> None:
    run_state_machine_as_test(
        Files,
        settings=settings(
            max_examples=examples(20),
            stateful_step_count=14,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
