"""One rule as it stands in its file, below what there is to say about it; the whole is YAML that can be kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli import stdout
from cli.rules.known import DAYS, is_shipped
from cli.wording import counted
from store.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.rules.known import KnownRules
    from detect.rules.model import Rule

_STATES = {
    "on": "at work",
    "off": "switched off",
    "part": "it raises no alerts itself: other rules are made of it",
}


def put_rule(rule: Rule, known: KnownRules) -> None:
    """Write a rule.

    Raises:
        OSError: its file has gone.
    """
    for line in (*_facts(rule, known), *_document(rule)):
        stdout.put(safe_text(line))


def _facts(rule: Rule, known: KnownRules) -> Iterator[str]:
    origin = "came with auditail" if is_shipped(rule) else "one of your own"
    yield f"# {rule.name}: {rule.level}, {rule.kind}, {origin}, {_STATES[known.state(rule)]}"
    yield f"# {rule.path}:{rule.line}"
    if users := [other.name for other in known.found.rules if rule.id in other.bases]:
        yield f"# part of {', '.join(users)}"
    if number := known.alerts.get(rule.id, 0):
        command = f"auditail alerts list rule:{rule.name} since:-{DAYS}d"
        yield f"# {counted(number, 'alert')} in the last {DAYS} days: {command}"


def _document(rule: Rule) -> list[str]:
    """Return the rule's lines of its file, from the mark of its document to that of the next."""
    lines = Path(rule.path).read_text(encoding="utf-8-sig").splitlines()
    first, last = rule.line - 1, rule.line
    while first > 0 and not _is_mark(lines[first - 1]):
        first -= 1
    while last < len(lines) and not _is_mark(lines[last]):
        last += 1
    found = lines[first:last]
    while found and not found[0].strip():
        found.pop(0)
    while found and not found[-1].strip():
        found.pop()
    return found


def _is_mark(line: str) -> bool:
    """Return whether a line parts two documents of a YAML file."""
    return line.rstrip() in ("---", "...")
