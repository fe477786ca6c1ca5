"""Broken compressed files: some hundred each time, ten thousand with `make test-slow`."""

from __future__ import annotations

import pytest

from tests.fuzz.packed import broken_packed, due_of_packed
from tests.fuzz.trial import faults_of, how_many


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_what_can_be_unpacked_of_a_line_file_is_stored(suffix: str) -> None:
    files = (broken_packed(f"{number}.jsonl{suffix}", suffix, lines=True) for number in range(how_many(200)))
    assert faults_of(files, lambda file: due_of_packed(file, suffix, lines=True)) == []


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_compressed_document_gives_its_records_or_a_reason(suffix: str) -> None:
    files = (broken_packed(f"{number}.json{suffix}", suffix, lines=False) for number in range(how_many(100)))
    assert faults_of(files, lambda file: due_of_packed(file, suffix, lines=False)) == []
