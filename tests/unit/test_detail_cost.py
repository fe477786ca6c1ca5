"""The detail of an event says what it cost and who says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.pricing.pricer import CostStatus
from tests.pilot.fake_service import detail_of
from tests.pilot.made_up_events import one_of_each
from tui.glyphs import ASCII
from tui.widgets.detail_lines import LABEL, Reading, Related, field_lines

LISTED = {"cost_microusd": None, "price_version": "own prices 1f2e3d4c"}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"cost_microusd": 12_300, "cost_status": CostStatus.REPORTED}, "$0.0123  as reported"),
        (
            {**LISTED, "computed_microusd": 12_300, "cost_status": CostStatus.PRICED},
            "≈ $0.0123  own prices 1f2e3d4c",
        ),
        ({**LISTED, "cost_status": CostStatus.UNKNOWN}, "not known  no list of prices has this model"),
        ({"cost_microusd": None}, "·"),
    ],
)
def test_a_cost_names_its_source(fields: dict[str, Any], shown: str) -> None:
    assert cost_line(fields, Reading()) == shown


def test_ascii_has_a_sign_of_its_own() -> None:
    fields = {**LISTED, "computed_microusd": 12_300, "cost_status": CostStatus.PRICED}
    assert cost_line(fields, Reading(glyphs=ASCII)).startswith("~ $0.0123")


def cost_line(fields: dict[str, Any], reading: Reading) -> str:
    """Return what stands beside `cost`."""
    detail = replace(detail_of(one_of_each()[0]), **fields)
    lines = ["".join(text for text, _ in line.spans) for line in field_lines(detail, Related(), reading, 80)]
    (found,) = [line[LABEL:] for line in lines if line.startswith("cost ")]
    return found
