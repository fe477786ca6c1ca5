"""Query terms among a command's arguments: told from options before these are parsed, for `-agent:x` looks like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand, TyperOption

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_NEGATED: Final = re.compile(r'-[^-].*[:"(\s]|-[("]', re.DOTALL)
"""What is left out has a key, a quote, a parenthesis or a blank in it; a misspelt option has none of them."""


class QueryCommand(TyperCommand):
    """A command whose arguments are a query."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the query's terms behind all options."""
        valued = [name for one in self.params if _takes_a_value(one) for name in (*one.opts, *one.secondary_opts)]
        return super().parse_args(ctx, sorted_out(args, valued))


def _takes_a_value(parameter: object) -> bool:
    return isinstance(parameter, TyperOption) and not parameter.is_flag and not parameter.count


def sorted_out(arguments: Sequence[str], valued: Collection[str]) -> list[str]:
    """Return options first, then `--` and the query's terms, each in their order; `valued` are options with a value."""
    options: list[str] = []
    query: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            query.extend(left)
        elif argument in valued:
            options.append(argument)
            options.extend(value for value in (next(left, None),) if value is not None)
        elif argument.startswith("-") and argument != "-" and not _NEGATED.match(argument):
            options.append(argument)
        else:
            query.append(argument)
    return [*options, "--", *query] if query else options
