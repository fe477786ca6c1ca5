"""A folder of files that things happen to, and what must be in the store once somebody has looked.

Every generation of a file begins with a line of its own, as a log does; all other lines come from a handful of texts
and have no ids, so that equal records are the rule.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
from backports import zstd
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.ingest_place import Place, line

TEXTS = st.lists(st.sampled_from(["same", "same", "other"]), min_size=1, max_size=3)
NAMES = st.sampled_from(["a.jsonl", "b.jsonl", "sub/a.jsonl"])
PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {".gz": gzip.compress, ".zst": zstd.compress}
SUFFIXES = st.sampled_from(sorted(PACKERS))


class Files(RuleBasedStateMachine):
    """What happens to files, one thing after the other."""

    def __init__(self) -> None:
        """Start with an empty folder."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.place = Place(self.root)
        (self.place.folder / "sub").mkdir()
        self.expected: Counter[str] = Counter()
        self.halves: dict[str, bytes] = {}
        self.listed: Counter[str] = Counter()
        self.looked = False
        self.serial = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.root)

    def see(self) -> None:
        """Have everything read that is there: as a process would that starts anew."""
        self.place.ingest()

    def peek(self) -> None:
        """Let somebody look in the middle of things."""
        self.place.ingest()

    def path(self, name: str) -> Path:
        """Return where a file lies; `$` in its name becomes a number that was not used before."""
        self.serial += 1
        return self.place.folder / name.replace("$", str(self.serial))

    def write(self, name: str, texts: list[str]) -> None:
        """Write lines at the end, first the unfinished one; a new generation begins with a line of its own."""
        path = self.place.folder / name
        if not path.exists() or path.stat().st_size == 0:
            self.serial += 1
            texts = [f"begin {self.serial}", *texts]
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

    @rule(texts=TEXTS, suffix=st.sampled_from(["", *sorted(PACKERS)]))
    def rename_in(self, texts: list[str], suffix: str) -> None:
        """Put a whole file in place under its final name, packed or not."""
        path = self.path(f"in$.jsonl{suffix}")
        texts = [f"begin {self.serial}", *texts]
        self.place.replace(path.name, PACKERS.get(suffix, bytes)(b"".join(map(line, texts))))
        self.expected.update(texts)
        self.looked = False

    @rule(count=st.integers(1, 3))
    def drop_in_single_records(self, count: int) -> None:
        """Put files of one record each in place, equal byte for byte."""
        for _ in range(count):
            self.place.replace(self.path("single$.json").name, line("single"))
        self.expected["single"] += count
        self.looked = False

    @rule()
    def clear_away_single_records(self) -> None:
        """Delete what was dropped in, once it was seen: what comes next gets the same inodes."""
        self.look()
        for path in self.place.folder.glob("single*.json"):
            path.unlink()

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        """Rename a file; a new one begins in its place with the next line."""
        self.settle(name).rename(self.path(name + ".$"))
        self.looked = False

    @rule(name=NAMES, suffix=SUFFIXES, share=st.floats(0, 1), seen=st.sets(st.sampled_from("abc")))
    def rotate_and_compress(self, name: str, suffix: str, share: float, seen: set[str]) -> None:
        """Rename a file and pack it, as slowly as it may be looked at in between."""
        path = self.settle(name).rename(self.path(name + ".$"))
        packed = PACKERS[suffix](path.read_bytes())
        target = path.with_name(path.name + suffix)
        for step, data in (("a", packed[: round(share * len(packed))]), ("b", packed)):
            target.write_bytes(data)
            if step in seen:
                self.peek()
        path.unlink()
        if "c" in seen:
            self.peek()
        self.looked = False

    @rule(name=NAMES)
    def copy_and_truncate(self, name: str) -> None:
        """Rotate by copying, as logrotate does for programs that keep their file open."""
        shutil.copy(self.settle(name), self.path(name + ".$"))
        self.place.write(name, b"")
        self.looked = False

    @rule(name=NAMES, texts=TEXTS)
    def truncate_and_go_on(self, name: str, texts: list[str]) -> None:
        """Begin a file anew in place, once what stood there was seen."""
        self.settle(name)
        self.look()
        self.place.write(name, b"")
        self.write(name, texts)

    @rule(name=NAMES, texts=TEXTS, seen_gone=st.booleans())
    def delete_and_begin_anew(self, name: str, texts: list[str], *, seen_gone: bool) -> None:
        """Delete a file that was seen; another begins under its name, as like as not with its inode."""
        path = self.settle(name)
        self.look()
        path.unlink()
        if seen_gone:
            self.peek()
        self.write(name, texts)

    @rule(name=NAMES, texts=TEXTS)
    def copy_and_let_both_grow(self, name: str, texts: list[str]) -> None:
        """Copy a file that was seen, and write the same on in both."""
        path = self.settle(name)
        self.look()
        copy = self.path("copy$.jsonl")
        shutil.copy(path, copy)
        self.look_again()
        self.write(copy.name, texts)
        self.write(name, texts)

    @rule(name=NAMES, suffix=SUFFIXES)
    def copy_packed(self, name: str, suffix: str) -> None:
        """Leave a packed copy of a file that was seen."""
        path = self.settle(name)
        self.look()
        self.path(f"copy$.jsonl{suffix}").write_bytes(PACKERS[suffix](path.read_bytes()))
        self.look_again()

    @rule(name=NAMES, texts=TEXTS)
    def rewrite_with_more(self, name: str, texts: list[str]) -> None:
        """Put a longer file in place by an atomic rename."""
        path = self.settle(name)
        self.place.replace(name, path.read_bytes() + b"".join(map(line, texts)))
        self.expected.update(texts)
        self.looked = False

    @rule(texts=TEXTS, atomic=st.booleans(), indent=st.booleans())
    def rewrite_a_list(self, texts: list[str], *, atomic: bool, indent: bool) -> None:
        """Write a file that holds one array anew, once the last one was seen; only what is more than before is new."""
        self.look()
        records = [orjson.loads(line(text)) for text in texts]
        data = orjson.dumps(records, option=orjson.OPT_INDENT_2 if indent else None)
        (self.place.replace if atomic else self.place.write)("list.json", data)
        more = Counter(texts) - self.listed
        self.listed += more
        self.expected += more
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
            self.peek()
        kept.rename(self.path("restored$.jsonl"))
        self.looked = False

    @precondition(lambda self: not self.looked)
    @rule()
    def look(self) -> None:
        """Have everything read."""
        if not self.looked:
            self.see()
            self.looked = True

    def look_again(self) -> None:
        """Have everything read though nothing should come of it."""
        self.looked = False
        self.look()

    def must_be_stored(self) -> Counter[str]:
        """Return which records must be there, each as often as it came."""
        return self.expected - Counter({"half": len(self.halves)})

    @invariant()
    def each_record_is_stored_once(self) -> None:
        """Compare, where nothing has happened since the last look."""
        if self.looked:
            assert Counter(self.place.messages()) == self.must_be_stored()
            assert self.place.reasons() == []
            self.place.check_sums()
