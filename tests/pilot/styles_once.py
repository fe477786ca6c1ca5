"""Style sheets read once for all dashboards of a test run, where each would read them anew, twice."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.css.stylesheet import Stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import pytest
    from textual.css.model import RuleSet

    Parse = Callable[..., list[RuleSet]]


def parse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let style sheets remember what Textual made of each text and its variables, beyond the app that asked.

    A style sheet of Textual remembers the same for itself; rules are only read once they are made.
    """
    parse: Final[Parse] = Stylesheet._parse_rules
    known: dict[Any, list[RuleSet]] = {}
    names: dict[frozenset[tuple[str, str]], int] = {}

    def parsed(sheet: Stylesheet, css: str, *place: object, **more: object) -> list[RuleSet]:
        variables = names.setdefault(frozenset(sheet._variables.items()), len(names))
        key = (variables, css, place, tuple(sorted(more.items())))
        if key not in known:
            known[key] = parse(sheet, css, *place, **more)
        return known[key]

    monkeypatch.setattr(Stylesheet, "_parse_rules", parsed)
