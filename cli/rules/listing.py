"""The rules there are, as a table for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from cli import stdout
from cli.analytics.look import look_of_output
from cli.analytics.report import Column, Kind, Table
from cli.analytics.table_text import table_lines
from cli.narration import narrate
from cli.render.json_output import escaped
from cli.rules.known import is_shipped
from cli.wording import counted
from store.alerts.states import LEVELS, Level
from store.clock import now_us

if TYPE_CHECKING:
    from cli.rules.known import KnownRules
    from detect.rules.model import Rule
    from detect.rules.problem import RuleError

_COLUMNS: Final = (
    Column("state", Kind.TEXT, "state", heading=""),
    Column("level", Kind.TEXT, "level"),
    Column("rule", Kind.TEXT, "name"),
    Column("kind", Kind.TEXT, "kind", rank=2),
    Column("from", Kind.TEXT, "from", rank=3),
    Column("alerts", Kind.COUNT, "alerts", rank=1),
    Column("title", Kind.TEXT, "title"),
)
_INKS: Final = {Level.CRITICAL: "red", Level.HIGH: "red", Level.MEDIUM: "yellow"}


def put_table(known: KnownRules, *, ascii_only: bool) -> None:
    """Write a line for each rule, the worst level first, and to standard error what is wrong with others."""
    look = look_of_output(utc=False, ascii_only=ascii_only, now_us=now_us())
    for line in table_lines(
        Table("rules", "", _COLUMNS, (), tuple(_cells(rule, known) for rule in _order(known))), look
    ):
        stdout.put(line)
    for problem in known.found.problems:
        narrate(str(problem))
    states = [known.state(rule) for rule in known.found.rules]
    said = [f"{counted(states.count('on'), 'rule')} at work"]
    if states.count("off"):
        said.append(f"{states.count('off')} switched off")
    if states.count("part"):
        said.append(f"{states.count('part')} that others are made of")
    if known.found.problems:
        said.append(f"{counted(len(known.found.problems), 'problem')}, see above: what is wrong is not at work")
    narrate(", ".join(said))


def put_json(known: KnownRules) -> None:
    """Write one object: the rules, and what is wrong with those that cannot be used."""
    document = {
        "rules": [rule_values(rule, known) for rule in _order(known)],
        "problems": [problem_values(problem) for problem in known.found.problems],
    }
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    stdout.put((escaped(text) if stdout.is_terminal() else text).decode())


def rule_values(rule: Rule, known: KnownRules) -> dict[str, Any]:
    """Return a rule as JSON values."""
    return {
        "name": rule.name,
        "id": rule.id,
        "title": rule.header.title,
        "level": str(rule.level),
        "kind": rule.kind,
        "state": known.state(rule),
        "status": rule.header.status,
        "tags": list(rule.header.tags),
        "shipped": is_shipped(rule),
        "path": rule.path,
        "line": rule.line,
        "alerts": known.alerts.get(rule.id, 0),
    }


def problem_values(problem: RuleError) -> dict[str, Any]:
    """Return a problem as JSON values."""
    return {
        "path": problem.path,
        "line": problem.line,
        "problem": problem.problem,
        "suggestion": problem.suggestion,
    }


def _order(known: KnownRules) -> list[Rule]:
    return sorted(known.found.rules, key=lambda rule: (-LEVELS.index(rule.level), rule.name))


def _cells(rule: Rule, known: KnownRules) -> dict[str, Any]:
    state = known.state(rule)
    return {
        "state": state,
        "level": str(rule.level),
        "name": rule.name,
        "kind": rule.kind,
        "from": "shipped" if is_shipped(rule) else "own",
        "alerts": known.alerts.get(rule.id, 0),
        "title": rule.header.title,
        "ink": "dim" if state != "on" else _INKS.get(rule.level),
    }
