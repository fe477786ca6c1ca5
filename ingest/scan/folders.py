"""The named folders and files: what lies in them, and how they are."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping

from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.scan.opening import Unreadable, look_at, opened
from ingest.scan.passed_over import PassedCount
from ingest.scan.walk import Found, PassedBy, Unlisted, Vanished, Walker
from store.left_alone import PassedOver
from store.sources import Folder, SourceRegistry, State


class FolderReader:
    """Shows the intake every file of a named folder, and tells the store where a folder cannot be read."""

    def __init__(self, intake: Intake, rules: NameRules, sources: SourceRegistry) -> None:
        """Use these."""
        self._intake = intake
        self._walker = Walker(rules, intake.book.settled)
        self._sources = sources
        self._told: dict[int, tuple[State, str | None]] = {}
        self._passed: dict[int, tuple[PassedOver, ...]] = {}
        self.reasons: dict[bytes, str] = {}
        """Named paths that cannot be read now, with the reason."""
        self.cut_short = False
        """Whether something was not shown because plenty was at hand; a full scan is needed. Set it back then."""
        self.seen = 0
        """How many files were shown so far; a file counts each time, one that has settled and is as it was never."""

    @property
    def states(self) -> Mapping[int, tuple[State, str | None]]:
        """How each folder was when it was last looked at, by its number, and the reason where it is not well."""
        return self._told

    def show(self, folder: Folder, scan_no: int = 0) -> Iterator[bool]:
        """Show the intake one file after another; each step yields whether everything could be listed so far."""
        if folder.kind == "file":
            yield self._show_file(folder, scan_no)
            return
        reason = _why_no_folder(folder.path)
        if reason is not None:
            missing = not os.path.lexists(folder.path)
            self._tell(folder, "missing" if missing else "unreadable", reason)
            yield False
            return
        complete, unlisted, odd = True, None, PassedCount()
        for step in self._walker.walk(folder.path, scan_no):
            if isinstance(step, Unlisted):
                complete, unlisted = False, f"cannot list {os.fsdecode(step.path)}: {step.reason}"
            elif isinstance(step, Vanished):
                self._intake.lose_settled(step.source_nos)
            elif isinstance(step, PassedBy):
                odd.add(step.passed)
            elif step is not None:
                self.seen += 1
                self._intake.notice(step.path, folder.folder_no, step.facts, scan_no)
            yield complete
        self._tell(folder, "ok" if complete else "unreadable", unlisted)
        self._tell_passed(folder, odd.below(folder.path))
        yield complete

    def show_below(self, folder: Folder, path: bytes) -> None:
        """Show the intake everything below a folder inside a named one, as far as it can take it now."""
        for step in self._walker.walk(path):
            if self._intake.has_plenty:
                self.cut_short = True
                return
            if isinstance(step, Found):
                self._intake.notice(step.path, folder.folder_no, step.facts)

    def _show_file(self, folder: Folder, scan_no: int) -> bool:
        facts = look_at(folder.path)
        if facts is None:
            try:
                with opened(folder.path):
                    return True
            except Unreadable as error:
                self._tell(folder, "missing" if error.missing else "unreadable", error.reason)
                return False
        self._tell(folder, "ok", None)
        self.seen += 1
        self._intake.notice(folder.path, folder.folder_no, facts, scan_no)
        return True

    def _tell(self, folder: Folder, state: State, reason: str | None) -> None:
        if reason is None:
            self.reasons.pop(folder.path, None)
        else:
            self.reasons[folder.path] = reason
        if self._told.get(folder.folder_no) != (state, reason):
            self._told[folder.folder_no] = (state, reason)
            self._sources.set_folder_state(folder.folder_no, state, reason)

    def _tell_passed(self, folder: Folder, passed: tuple[PassedOver, ...]) -> None:
        if folder.folder_no not in self._passed:
            self._passed[folder.folder_no] = self._sources.passed_over(folder.folder_no)
        if self._passed[folder.folder_no] != passed:
            self._sources.note_passed_over(folder.folder_no, passed)
            self._passed[folder.folder_no] = passed


def _why_no_folder(path: bytes) -> str | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return "the folder is missing: it is read again as soon as it is back"
    except OSError as error:
        return f"the folder cannot be read: {error.strerror or error}"
    if not stat.S_ISDIR(found.st_mode):
        return "it is no folder any more"
    return None if os.access(path, os.R_OK | os.X_OK) else "permission denied: let this user read the folder"
