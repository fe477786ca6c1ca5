"""How fast events get into the store, against the fixed floor and against sqlite-utils, taking turns in one run."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from tests.bench.figures import middle, print_table, ratios

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place

ORDER: Final = ("floor", "auditail", "sqlite-utils")


def turn(place: Place, name: str, source: Path) -> dict[str, float]:
    """Let one contender load the file into a fresh database; return its figures and leave nothing behind."""
    folder = place.folder / f"turn-{name}"
    folder.mkdir()
    try:
        return json.loads(
            place.answer(sys.executable, "-m", "tests.bench.contenders", name, source, folder / "store.db")
        )
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def bench(place: Place, source: Path, rounds: int) -> None:
    """Print rates, ratios, memory and size of all contenders."""
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in ORDER}
    for number in range(1, rounds + 1):
        for name in ORDER:
            print(f"ingest: round {number} of {rounds}, {name}", file=sys.stderr)
            turns[name].append(turn(place, name, source))
    rates = {name: [each["rows"] / each["seconds"] for each in done] for name, done in turns.items()}
    rows = [
        [
            name,
            f"{middle(rates[name]):,.0f}",
            f"{middle(ratios(rates[name], rates['floor'])):.2f}",
            f"{middle(ratios(rates[name], rates['sqlite-utils'])):.2f}",
            f"{max(each['peak_mib'] for each in done):,.0f}",
            f"{done[-1]['bytes'] / done[-1]['rows']:,.0f}",
        ]
        for name, done in turns.items()
    ]
    events = (
        f"{turns['floor'][0]['rows']:,.0f} events, {source.stat().st_size / turns['floor'][0]['rows']:,.0f} bytes each"
    )
    header = ["", "events/s", "of the floor", "of sqlite-utils", "peak MiB", "bytes/event"]
    print_table(f"Ingest ({events}; median of {rounds} rounds)", header, rows)
