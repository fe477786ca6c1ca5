"""Which records of the quarantine a command is about, and asking before many of them are dropped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from cli.narration import narrate
from cli.problems import FINDINGS, UsageProblem
from cli.session import open_reader
from store.query.quarantined import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loading import Loaded


def chosen(loaded: Loaded, ids: Sequence[int], *, everything: bool, reason: str | None = None) -> list[int]:
    """Return the numbers that were meant, oldest first, each once.

    Raises:
        UsageProblem: none or more than one way of choosing was used, or a number is not in quarantine.
    """
    if sum((bool(ids), everything, reason is not None)) != 1:
        ways = "numbers from `auditail quarantine list`, or --all"
        raise UsageProblem(f"name the records in one way: {ways}{'' if reason is None else ', or --reason TEXT'}")
    reader = open_reader(loaded)
    try:
        if everything or reason is not None:
            return reader.quarantined.ids(Wanted(reason=reason))
        there = reader.quarantined.which_of(ids)
    finally:
        reader.close()
    missing = sorted(set(ids) - set(there))
    if missing:
        raise UsageProblem(f"nothing in quarantine has the number {missing[0]}: see `auditail quarantine list`")
    return sorted(there)


def confirm(question: str) -> None:
    """Ask, and end the command where the answer is no.

    Raises:
        UsageProblem: there is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        raise UsageProblem("there is no terminal to ask on: add --yes to confirm")
    if not typer.confirm(question, err=True):
        narrate("nothing was changed")
        raise typer.Exit(FINDINGS)
