"""Files that grow, are rotated, packed, copied, truncated, deleted and restored at random: each record comes once."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.examples import examples
from tests.property.file_machine import Files


def test_whatever_happens_to_files_each_record_is_stored_once() -> None:
    run_state_machine_as_test(
        Files,
        settings=settings(
            max_examples=examples(20),
            stateful_step_count=12,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
