"""Shares with thin bars: what each model cost, what each user was served, and tokens of the four kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from store.analytics.model import Dimension
from tui import format as fmt
from tui.agent_behind import Names, Unfold, behind
from tui.agent_facts import AgentFacts, Part, number
from tui.widgets.line import pad
from tui.widgets.panel_row import Look, Piece, Row, figure, heading, remark
from tui.widgets.panel_words import PLURAL, money, part_name, split
from tui.widgets.thin_bar import thin_bar

SHOWN: Final = 4
"""Rows to begin with."""
MOST: Final = 100
"""Rows when unfolded."""
_MONEY: Final = 12
_COUNT: Final = 9
_BAR: Final = 10
_TITLES: Final = {
    ("agent", "user"): "On behalf of",
    ("tenant", "user"): "Users",
    ("server", "agent"): "Agents",
}


def costs(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading with the whole cost, and the share of each model (or agent, or tool)."""
    total = facts.total
    name = facts.costs.by[0] if facts.costs.by else facts.dimension
    words = money(total.cost_microusd, total.unpriced, look.glyphs)
    target = behind(facts, ("costs",), "cost", None) if total.cost_microusd or total.unpriced else None
    rows = [heading(f"Cost by {name.value}", Piece(words, "" if target else "faint", target))]
    found = [one for one in facts.costs.parts if one.figures.cost_microusd or one.figures.unpriced]
    found.sort(key=lambda one: -one.figures.cost_microusd)
    if not found:
        return [*rows, remark("no cost in this window")]
    most = found[0].figures.cost_microusd
    most_rows = _most("costs", look)
    for one in found[:most_rows]:
        figures, key = one.figures, ("costs", *("" if name is None else f"={name}" for name in one.names))
        cost = money(figures.cost_microusd, figures.unpriced, look.glyphs)
        priced = behind(facts, key, "cost", None, names=_names(facts.costs.by, one))
        bar = thin_bar(figures.cost_microusd, most, _BAR, look.glyphs)
        piece = figure(cost, _MONEY, priced, role="" if figures.cost_microusd else "muted")
        rows.append(_share(part_name(one, name.value)[0], bar, piece, width))
    return [*rows, *_rest("costs", len(found) - most_rows)]


def partners(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading, and how much was done for (or by) each."""
    name = facts.partners.by[0] if facts.partners.by else facts.dimension
    title = _TITLES.get((facts.dimension.value, name.value), f"By {name.value}")
    rows = [heading(title, Piece(facts.measure, "muted"))]
    found = [one for one in facts.partners.parts if number(one.figures, facts.measure)]
    if not found:
        return [*rows, remark(f"no {PLURAL[name]} in this window")]
    most = number(found[0].figures, facts.measure)
    most_rows = _most("partners", look)
    for one in found[:most_rows]:
        count, key = (
            number(one.figures, facts.measure),
            ("partners", *("" if n is None else f"={n}" for n in one.names)),
        )
        target = behind(facts, key, facts.measure, count, names=_names(facts.partners.by, one))
        bar = thin_bar(count, most, _BAR, look.glyphs)
        piece = figure(fmt.count(count), _COUNT, target)
        rows.append(_share(part_name(one, name.value)[0], bar, piece, width))
    return [*rows, *_rest("partners", len(found) - most_rows)]


def _most(pane: str, look: Look) -> int:
    return MOST if ("more", pane) in look.unfolded else SHOWN


def _rest(pane: str, more: int) -> Iterator[Row]:
    """Yield how many rows are left out, as something that shows them."""
    if more > 0:
        yield Row((Piece(f"and {more:,} more", "muted", Unfold(("more", pane))),))


def _share(name: Piece, bar: str, piece: Piece, width: int) -> Row:
    """Return a name, a bar that says how much of the largest it is, and the number."""
    room = width - _BAR - len(piece.text) - 3
    return Row((Piece(pad(name.text, max(room, 1)), name.role), Piece(f"  {pad(bar, _BAR)}", "bar")), (piece,))


def _names(by: Sequence[Dimension], part: Part) -> Names:
    return dict(zip(by, part.names, strict=True))


def tokens(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading with all tokens, and the four kinds."""
    del width
    total = facts.total
    found = behind(facts, ("tokens",), "tokens", None) if total.tokens else None
    words = fmt.short_count(total.tokens) if total.tokens else look.glyphs.none
    rows = [heading("Tokens", Piece(words, "" if found else "faint", found))]
    kinds = (
        ("uncached input", total.input_tokens),
        ("cache read", total.cache_read_tokens),
        ("cache write", total.cache_write_tokens),
        ("output", total.output_tokens),
    )
    for kind, amount in kinds:
        digits, unit = split(amount) if amount else (look.glyphs.none, "")
        target = behind(facts, ("tokens", kind), "tokens", None) if amount else None
        rows.append(
            Row(
                (Piece(kind, "muted"),),
                (figure(digits, _COUNT, target, role="" if amount else "faint"), Piece(unit.rjust(2), "muted")),
            )
        )
    return rows
