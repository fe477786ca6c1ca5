"""Queries outlive the dashboard in which they were run, and a file that is no use stops nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cli.kept_queries import kept_queries
from tui.query_history import MOST

if TYPE_CHECKING:
    from tui.query_history import QueryHistory


def all_of(history: QueryHistory) -> list[str]:
    """Return the queries, oldest first."""
    return [history[index] for index in range(len(history))]


def file_of(folder: Path) -> Path:
    """Return the one file in a folder."""
    (file,) = folder.iterdir()
    return file


def test_what_was_run_is_there_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "auditail"
    first = kept_queries(folder)
    for text in ("status:denied", 'agent:"a\nb"', "status:denied", "user:\ud800"):
        first.add(text)
    assert all_of(kept_queries(folder)) == all_of(first) == ['agent:"a\nb"', "status:denied", "user:\ud800"]


def test_two_dashboards_keep_what_was_run_in_both(tmp_path: Path) -> None:
    one, other = kept_queries(tmp_path), kept_queries(tmp_path)
    one.add("a")
    other.add("b")
    one.add("c")
    assert all_of(kept_queries(tmp_path)) == ["a", "b", "c"]


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    kept_queries(folder).add("user:alice")
    assert file_of(folder).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    kept_queries(tmp_path).add("a")
    with file_of(tmp_path).open("ab") as file:
        file.write(b'{"not": "a query"}\n\xff\xfe\n"cut o')
    assert all_of(kept_queries(tmp_path)) == ["a"]


def test_a_file_that_has_grown_is_cut_down_to_the_newest(tmp_path: Path) -> None:
    kept_queries(tmp_path).add("first")
    file = file_of(tmp_path)
    file.write_bytes(b"".join(json.dumps(f"{n} {'x' * 5000}").encode() + b"\n" for n in range(MOST + 50)))
    history = kept_queries(tmp_path)
    assert len(history) == MOST
    assert len(file.read_bytes().splitlines()) == MOST
    assert file.stat().st_mode & 0o077 == 0
    assert all_of(kept_queries(tmp_path)) == all_of(history)


def test_a_place_that_cannot_be_written_keeps_the_session(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    history = kept_queries(blocked / "state")
    history.add("a")
    assert all_of(history) == ["a"]


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    kept_queries(tmp_path).add("a")
    file = file_of(tmp_path)
    file.unlink()
    target = tmp_path / "precious"
    target.write_text("")
    file.symlink_to(target)
    kept_queries(tmp_path).add("b")
    assert target.read_text() == ""
