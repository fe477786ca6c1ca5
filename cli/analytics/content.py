"""`content stats`: what was read, created, changed and deleted, by what kind, whose and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.asking import Names, Sum, everything
from cli.analytics.named import cut_rows, fields_of, rows_of, total_row, with_activity
from cli.analytics.report import Column, Kind, Report, Row, Table
from store.analytics.model import Dimension
from store.filters.model import Filter

if TYPE_CHECKING:
    from cli.analytics.asking import Asking
    from cli.analytics.ordering import Cut

_FAMILIES: Final = Filter.parsed("type:content.*,file.*")
_VERBS: Final = ("read", "create", "write", "update", "edit", "publish", "delete")
_COLUMNS: Final = (
    Column("type", Kind.TEXT, "label"),
    Column("events", Kind.COUNT, "events"),
    Column("change", Kind.CHANGE, "change", 3),
    Column("activity", Kind.SPARK, "activity", 5),
    Column("errors", Kind.COUNT, "errors", 1),
    Column("denied", Kind.DENIALS, "denials", 2),
)


def content_report(asking: Asking, cut: Cut, *, drawn: bool) -> Report:
    """Return what happened to content (`content.*`) and files (`file.*`): by type, by agent and by tenant.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    asking.what = asking.narrowed(_FAMILIES)
    by = (Dimension.TYPE,)
    apart = asking.sums((Dimension.TYPE, Dimension.AGENT, Dimension.TENANT), durations=False)
    found = _together(apart, 0)
    rows = rows_of(found, by, "events")
    table = Table("rows", "By type", _COLUMNS, fields_of(by), empty="no content was touched in this window")
    shown, more = cut_rows(rows, cut, None, table)
    total = total_row(found.values(), len(rows), "events")
    table = replace(table, rows=tuple(shown), total=total if len(rows) > 1 else None, more=more)
    if drawn:
        table = with_activity(table, asking, by, "events")
    others = (_verbs(apart, 1, Dimension.AGENT), _verbs(apart, 2, Dimension.TENANT)) if rows else ()
    whole = everything(found, compared=asking.compared)
    return Report("Content and files", asking.window, whole, (table, *others), compared=asking.compared)


def _together(apart: Mapping[Names, Sum], place: int) -> dict[Names, Sum]:
    """Return the sums by only one of their names."""
    found: dict[Names, Sum] = {}
    for names, one in apart.items():
        name = (names[place],)
        found[name] = found[name] + one if name in found else one
    return found


def _verbs(apart: Mapping[Names, Sum], place: int, by: Dimension) -> Table:
    """Return who did how often what, whatever it was done to."""
    counted: defaultdict[str | None, dict[str, int]] = defaultdict(dict)
    for names, one in apart.items():
        verb, name = (names[0] or "").rpartition(".")[2], names[place]
        if one.now.events:
            counted[name][verb] = counted[name].get(verb, 0) + one.now.events
    verbs = sorted({verb for row in counted.values() for verb in row}, key=_place_of)
    rows = [_row(by, name, counts, verbs) for name, counts in counted.items()]
    rows.sort(key=lambda row: (-row["events"], row["label"]))
    columns = (
        Column(by.value, Kind.TEXT, "label"),
        Column("events", Kind.COUNT, "events"),
        *(Column(verb, Kind.COUNT, verb, rank) for rank, verb in enumerate(verbs, 1)),
    )
    return Table(f"by_{by}", f"By {by}", columns, (by.value, "events", *verbs), tuple(rows))


def _place_of(verb: str) -> tuple[int, str]:
    return (_VERBS.index(verb) if verb in _VERBS else len(_VERBS), verb)


def _row(by: Dimension, name: str | None, counts: Mapping[str, int], verbs: Iterable[str]) -> Row:
    row: dict[str, Any] = {
        by.value: name,
        "label": name if name is not None else f"(no {by})",
        "nameless": name is None,
    }
    return {**{verb: counts.get(verb, 0) for verb in verbs}, **row, "events": sum(counts.values())}
