"""Lists of entries: one's own prices, and budgets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.budgets import Budget
from config.errors import SettingsError
from config.loading import Loaded, load
from config.prices import OwnPrice


def settings_of(home: Path, text: str, **more: str) -> Loaded:
    path = home / ".config/auditail/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load(environ={"HOME": str(home), **more}, cwd=home)


PRICES = """\
prices:
  - model: claude-*
    input: 0.1
    output: "15"
    from: 2026-01-01
    to: 2026-06-30
  - {model: local, input: 0, output: 0, cache_read: 0, cache_write: 1}
"""


def test_prices_are_exact_and_in_order(home: Path) -> None:
    found = settings_of(home, PRICES)
    first, second = found.settings.prices
    assert (first.model, first.input, first.output, first.cache_read) == ("claude-*", Decimal("0.1"), Decimal(15), None)
    assert (first.first_day, first.last_day) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (second.cache_read, second.cache_write) == (0, 1)
    assert str(found.origins["prices"]).endswith("config.yaml:1")


def test_budgets_have_one_scope_and_one_limit(home: Path) -> None:
    text = "budgets: [{per: month, usd: 50}, {agent: a, per: day, tokens: 2M}, {tenant: t, per: week, tokens: 1.5k}]"
    found = settings_of(home, text).settings.budgets
    assert [one.scope for one in found] == [("all", None), ("agent", "a"), ("tenant", "t")]
    assert [(one.microusd, one.tokens) for one in found] == [(50_000_000, None), (None, 2_000_000), (None, 1_500)]
    assert Budget(user="u", per="day", tokens=5).scope == ("user", "u")


def test_a_list_replaces_the_list_of_a_weaker_place(home: Path) -> None:
    variable = "[{model: m, input: 1, output: 2}]"
    found = settings_of(home, PRICES, AUDITAIL_PRICES=variable)
    assert found.settings.prices == (OwnPrice(model="m", input=Decimal(1), output=Decimal(2)),)
    assert str(found.origins["prices"]) == "AUDITAIL_PRICES"
    assert len(settings_of(home, PRICES, AUDITAIL_PRICES=" ").settings.prices) == 2


def test_an_empty_list_says_nothing(home: Path) -> None:
    found = settings_of(home, "prices:\nbudgets: []\n")
    assert (found.settings.prices, found.settings.budgets) == ((), ())


def test_a_project_can_set_neither(home: Path) -> None:
    path = home / "services/logging/config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"{PRICES}budgets: [{{per: day, usd: 1}}]\n")
    found = settings_of(home, "")
    assert (found.settings.prices, found.settings.budgets) == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "prices:\n- model: m\n  inptu: 1\n  output: 2",
            3,
            "unknown key inptu in entry 1 of prices: did you mean input?",
        ),
        (
            "prices:\n- {model: m, input: 1, output: 2}\n- model: m\n  output: 2",
            3,
            "entry 2 of prices must have the key input",
        ),
        (
            "prices:\n- model: m\n  input: cheap\n  output: 2",
            3,
            "input in entry 1 of prices must be a number, not 'cheap'",
        ),
        ("prices:\n- model: m\n  input: true\n  output: 2", 3, "input in entry 1 of prices must be a number, not True"),
        (
            "prices:\n- model: m\n  input: -1\n  output: 2",
            3,
            "input in entry 1 of prices must be greater than or equal to 0, not -1",
        ),
        (
            "prices:\n- model: m\n  input: .nan\n  output: 2",
            3,
            "input in entry 1 of prices must be a finite number, not nan",
        ),
        (
            "prices:\n- {model: m, input: 1, output: 2, from: soon}",
            2,
            "from in entry 1 of prices must be a day, as in 2026-01-31, not 'soon'",
        ),
        (
            "prices:\n- {model: m, input: 1, output: 2, from: 2026-02-01, to: 2026-01-01}",
            2,
            "entry 1 of prices `from` must not be after `to`",
        ),
        (
            "prices:\n- {model: m, model: n, input: 1, output: 2}",
            2,
            "model is given twice in entry 1 of prices: keep one of them",
        ),
        ("prices: {model: m}", 1, "prices must be a list"),
        ("prices:\n- m", 2, "entry 1 of prices must hold keys, as in `- {key: value, key: value}`"),
        (
            "budgets:\n- per: year\n  usd: 5",
            2,
            "per in entry 1 of budgets must be 'day', 'week' or 'month', not 'year'",
        ),
        ("budgets:\n- per: day", 2, "entry 1 of budgets must state either usd or tokens"),
        ("budgets:\n- {per: day, usd: 1, tokens: 2}", 2, "entry 1 of budgets must state either usd or tokens"),
        (
            "budgets:\n- {per: day, usd: 1, agent: a, user: u}",
            2,
            "entry 1 of budgets must name one of agent, user and tenant",
        ),
        (
            "budgets:\n- {per: day, tokens: many}",
            2,
            "tokens in entry 1 of budgets must be a number of tokens like 500000, 500k or 2M",
        ),
        ("budgets:\n- {per: day, tokens: 1.5}", 2, "tokens in entry 1 of budgets must be a whole number, not 1.5"),
        ("budgets:\n- {per: day, usd: 1, zzz: 2}", 2, "unknown key zzz in entry 1 of budgets: there are name, agent"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(home: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(home, text)
    assert f"config.yaml:{line}: {words}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[{model: m", "[*x]", "[!!python/name:os.system {}]", "[{model: a, model: b}]", "5"])
def test_a_variable_is_read_as_carefully_as_a_file(home: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"\AAUDITAIL_PRICES"):
        settings_of(home, "", AUDITAIL_PRICES=text)
