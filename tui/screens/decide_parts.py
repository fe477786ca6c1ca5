"""What the decide dialog says in its rows, made from the form: pure, so that every state can be tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from store.alerts.states import Reach
from store.safe_text import safe_text
from tui import alert_until
from tui import format as fmt
from tui.alert_form import Form
from tui.alert_words import LEVEL_ROLE, SHORT_LEVEL, moment
from tui.widgets.decide_choices import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.glyphs import Glyphs
    from tui.widgets.line import Span

_AGENT: Final = 24
"""Cells of an agent's name among the choices."""
_PARTS: Final = 3
"""So many parts of an alert's key are named."""


def title(form: Form) -> str:
    """Return what is decided on."""
    if not form.about_many:
        return f"Decide on alert {form.row.id}"
    return f"Decide on {form.together:,} alerts of one rule" if form.reach is Reach.FILTER else "Decide on one rule"


def head(form: Form, glyphs: Glyphs) -> Sequence[Span]:
    """Return which alert it is: level, title, whose it is, how many events; of many the rule."""
    row = form.row
    if form.about_many:
        return (
            (SHORT_LEVEL[row.level], LEVEL_ROLE[row.level]),
            (" ", ""),
            (row.title, "strong"),
            (f"   rule {row.rule}", "muted"),
        )
    who = f" {glyphs.none} ".join(value for _, value in row.key[:_PARTS] if value is not None)
    about = f"   {who} {glyphs.none} " if who else "   "
    return (
        (SHORT_LEVEL[row.level], LEVEL_ROLE[row.level]),
        (" ", ""),
        (row.title, "strong"),
        (f"{about}{glyphs.cross}{row.count:,}", "muted"),
    )


def reason_head(form: Form, *, asked: bool) -> Sequence[Span]:
    """Return what stands above the reason; `asked`: it was missing when somebody wanted to decide."""
    if not form.stands:
        return (("Reason", "title"), ("   may be left out; it is kept in the audit log", "muted"))
    if asked and not form.reason.strip():
        return (("Reason", "title"), (" *", "error"), (" say why: it is kept in the audit log", "warning strong"))
    return (("Reason", "title"), (" *", "error"), (" kept in the audit log", "muted"))


def reach_choices(form: Form) -> tuple[Choice, ...]:
    """Return what the decision can be about."""
    agent = "no agent" if form.row.agent is None else _short(form.row.agent)
    join = ", " if form.row.agent is None else " + "
    names = {
        Reach.ALERT: "this alert" if form.together == 1 else f"alert {form.row.id} alone",
        Reach.RULE_AND_AGENT: f"this rule{join}{agent}",
        Reach.FILTER: "present filter" if form.together == 1 else f"all {form.together:,}",
    }
    return tuple(Choice(reach, names[reach]) for reach in form.reaches)


def _short(name: str) -> str:
    safe = safe_text(name[: _AGENT + 1])
    return safe if cell_len(safe) <= _AGENT else set_cell_size(safe, _AGENT - 1) + "…"


def reach_words(form: Form) -> Sequence[Span]:
    """Return what the chosen reach means, where its name does not say all of it."""
    if form.reach is Reach.FILTER and form.what is not None:
        return (("of this rule, found by ", "muted"), (form.what.text, ""))
    if form.reach is Reach.ALERT and form.together > 1:
        why = ": --tenant allows no more" if form.scoped else ""
        return ((f"1 of {form.together:,} alerts of this rule{why}", "muted"),)
    return ()


def until_choices(form: Form) -> tuple[Choice, ...]:
    """Return the ends that there are; empty: the verdict has none."""
    return tuple(Choice(one, one.value) for one in alert_until.choices(form.verdict))


def end_words(form: Form, now_us: int, *, utc: bool, asked: bool) -> Sequence[Span]:
    """Return what was understood of a typed end, or what is wrong with it."""
    try:
        end = form.end_us(now_us, utc=utc)
    except ValueError as error:
        loud = asked or bool(form.typed.strip())
        return ((str(error), "warning" if loud else "muted"),)
    if end is None:
        return ()
    zone = fmt.zone_offset(end, utc=utc)
    return ((moment(end, now_us, utc=utc), ""), (f" {zone}, in {fmt.span(end - now_us)}", "muted"))


def written_words(who: str) -> Sequence[Span]:
    """Return how the decision is recorded, and how it is taken back."""
    by = f" by {who}" if who else ""
    return (
        ("Written as ", "muted"), ("system.alert_decided", ""), (f"{by}; ", "muted"), ("U", "key"),
        (" undoes it.", "muted"),
    )  # fmt: skip
