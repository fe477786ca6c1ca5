"""Hashes are counted as a counter would count them, however many share their beginning."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tallies import KEY_SIZE, HashTally, KnownRecords, place_of

_KEYS = st.lists(st.sampled_from([bytes([0, 0, a, 0, b, 0, 0, c]) for a in (0, 1) for b in (0, 1) for c in (0, 1)]))


@given(_KEYS, _KEYS)
def test_hashes_are_counted_each_by_itself(added: list[bytes], taken: list[bytes]) -> None:
    tally, counter = HashTally(KEY_SIZE), Counter[bytes]()
    for key in added:
        assert tally.add(key) == counter[key]
        counter[key] += 1
    for key in taken:
        assert (key in tally) == tally.take(key) == (counter[key] > 0)
        counter[key] -= counter[key] > 0
    assert tally.total == counter.total()


@given(_KEYS, _KEYS)
def test_known_records_are_met_as_often_as_they_are_known(known: list[bytes], met: list[bytes]) -> None:
    records, left = KnownRecords(b"".join(known)), Counter(known)
    for key in met:
        assert bool(records) == (left.total() > 0)
        assert records.meets(key) == (left[key] > 0)
        left[key] -= left[key] > 0
    kept = records.in_order(1_000)
    assert Counter(kept[at : at + KEY_SIZE] for at in range(0, len(kept), KEY_SIZE)) == Counter(known)
    missed = left.total()
    assert len(records.in_order(0)) == (len(known) - missed) * KEY_SIZE


@given(_KEYS, st.integers(0, 9))
def test_a_key_is_found_where_it_stands(keys: list[bytes], number: int) -> None:
    key = keys[number % len(keys)] if keys else bytes(KEY_SIZE)
    expected = keys.index(key) * KEY_SIZE if key in keys else -1
    assert place_of(b"".join(keys), key) == expected


@pytest.mark.slow
def test_many_hashes_take_little_memory() -> None:
    tally = HashTally(10)
    tracemalloc.start()
    try:
        for number in range(200_000):
            tally.add(blake2b(number.to_bytes(4, "big"), digest_size=10).digest())
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 14 << 20  # a dictionary takes 18 MiB
