"""Small files that come, go, change and move among settled ones, within one process and across restarts.

Unlike in `test_ingest_machine`, scans pass over what they may pass over, and each file holds one event of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from config.settings import IngestSettings
from ingest.scan import walk
from ingest.scan.batcher import Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.tools import record_tools
from store.store import Store
from tests.ingest_place import Place, line
from tests.property.examples import examples

NAMES = st.sampled_from(["a.json", "b.json", "sub/a.json", "sub/c.jsonl"])


class SmallFiles(RuleBasedStateMachine):
    """A folder of small files, and what must be in the store after the next look."""

    def __init__(self) -> None:
        """Start with an empty folder."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.place = Place(self.root)
        (self.place.folder / "sub").mkdir()
        self.there: dict[str, str] = {}
        self.seen: set[str] = set()
        self.taken_away: dict[str, str] = {}
        self.looked = False
        self.serial = 0
        self.store = Store.open(self.place.store)
        self.start()

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.store.close()
        shutil.rmtree(self.root)

    def start(self) -> None:
        """Begin as a process that starts anew does."""
        rules = NameRules()
        self.folder = self.store.sources.add_folder(os.fsencode(self.place.folder.resolve()), "folder", "watch")
        self.batcher = Batcher(self.store)
        self.intake = Intake(self.store, record_tools(IngestSettings()), rules, self.batcher)
        self.reader = FolderReader(self.intake, rules, self.store.sources)
        self.number = 0

    def fresh(self) -> str:
        """Return a text that was not used before."""
        self.serial += 1
        self.looked = False
        return str(self.serial)

    def know(self, name: str) -> None:
        """See to it that a file is there and has settled."""
        if name not in self.there:
            self.write(name, in_place=False)
        if not self.looked:
            self.look()

    @rule(name=NAMES, in_place=st.booleans())
    def write(self, name: str, *, in_place: bool) -> None:
        """Put a file in place, or write it anew; what was there before may never have been seen."""
        text = self.fresh()
        (self.place.write if in_place else self.place.replace)(name, line(text))
        self.there[name] = text

    @rule(name=NAMES)
    def take_away(self, name: str) -> None:
        """Delete a file that was seen."""
        self.know(name)
        self.taken_away[name] = self.there.pop(name)
        (self.place.folder / name).unlink()
        self.looked = False

    @precondition(lambda self: self.taken_away)
    @rule(seen_gone=st.booleans())
    def bring_back(self, *, seen_gone: bool) -> None:
        """Restore a file that was deleted; it adds nothing."""
        if seen_gone and not self.looked:
            self.look()
        name, text = self.taken_away.popitem()
        if name not in self.there:
            self.there[name] = text
            self.place.replace(name, line(text))
            self.looked = False

    @rule(name=NAMES)
    def rename(self, name: str) -> None:
        """Give a file that was seen a name that was not used before."""
        self.know(name)
        other = str(Path(name).with_name(f"renamed{self.fresh()}{Path(name).suffix}"))
        (self.place.folder / name).rename(self.place.folder / other)
        self.there[other] = self.there.pop(name)

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        """Rename a file and put another in its place at once."""
        self.rename(name)
        self.write(name, in_place=True)

    @rule()
    def restart(self) -> None:
        """Begin anew, all that was read being stored."""
        self.batcher.flush()
        self.start()

    @precondition(lambda self: not self.looked)
    @rule()
    def look(self) -> None:
        """Scan until each folder has had its turn."""
        for _ in range(walk.WHOLE_EVERY):
            self.number += 1
            for _ in self.reader.show(self.folder, self.number):
                pass
            self.intake.lose_unseen(self.number, {self.folder.folder_no})
            while not self.intake.idle:
                self.intake.step()
        self.intake.take_quiet_ends(below=self.folder.path)
        self.batcher.flush()
        self.seen.update(self.there.values())
        self.looked = True

    @invariant()
    def each_record_is_stored_once(self) -> None:
        """Compare, where nothing has happened since the last look; a document that was seen is no object any more."""
        if self.looked:
            assert self.place.messages() == sorted(self.seen)
            unsettled = [one.path for one in self.intake.book if not one.gone]
            assert len(self.intake.book.settled) + len(unsettled) == len(self.there)
            assert all(path.endswith(b".jsonl") for path in unsettled), "only a line file that was written anew"


def test_small_files_are_stored_once_whatever_scans_pass_over() -> None:
    few, walk.FEW = walk.FEW, 0  # pyright: ignore[reportConstantRedefinition]
    try:
        run_state_machine_as_test(
            SmallFiles,
            settings=settings(
                max_examples=examples(20),
                stateful_step_count=14,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
    finally:
        walk.FEW = few  # pyright: ignore[reportConstantRedefinition]
