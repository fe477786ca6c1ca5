"""Wherever a file is split, and whatever restarts between its parts, the same events come of it."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest_place import Place, line
from tests.property.examples import examples

RECORDS = st.one_of(
    st.sampled_from([line("same"), line("same"), line("other"), line("id", event_id="e-1")]),
    st.text(max_size=20).map(line),
    st.text(max_size=5).map(lambda text: orjson.dumps({"event_type": "system.note", "message": text}) + b"\n"),
    st.sampled_from([b"\n", b"  \r\n", b"not json\n", b'{"no":"event"}\n', b'{"event_type":"a.b","x":"\xff"}\n']),
    st.text(max_size=5).map(lambda text: line(text).replace(b"\n", b"\r\n")),
)
FILES = st.lists(RECORDS, max_size=8).map(b"".join)


def outcome(place: Place) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """Return what was stored and what was quarantined, without the ids that are drawn anew for every file."""
    events = place.rows("SELECT message, byte_offset, producer_id, occurrence FROM event")
    return Counter(events), Counter(place.rows("SELECT reason, byte_offset, line, raw FROM quarantine"))


@given(data=FILES, cuts=st.lists(st.floats(0, 1), max_size=4), final_newline=st.booleans())
@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.too_slow])
def test_a_line_file_in_parts_gives_what_it_gives_whole(data: bytes, cuts: list[float], final_newline: bool) -> None:
    data = data if final_newline else data.rstrip(b"\r\n")
    places = sorted({round(cut * len(data)) for cut in cuts} | {0, len(data)})
    with tempfile.TemporaryDirectory() as root:
        whole, parts = Place(Path(root, "whole")), Place(Path(root, "parts"))
        whole.write("a.jsonl", data)
        whole.ingest()
        for start, end in zip(places, places[1:] or places, strict=False):
            parts.append("a.jsonl", data[start:end])
            parts.ingest()
        parts.ingest()
        assert outcome(parts) == outcome(whole)
        assert whole.ingest().events == 0


@given(
    texts=st.lists(st.sampled_from(["same", "other", "ü"]), min_size=1, max_size=5),
    wrapped=st.sampled_from(["array", "events", "lines"]),
    cut=st.floats(0, 1),
)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow])
def test_a_json_file_in_two_parts_gives_each_record_once(texts: list[str], wrapped: str, cut: float) -> None:
    records = [orjson.loads(line(text)) for text in texts]
    data = {
        "array": orjson.dumps(records, option=orjson.OPT_INDENT_2),
        "events": orjson.dumps({"events": records}),
        "lines": b"".join(map(line, texts)),
    }[wrapped]
    with tempfile.TemporaryDirectory() as root:
        place = Place(Path(root))
        at = round(cut * len(data))
        place.write("a.json", data[:at])
        place.ingest()
        place.append("a.json", data[at:])
        place.ingest()
        assert place.messages() == sorted(texts)
