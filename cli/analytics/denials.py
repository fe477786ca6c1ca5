"""`denials`: which agent was allowed and denied which tool how often, and what decided so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.asking import everything
from cli.analytics.growth import growth
from cli.analytics.named import cut_rows
from cli.analytics.ordering import Cut, Order
from cli.analytics.report import Column, Kind, Report, Row, Table
from store.analytics.model import Dimension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cli.analytics.asking import Asking, Sum

_FIELDS: Final = ("agent", "tool", "allowed", "denied", "denied_before", "rule", "rule_denials")
_PAIRS: Final = (
    Column("agent", Kind.TEXT, "agent_label"),
    Column("tool", Kind.TEXT, "tool_label"),
    Column("denied", Kind.DENIALS, "denied"),
    Column("change", Kind.CHANGE, "change", 3),
    Column("allowed", Kind.COUNT, "allowed", 1),
    Column("bar", Kind.BAR, "denied", 4),
    Column("rule", Kind.TEXT, "rule", 2),
)


def denial_report(asking: Asking, cut: Cut) -> Report:
    """Return every pair of agent and tool that was denied, as rows and as a matrix, with the rule seen most often.

    `allowed` are settled calls that were not denied. A denial that names no tool (a permission check) has its row, too.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    found = asking.sums((Dimension.AGENT, Dimension.TOOL), durations=False)
    rules = _rules(asking)
    rows = [
        _row(agent, tool, one, rules.get((agent, tool), (None, 0)))
        for (agent, tool), one in _pairs(found)
        if one.now.denials or (one.before is not None and one.before.denials)
    ]
    rows.sort(key=lambda row: (row["agent_label"], row["tool_label"]))
    table = Table("rows", "Denied", _PAIRS, _FIELDS, empty="nothing was denied in this window")
    shown, more = cut_rows(rows, cut, Order("denied"), table)
    pairs = Table("rows", "Who was denied what", _PAIRS, _FIELDS, tuple(shown), None, more, table.empty)
    matrix = _matrix(found, rows)
    tables = (pairs,) if matrix is None else (pairs, matrix)
    whole = everything(found, compared=asking.compared)
    return Report("Denials", asking.window, whole, tables, compared=asking.compared)


def _pairs(found: Mapping[tuple[str | None, ...], Sum]) -> Iterable[tuple[tuple[str | None, str | None], Sum]]:
    return (((names[0], names[1]), one) for names, one in found.items())


def _rules(asking: Asking) -> dict[tuple[str | None, str | None], tuple[str | None, int]]:
    """Return the rule that decided most of the denials of an agent's use of a tool, and how many."""
    window = asking.window
    best: dict[tuple[str | None, str | None], tuple[str | None, int]] = {}
    for one in asking.questions.denial_rules(asking.what, window.start_us, window.end_us):
        known = best.get((one.agent, one.tool))
        if one.rule is not None and (known is None or one.denials > known[1]):
            best[one.agent, one.tool] = (one.rule, one.denials)
    return best


def _row(agent: str | None, tool: str | None, found: Sum, rule: tuple[str | None, int]) -> Row:
    before = None if found.before is None else found.before.denials
    now = found.now.denials
    row: dict[str, Any] = {
        "agent": agent,
        "tool": tool,
        "allowed": found.now.outcomes - found.now.refusals,
        "denied": now,
        "denied_before": before,
        "rule": rule[0],
        "rule_denials": rule[1] if rule[0] is not None else None,
        "agent_label": _name(agent, "agent"),
        "tool_label": _name(tool, "tool"),
    }
    return row | {"change": growth(row, "denied")}


def _matrix(found: Mapping[tuple[str | None, ...], Sum], rows: Sequence[Row]) -> Table | None:
    """Return tools against agents, `denied of asked` in each place; None where that says no more than the rows."""
    agents = _most_denied(rows, "agent_label")
    tools = _most_denied(rows, "tool_label")
    if len(tools) < 2 or len(agents) < 2:  # noqa: PLR2004 (a line is no matrix)
        return None
    cells: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for (agent, tool), one in _pairs(found):
        yes, no = one.now.outcomes - one.now.refusals, one.now.denials
        cells[_name(tool, "tool")][_name(agent, "agent")] = (no, yes) if no or yes else None
    columns = (
        Column("tool", Kind.TEXT, "tool_label"),
        *(Column(agent, Kind.OF, agent, rank) for rank, agent in enumerate(agents, 1)),
    )
    lines = tuple({**cells[tool], "tool_label": tool} for tool in tools)
    return Table("matrix", "Denied of asked, tools against agents", columns, (), lines)


def _most_denied(rows: Sequence[Row], field: str) -> list[str]:
    """Return the names with denials, those with most of them first."""
    denied: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        denied[row[field]] += row["denied"]
    return sorted((one for one in denied if denied[one]), key=lambda one: (-denied[one], one))


def _name(value: str | None, kind: str) -> str:
    return value if value is not None else f"(no {kind})"
