"""Real transcripts: what the store sums up is what the raw lines say, in tokens and in dollars."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from genai_prices import Usage, calc_price

from config.settings import IngestSettings
from ingest.service import ingest_once
from store.store import Store
from tests.unit.claude_transcripts import objects_of

KINDS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
COLUMNS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
PLACE = "session_id, (SELECT text FROM name WHERE id = model_no)"
Place = tuple[str, str]
"""Session and model."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the last line about a message says that it took."""

    session: str
    model: str
    at: datetime
    tokens: tuple[int, ...]

    @property
    def microusd(self) -> int:
        """Its price by the package itself, in whole micro-USD."""
        given, made, read, written = self.tokens
        usage = Usage(
            input_tokens=given + read + written, output_tokens=made, cache_read_tokens=read, cache_write_tokens=written
        )
        return round(calc_price(usage, self.model, genai_request_timestamp=self.at).total_price * 1_000_000)


@pytest.fixture(scope="module")
def messages(corpora: Path) -> list[Message]:
    """Return the messages of all transcripts, read without a reader of ours."""
    found: dict[str, Message] = {}
    for path in sorted((corpora / "claude-code").glob("*.jsonl")):
        for record in objects_of(path):
            stated: dict[str, Any] = record.get("message") or {}
            if record.get("type") != "assistant" or not stated.get("usage"):
                continue
            tokens = tuple(stated["usage"].get(kind) or 0 for kind in KINDS)
            at = datetime.fromisoformat(record["timestamp"])
            found[stated["id"]] = Message(record["sessionId"], stated["model"], at, tokens)
    assert len(found) > 100
    return [one for one in found.values() if any(one.tokens)]


@pytest.fixture(scope="module")
def store(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that has read the transcripts."""
    path = tmp_path_factory.mktemp("costs") / "s.db"
    ingest_once(path, [bytes(corpora / "claude-code")], IngestSettings())
    return path


def sums_of(store: Path, columns: str) -> dict[Place, tuple[int, ...]]:
    """Return sums for each session and model that took tokens."""
    with Store.open(store, create=False) as opened:
        rows = opened.connection.execute(
            f"SELECT {PLACE}, {columns} FROM event LEFT JOIN price ON price.id = event.id"
            " WHERE coalesce(input_tokens, 0) + coalesce(output_tokens, 0) + coalesce(cache_read_tokens, 0)"
            " + coalesce(cache_write_tokens, 0) > 0 GROUP BY 1, 2"
        ).fetchall()
    return {(session, model): tuple(numbers) for session, model, *numbers in rows}


def test_tokens_of_each_session_and_model_are_those_of_the_lines(store: Path, messages: list[Message]) -> None:
    expected: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in messages:
        for place, number in enumerate(one.tokens):
            expected[one.session, one.model][place] += number
    columns = ", ".join(f"sum(coalesce({kind}, 0))" for kind in COLUMNS)
    assert sums_of(store, columns) == {place: tuple(numbers) for place, numbers in expected.items()}


def test_costs_are_those_of_the_package_for_each_message(store: Path, messages: list[Message]) -> None:
    expected: dict[Place, int] = defaultdict(int)
    counts: dict[Place, int] = defaultdict(int)
    for one in messages:
        expected[one.session, one.model] += one.microusd
        counts[one.session, one.model] += 1
    found = sums_of(store, "sum(microusd), sum(price.status != 2)")
    assert found.keys() == expected.keys()
    assert sum(expected.values()) > 1_000_000
    for place, (microusd, unknown) in found.items():
        assert abs(microusd - expected[place]) <= counts[place]
        assert unknown == 0
