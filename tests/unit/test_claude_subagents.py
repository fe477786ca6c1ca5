"""Sub-agents keep their own name, and their first event points to the call that started them."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.unit.claude_transcripts import FIXTURES, by_id, metadata_of, objects_of, read_file, read_objects

if TYPE_CHECKING:
    from pathlib import Path

CHILD = "agent-7f3a9c1e"


def test_the_file_beside_it_names_the_call() -> None:
    known = by_id(read_file(FIXTURES / f"{CHILD}.jsonl"))
    first = known["s-01:message"]
    assert (first.agent_id, first.parent_id) == ("7f3a9c1e", "toolu_task")
    assert metadata_of(first) == {
        "isSidechain": True,
        "text": "Look for rounding in the invoices.",
        "agent_type": "Explore",
        "task": "Check invoices",
    }
    assert known["s-04:text:0"].parent_id == "s-03"
    assert known["s-04:text:0"].agent_id == "7f3a9c1e"


@pytest.mark.parametrize("name", [f"{CHILD}.jsonl", f"{CHILD}.jsonl.1", f"{CHILD}.jsonl.gz"])
def test_a_rotated_or_packed_transcript_finds_it_too(tmp_path: Path, name: str) -> None:
    shutil.copy(FIXTURES / f"{CHILD}.meta.json", tmp_path)
    records = objects_of(FIXTURES / f"{CHILD}.jsonl")
    assert read_objects(records, str(tmp_path / name))[0].parent_id == "toolu_task"


def _nothing(path: Path) -> None:
    del path


def _not_json(path: Path) -> None:
    path.write_text("{", "utf-8")


def _no_object(path: Path) -> None:
    path.write_text("[1]", "utf-8")


def _no_text(path: Path) -> None:
    path.write_text('{"agentType": 1, "toolUseId": {"a": 1}}', "utf-8")


def _huge(path: Path) -> None:
    path.write_text('{"toolUseId": "' + "x" * 70_000 + '"}', "utf-8")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to(FIXTURES / f"{CHILD}.meta.json")


@pytest.mark.parametrize("put", [_nothing, _not_json, _no_object, _no_text, _huge, _pipe, _link])
def test_anything_unusual_beside_it_is_as_nothing(tmp_path: Path, put: object) -> None:
    assert callable(put)
    put(tmp_path / f"{CHILD}.meta.json")
    events = read_objects(objects_of(FIXTURES / f"{CHILD}.jsonl"), str(tmp_path / f"{CHILD}.jsonl"))
    assert events[0].event_id == "s-01:message"
    assert events[0].parent_id is None


def test_in_old_files_the_prompt_tells_the_call() -> None:
    known = by_id(read_file(FIXTURES / "sidechain.jsonl"))
    assert known["o-3:message"].parent_id == "toolu_o1"
    assert known["o-1:message"].parent_id is None


def test_a_side_chain_has_prompts_of_its_own() -> None:
    known = by_id(read_file(FIXTURES / "sidechain.jsonl"))
    assert known["o-4:text:0"].trace_id == "o-3"
    assert known["o-6:text:0"].trace_id == "o-1"
