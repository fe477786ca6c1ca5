"""Broken files of every kind, some hundred each time and ten thousand with `make test-slow`."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from tests.fuzz.specimen import (
    Due,
    Specimen,
    broken_document,
    broken_lines,
    due_of_document,
    due_of_lines,
    due_of_stream,
)
from tests.fuzz.transcripts import broken_transcript, due_of_transcript
from tests.fuzz.trial import as_streams, faults_of, how_many


def lines(suffix: str, each_time: int = 300) -> Iterator[Specimen]:
    """Yield as many files of lines as are asked for, each broken in a way of its own."""
    for number in range(how_many(each_time)):
        name = f"{number}{suffix}"
        yield Specimen(name, *broken_lines(Random(name), name))


def documents(shape: str, each_time: int = 200, suffix: str = ".json") -> Iterator[Specimen]:
    """Yield as many documents of this shape as are asked for, each broken in a way of its own."""
    for number in range(how_many(each_time)):
        name = f"{number}-{shape}{suffix}"
        yield Specimen(name, *broken_document(Random(name), name, shape))


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson.1"])
def test_a_line_that_is_whole_is_stored_whatever_stands_around_it(suffix: str) -> None:
    assert faults_of(lines(suffix), due_of_lines) == []


@pytest.mark.parametrize("shape", ["object", "array", "wrapper"])
def test_a_document_gives_its_records_or_a_reason(shape: str) -> None:
    assert faults_of(documents(shape), due_of_document) == []


def test_lines_under_the_name_of_a_document_give_events_or_a_reason() -> None:
    assert faults_of(lines(".json"), lambda file: Due.something(file.data)) == []


def test_a_document_under_the_name_of_lines_gives_events_or_a_reason() -> None:
    assert faults_of(documents("array", suffix=".jsonl"), due_of_lines) == []


def test_lines_on_standard_input_are_stored_whatever_stands_around_them() -> None:
    assert faults_of(lines("-stream", 100), due_of_stream, as_streams) == []


@pytest.mark.parametrize("shape", ["array", "wrapper"])
def test_a_document_on_standard_input_gives_its_records_or_a_reason(shape: str) -> None:
    assert faults_of(documents(shape, 50, "-stream"), due_of_stream, as_streams) == []


def test_a_message_of_a_transcript_is_stored_whatever_stands_around_it() -> None:
    files = (broken_transcript(f"{number}.jsonl") for number in range(how_many(100)))
    assert faults_of(files, due_of_transcript) == []
