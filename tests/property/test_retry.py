"""Whatever happens to a file with bad records, and whenever they are retried: nothing is stored a second time.

The same history is played twice, into two stores: once without any retry and once with retries in between. What the
second store has more is at most the bad records, each as often as it stood in the file.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import IngestSettings
from ingest.retry_service import retry_records
from tests.ingest_place import Place, line
from tests.property.examples import examples

FILLER = b"".join(line(f"filler {number:02}") for number in range(12))
"""Keeps the bad records away from both ends of a line file, so that mending one in place can go unnoticed."""
BAD = b'{"event_typo":"agent.message","timestamp":"2026-01-27T10:30:00Z","message":"bad"}\n'
MENDED = BAD.replace(b"typo", b"type")
CUT = b'{"event_type":"agent.message","timestamp":"2026-01-27T10:30:00Z","message":"b\n'
BAD_MESSAGES = frozenset({"bad", "b"})

RECORDS = st.lists(st.sampled_from([BAD, BAD, CUT, line("good"), line("other")]), min_size=1, max_size=5)
STEPS = st.lists(
    st.sampled_from(["mend", "rewrite", "replace", "append", "delete", "restore", "touch", "ingest", "retry"]),
    min_size=1,
    max_size=6,
)


class History:
    """One file and one store."""

    def __init__(self, root: Path, name: str, records: list[bytes]) -> None:
        """Write the file and ingest it."""
        self.place = Place(root)
        self.name = name
        self.path = self.place.folder / name
        self.document = name.endswith(".json")
        self.records = records
        self.place.write(name, self.content(records))
        self.place.ingest()

    def content(self, records: list[bytes]) -> bytes:
        """Return the file's bytes."""
        if self.document:
            elements = [record for record in records if record != CUT]
            return b"[" + b",".join(record.rstrip() for record in elements) + b"]"
        return FILLER + b"".join(records) + FILLER.replace(b"filler", b"behind")

    def do(self, step: str, *, may_retry: bool) -> None:
        """Let one thing happen."""
        mended = [MENDED if record == BAD else record for record in self.records]
        if step == "mend" and self.path.exists():
            with self.path.open("r+b") as file:
                data = file.read()
                file.seek(max(data.find(BAD.rstrip()), 0))
                file.write(MENDED.rstrip() if BAD.rstrip() in data else data[:1])
        elif step in ("rewrite", "replace"):
            (self.place.write if step == "rewrite" else self.place.replace)(self.name, self.content(mended))
        elif step == "append" and self.path.exists() and not self.document:
            self.place.append(self.name, line("appended"))
        elif step == "delete":
            self.path.unlink(missing_ok=True)
        elif step == "restore":
            self.place.write(self.name, self.content(self.records))
        elif step == "touch" and self.path.exists():
            self.path.touch()
        elif step == "ingest":
            self.place.ingest()
        elif step == "retry" and may_retry:
            self.retry()

    def retry(self) -> None:
        """Have everything in quarantine read again."""
        numbers = [row[0] for row in self.place.rows("SELECT id FROM quarantine ORDER BY id")]
        retry_records(self.place.store, numbers, IngestSettings())

    def stored(self) -> Counter[str]:
        """Return how often each message is stored."""
        return Counter(self.place.messages())


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(["a.jsonl", "a.json"]), records=RECORDS, steps=STEPS)
def test_a_retry_never_repeats_an_event_that_is_stored(name: str, records: list[bytes], steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = History(Path(folder, "plain"), name, records)
        retried = History(Path(folder, "retried"), name, records)
        for step in (*steps, "ingest"):
            for history in (plain, retried):
                history.do(step, may_retry=history is retried)
                if step == "retry":
                    history.place.ingest()  # a retry may have read what is new in the ordinary way
        retried.retry()
        once = retried.stored()
        more = once - plain.stored()
        assert set(more) <= BAD_MESSAGES
        assert more["bad"] <= records.count(BAD)
        assert plain.stored() - once == Counter()
        retried.retry()
        retried.place.ingest()
        assert retried.stored() == once
        assert all(orjson.loads(row[0] or "{}").get("ts_inferred") is None for row in _metadata(retried))


def _metadata(history: History) -> list[tuple[str | None]]:
    return history.place.rows("SELECT metadata FROM event")
