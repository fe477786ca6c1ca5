"""A view copied as a command says the same again, once a shell has split it and the command line has read it."""

from __future__ import annotations

import os
import shlex
import subprocess
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from cli.app import app
from cli.filtering import filter_of
from cli.ordering import columns_of, sort_of
from cli.render.columns import CHOICES
from store.filters.keys import TIME_KEYS
from store.filters.model import Filter
from store.filters.syntax import And, Not, Or, Term
from store.searching import Sort
from tests.expressions import expressions
from tui.command_line import CommandPlace, command_line, quoted
from tui.search_columns import KINDS
from tui.search_order import BY_TIME, SORT_KEYS
from tui.shown_view import ShownView

if TYPE_CHECKING:
    from store.filters.syntax import Expression

ROOT: Final = get_command(app)

names = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=8)
places = st.builds(
    CommandPlace, st.none() | names.map("/".__add__), st.none() | st.lists(names, min_size=1).map(tuple), st.booleans()
)
sorts = st.just(BY_TIME) | st.builds(Sort, st.sampled_from(SORT_KEYS[1:]), st.booleans())
columns = st.lists(st.sampled_from([kind.name for kind in KINDS]), unique=True).map(tuple)
filters = st.builds(Filter, st.none() | expressions, st.booleans())
views = st.builds(ShownView, filters, columns, sorts)


@dataclass(frozen=True)
class Read:
    """What the command line has understood."""

    expression: Expression | None
    utc: bool
    columns: tuple[str, ...]
    sort: Sort
    place: tuple[str | None, tuple[str, ...]]


def split_by_bash(command: str) -> list[str]:
    """Return the arguments that `auditail` gets from bash, which fails where anything else would come of it."""
    script = "shopt -s failglob; auditail() { printf '%s\\0' \"$@\"; }\n" + command
    done = subprocess.run(
        ["bash", "--norc", "--restricted", "-c", script],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == b""
    return done.stdout.decode("utf-8").split("\0")[:-1]


def read(arguments: list[str], *, settings_utc: bool) -> Read:
    """Return what the program makes of its arguments, with settings that show times in this zone."""
    context: Any = ROOT.make_context("auditail", arguments)
    words = [*context._protected_args, *context.args]
    for expected in ("infra", "logs"):
        name, command, words = context.command.resolve_command(context, words)
        assert name == expected
        context = command.make_context(name, words, parent=context)
        words = [*getattr(context, "_protected_args", ()), *context.args]
    given_ = context.params
    utc = settings_utc if given_["utc"] is None else given_["utc"]
    root = context.find_root().params
    return Read(
        filter_of(query=given_["query"] or (), utc=utc).expression,
        utc,
        columns_of(given_["columns"], CHOICES) if given_["columns"] else (),
        sort_of(given_["sort"]) if given_["sort"] else BY_TIME,
        (root["store"], tuple(root["tenant"] or ())),
    )


def names_a_time(expression: Expression | None) -> bool:
    if isinstance(expression, And | Or):
        return any(map(names_a_time, expression.operands))
    if isinstance(expression, Not):
        return names_a_time(expression.operand)
    return isinstance(expression, Term) and expression.key in TIME_KEYS


@given(view=views, place=places, utc=st.booleans())
def test_a_copied_command_asks_the_same(view: ShownView, place: CommandPlace, *, utc: bool) -> None:
    command = command_line(view, place, utc=utc)
    if "\0" in view.what.text:
        assert command is None
        return
    assert command is not None
    assert not [one for one in command if unicodedata.category(one) in ("Cc", "Cf")]
    arguments = split_by_bash(command)
    if "$'" not in command:
        assert shlex.split(command) == ["auditail", *arguments]
    found = read(arguments, settings_utc=place.utc)
    assert found.expression == view.what.expression
    assert found.utc == (view.what.utc if names_a_time(view.what.expression) else utc)
    assert found.columns == tuple("took" if name == "duration" else name for name in view.columns)
    assert found.sort == view.sort
    assert found.place == (place.store, place.tenants or ())


@given(st.lists(names, min_size=1, max_size=20))
def test_bash_reads_back_whatever_was_quoted(texts: list[str]) -> None:
    assert split_by_bash(" ".join(["auditail", *map(quoted, texts)])) == texts
