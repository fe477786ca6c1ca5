"""The lines of the lists of alerts, from values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from store.alerts.states import AlertState
from store.safe_text import safe_text
from tui.alert_words import LEVEL_ROLE, SHORT_LEVEL
from tui.alerts_cells import STATE_ROLES, count_words, until_words, when_words, who_where
from tui.alerts_columns import BEFORE_COUNT, COUNT, GAP, LATE, LEVEL, SIGN, AlertsColumns
from tui.alerts_rows import Fold, Listed
from tui.format import count
from tui.widgets.line import Line, Span, pad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.alerts.model import AlertRow
    from tui.glyphs import Glyphs

_BETWEEN: Span = (" " * GAP, "")
_INSIDE = "  "


@dataclass(frozen=True, slots=True)
class AlertsLook:
    """What a line of alerts is drawn with; `now_us`: times of its day are written without it, UTC microseconds."""

    glyphs: Glyphs
    columns: AlertsColumns
    now_us: int = 0
    utc: bool = False


def heading_line(columns: AlertsColumns) -> Line:
    """Return the columns' titles."""
    titles = [("sev", LEVEL), ("what happened", columns.title), ("agent", columns.agent), ("who, where", columns.who)]
    left = (" " * GAP).join(pad(title, width) for title, width in titles if width)
    count_title = " " * BEFORE_COUNT + "count".rjust(COUNT)
    text = f"{' ' * SIGN}{left}{count_title}{' ' * LATE}last"
    return Line(((text, "muted"),), skip=True)


def alert_line(listed: Listed, look: AlertsLook) -> Line:
    """Return the line of an alert, or of a rule with many of them."""
    what = listed.what
    spans = _of_fold(what, look) if isinstance(what, Fold) else _of_row(what, look, inside=listed.inside)
    return Line(tuple(spans), target=listed)


def _of_row(row: AlertRow, look: AlertsLook, *, inside: bool) -> Iterator[Span]:
    muted = row.state is AlertState.MUTED
    title = f"{_INSIDE if inside else ''}{row.title}"
    yield from _signs(row, look, faint=muted)
    yield pad(title, look.columns.title), "strong" if row.state is AlertState.NEW else "muted" if muted else ""
    yield _BETWEEN
    agent = row.agent or ""
    if look.columns.agent:
        text, role = (agent, "faint" if muted else "") if agent else (look.glyphs.none, "faint")
        yield pad(text, look.columns.agent), role
        yield _BETWEEN
        agent = ""
    where = who_where(row, look.glyphs)
    if agent and where and not _fits(f"{agent} {look.glyphs.none} {where}", look) and _fits(where, look):
        agent = ""  # without a column of its own it gives way to what the rule is about
    who = [part for part in (agent, where) if part]
    if muted and row.until_us is not None:
        until = until_words(row.until_us, look.now_us, utc=look.utc)
        who = [*who, until] if look.columns.agent else [until, *who]  # of what is cut, the end matters most
    yield pad(f" {look.glyphs.none} ".join(who) or row.explanation, look.columns.who), "muted"
    yield from _numbers(row, look, faint=muted)


def _fits(text: str, look: AlertsLook) -> bool:
    return cell_len(safe_text(text)) <= look.columns.who


def _of_fold(fold: Fold, look: AlertsLook) -> Iterator[Span]:
    glyphs = look.glyphs
    yield from _signs(fold, look, faint=False)
    sign = glyphs.opened if fold.opened else glyphs.closed
    yield pad(f"{sign} {fold.title}", look.columns.title), "strong" if fold.fresh else ""
    yield _BETWEEN
    agents = fold.agents
    if look.columns.agent:
        text = agents[0] if len(agents) == 1 else f"{count(len(agents))} agents" if agents else glyphs.none
        yield pad(text, look.columns.agent), "" if agents else "faint"
        yield _BETWEEN
    least = "" if fold.number == len(fold.rows) else f"{glyphs.at_least} "
    fresh = f" {glyphs.none} {least}{count(fold.fresh)} new" if fold.fresh else ""
    yield pad(f"{count(fold.number)} alerts{fresh}", look.columns.who), "strong"
    yield from _numbers(fold, look, faint=False)


def _signs(what: AlertRow | Fold, look: AlertsLook, *, faint: bool) -> Iterator[Span]:
    yield look.glyphs.of_alert(what.state), STATE_ROLES.get(what.state, "muted")
    yield " ", ""
    word = SHORT_LEVEL[what.level]
    yield word, "faint" if faint else LEVEL_ROLE[what.level]
    yield " " * (LEVEL - len(word) + GAP), ""


def _numbers(what: AlertRow | Fold, look: AlertsLook, *, faint: bool) -> Iterator[Span]:
    number = count_words(what.count)
    yield " " * BEFORE_COUNT, ""
    yield look.glyphs.cross.rjust(COUNT - len(number)), "faint"
    yield number, "muted" if faint else ""
    yield f" {look.glyphs.late if what.historical else ' '} ", "muted"
    when = when_words(what.last_us, look.now_us, utc=look.utc, roomy=look.columns.roomy)
    yield pad(when, look.columns.when), "muted" if faint else ""
