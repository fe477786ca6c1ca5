"""Each kind of gap by itself, with clocks set by hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from ingest.gaps.absence import Absence
from ingest.gaps.ahead import TimesAhead
from ingest.gaps.clock_jump import ClockWatch
from ingest.gaps.missed import MissedChanges
from ingest.gaps.out_of_reach import OutOfReach
from ingest.gaps.silence import REGULAR_FROM, SilenceWatch
from ingest.gaps.unread import UnreadBytes
from ingest.scan.tracked import SourceState, Tracked
from store.events import NewEvent
from store.sources import Folder
from tests.events import BASE_US, MINUTE, SECOND, batch, checkpoint, line

HOUR: Final = 60 * MINUTE
FOLDER: Final = Folder(7, b"/logs", "folder", "watch", done=False)


def facts_of(event: NewEvent | None) -> dict[str, Any]:
    assert event is not None
    assert event.tenant_id is None
    assert event.message
    assert event.metadata is not None
    return event.metadata


class Clocks:
    """A wall clock and a steady one, moved by hand."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.wall_us = BASE_US
        self.steady_s = 1_000.0

    def go_on(self, seconds: float) -> None:
        """Let both go on, as time does."""
        self.wall_us += round(seconds * SECOND)
        self.steady_s += seconds


@pytest.mark.parametrize(("by_s", "word"), [(3_600.0, "forward by 1 h"), (-90.0, "back by 1 min 30 s")])
def test_a_clock_that_was_set_is_told_once(by_s: float, word: str) -> None:
    clocks = Clocks()
    watch = ClockWatch(lambda: clocks.wall_us, lambda: clocks.steady_s)
    clocks.go_on(1)
    assert watch.look() is None
    clocks.go_on(1)
    clocks.wall_us += round(by_s * SECOND)
    jump = watch.look()
    assert jump is not None
    assert jump.to_us - jump.from_us == by_s * SECOND
    assert word in (jump.event().message or "")
    assert facts_of(jump.event())["seconds"] == by_s
    clocks.go_on(1)
    assert watch.look() is None


def test_a_clock_that_drifts_and_a_machine_that_slept_are_no_jumps() -> None:
    clocks = Clocks()
    watch = ClockWatch(lambda: clocks.wall_us, lambda: clocks.steady_s)
    for _ in range(100):
        clocks.go_on(1)
        clocks.wall_us += SECOND // 2_000
        assert watch.look() is None
    clocks.go_on(8 * 3_600)
    assert watch.look() is None


def told(watch: SilenceWatch, clocks: Clocks, events: int, folders: Sequence[Folder] = (FOLDER,)) -> list[NewEvent]:
    return list(watch.look(folders, {FOLDER.folder_no: events}, clocks.steady_s, clocks.wall_us))


def regular(clocks: Clocks, pause_s: float) -> SilenceWatch:
    """Return a watch that has heard the folder often enough; it has given `REGULAR_FROM + 1` events."""
    watch = SilenceWatch(clocks.steady_s)
    for events in range(1, REGULAR_FROM + 2):
        clocks.go_on(pause_s)
        assert told(watch, clocks, events) == []
    return watch


def test_a_folder_that_falls_silent_is_told_once_and_so_is_its_return() -> None:
    clocks = Clocks()
    watch = regular(clocks, 120)
    last_us = clocks.wall_us
    clocks.go_on(1_199)
    assert told(watch, clocks, REGULAR_FROM + 1) == []
    clocks.go_on(2)
    [silent] = told(watch, clocks, REGULAR_FROM + 1)
    assert silent.event_type == "system.source_silent"
    assert facts_of(silent)["usual_pause_s"] == 120
    clocks.go_on(9_999)
    assert told(watch, clocks, REGULAR_FROM + 1) == []
    [resumed] = told(watch, clocks, REGULAR_FROM + 2)
    assert resumed.event_type == "system.source_resumed"
    assert facts_of(resumed)["silent_s"] == (clocks.wall_us - last_us) / SECOND
    clocks.go_on(1_201)
    assert [one.event_type for one in told(watch, clocks, REGULAR_FROM + 2)] == ["system.source_silent"]


def test_short_pauses_make_nobody_silent_within_a_quarter_of_an_hour() -> None:
    clocks = Clocks()
    watch = regular(clocks, 1)
    clocks.go_on(899)
    assert told(watch, clocks, REGULAR_FROM + 1) == []
    clocks.go_on(2)
    assert len(told(watch, clocks, REGULAR_FROM + 1)) == 1


def test_a_folder_that_gives_events_rarely_is_never_silent() -> None:
    clocks = Clocks()
    watch = SilenceWatch(clocks.steady_s)
    for events in range(1, REGULAR_FROM):
        clocks.go_on(60)
        assert told(watch, clocks, events) == []
    clocks.go_on(1_000_000)
    assert told(watch, clocks, REGULAR_FROM - 1) == []


def test_setting_the_wall_clock_makes_nobody_silent() -> None:
    clocks = Clocks()
    watch = regular(clocks, 60)
    clocks.wall_us += 10 * 24 * HOUR
    assert told(watch, clocks, REGULAR_FROM + 1) == []


def test_a_restart_knows_the_habit_and_repeats_nothing() -> None:
    clocks = Clocks()
    watch = regular(clocks, 60)
    heard = clocks.wall_us // MINUTE
    clocks.go_on(901)
    [before] = told(watch, clocks, REGULAR_FROM + 1)
    again = SilenceWatch(clocks.steady_s, {FOLDER.folder_no: [heard - n for n in range(REGULAR_FROM, -1, -1)]})
    assert told(again, clocks, 0) == []
    clocks.go_on(901)
    [after] = told(again, clocks, 0)
    assert after.digest == before.digest


def test_an_absence_tells_what_was_found_of_it() -> None:
    absence = Absence("not_running", BASE_US, BASE_US + HOUR)
    absence.found([batch(3, line("a", BASE_US + 5), line("b", BASE_US + HOUR + 1)), batch(4, line("c", BASE_US - 5))])
    absence.found([batch(3, line("d", BASE_US + 6))])
    absence.lost()
    event = absence.event()
    facts = facts_of(event)
    assert (facts["events"], facts["files"], facts["files_gone"]) == (3, 2, 1)
    assert facts["reason"] == "not_running"
    assert (event.message or "" if event else "").startswith("nothing was captured from 2026-11-22T14:02:06Z to ")


def test_an_absence_in_which_nothing_happened_is_none() -> None:
    absence = Absence("not_running", BASE_US, BASE_US + HOUR)
    absence.found([batch(3, line("a", BASE_US + HOUR))])
    assert absence.event() is None
    assert absence.is_long
    assert not Absence("not_running", BASE_US, BASE_US + SECOND).is_long


def tracked(offset: int, size: int, seen: int = 0, *, document: bool = False) -> Tracked:
    state = SourceState(document=document).dump()
    found = checkpoint(offset, size=size, reader_state=state, generation=2)
    return Tracked(5, 7, b"/logs/a.jsonl", b"l" * 16, found, gone=True, seen_size=seen)


def scan(unread: UnreadBytes, *, holds: bool = True) -> list[NewEvent]:
    return list(unread.scanned(BASE_US, lambda _: holds))


def test_bytes_that_were_seen_and_never_read_are_told_after_a_whole_scan() -> None:
    unread = UnreadBytes()
    unread.lose(tracked(100, 130, seen=150))
    assert scan(unread) == []
    [event] = scan(unread)
    facts = facts_of(event)
    assert (facts["from_byte"], facts["to_byte"], facts["bytes"], facts["generation"]) == (100, 150, 50, 2)
    assert scan(unread) == []
    again = UnreadBytes()
    again.lose(tracked(100, 130, seen=150))
    scan(again)
    assert scan(again)[0].digest == event.digest


def test_what_went_on_elsewhere_or_was_read_has_lost_nothing() -> None:
    unread = UnreadBytes()
    taken_over = tracked(100, 130)
    unread.lose(taken_over)
    unread.lose(tracked(130, 130))
    unread.lose(tracked(100, 130, document=True))
    unread.lose(Tracked(6, 7, b"/logs/b.jsonl", b"m" * 16, gone=True))
    scan(unread)
    taken_over.gone = False
    assert scan(unread) == []
    unread.lose(tracked(100, 130))
    scan(unread)
    assert scan(unread, holds=False) == []


def test_changes_that_nobody_reported_are_added_up() -> None:
    missed = MissedChanges()
    assert missed.scanned(0, BASE_US) is None
    assert facts_of(missed.scanned(25_904, BASE_US))["changes"] == 25_904
    assert missed.scanned(3, BASE_US + MINUTE) is None
    assert missed.scanned(0, BASE_US + 2 * MINUTE) is None
    assert facts_of(missed.scanned(4, BASE_US + 10 * MINUTE))["changes"] == 7
    assert missed.scanned(0, BASE_US + HOUR) is None
    assert facts_of(missed.scanned(1, BASE_US - HOUR))["changes"] == 1  # the clock was set back


def test_a_folder_is_told_when_it_goes_and_when_it_is_back() -> None:
    reach = OutOfReach({})
    assert list(reach.folders([FOLDER], {7: ("ok", None)}, BASE_US)) == []
    [gone] = reach.folders([FOLDER], {7: ("missing", "the folder is missing")}, BASE_US)
    assert facts_of(gone)["reason"] == "source_missing"
    assert list(reach.folders([FOLDER], {7: ("missing", "the folder is missing")}, BASE_US + SECOND)) == []
    assert list(OutOfReach({7: "missing"}).folders([FOLDER], {7: ("missing", "")}, BASE_US + HOUR)) == []
    [back] = reach.folders([FOLDER], {7: ("ok", None)}, BASE_US + SECOND)
    assert back.event_type == "system.source_resumed"


def test_files_that_cannot_be_read_are_told_once_for_each_change_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}")
    named = os.fsencode(path)
    [first] = OutOfReach({}).files({named: "permission denied"}, BASE_US)
    reach = OutOfReach({})
    [after_a_restart] = reach.files({named: "permission denied"}, BASE_US + HOUR)
    assert first.digest == after_a_restart.digest
    assert list(reach.files({named: "permission denied"}, BASE_US)) == []
    assert list(reach.files({}, BASE_US)) == []
    changed_ns = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == changed_ns:  # the system's clock for files is coarse
        path.chmod(0o600)
    [again] = reach.files({named: "permission denied"}, BASE_US)
    assert again.digest != first.digest
    [many] = OutOfReach({}).files({b"/x/%d" % n: "permission denied" for n in range(500)}, BASE_US)
    assert facts_of(many)["files"] == 500


def test_a_time_far_ahead_is_told_once_a_day_for_a_folder() -> None:
    clocks = Clocks()
    ahead = TimesAhead(lambda: clocks.wall_us)
    assert ahead.taken([batch(3, line("a", BASE_US + 4 * MINUTE))], 8) is None
    early = ahead.taken([batch(3, line("a", BASE_US + 6 * MINUTE))], 8)
    assert facts_of(early)["seconds_ahead"] == 360
    assert ahead.taken([batch(3, line("a", BASE_US + 6 * MINUTE))], 8) is None
    assert ahead.taken([batch(3, line("a", 2**62))], 9) is not None
    clocks.go_on(24 * 3_600)
    assert ahead.taken([batch(3, line("a", clocks.wall_us + 6 * MINUTE))], 8) is not None
