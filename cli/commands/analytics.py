"""`auditail analytics …`: what agents, users, tools and models did, how well, and for how much."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import options
from cli.commands.analytics_asked import Asked, Form, Format, Limit, SortBy, report_command

if TYPE_CHECKING:
    from cli.analytics.calendar_rows import Counted
    from cli.analytics.report import Report
    from cli.analytics.running import Work
    from store.analytics.model import Dimension

PeriodOf = Annotated[
    str,
    typer.Option("--period", metavar="PERIOD", help="One row for each hour, day, week or month of the calendar."),
]


@report_command
def overview(asked: Asked) -> None:
    """Show what happened, how well and for how much, on one page: something to look at each morning.

    The sums of the window and how they compare with the equally long one before it; then the agents, tools, users and
    models that did most, what failed, what was denied, and how the budgets stand.
    """
    from cli.analytics.budgeting import states_of
    from cli.analytics.overview import USUAL_ROWS, overview_report
    from cli.analytics.running import Plan, run

    run(asked, Plan(lambda work: overview_report(work.asking, work.cut, states_of(work)), rows=USUAL_ROWS))


@report_command
def agents_list(asked: Asked) -> None:
    """List the agents: calls, failures, denials, durations, tokens, cost, and when each was last seen."""
    from store.analytics.model import Dimension

    _grouped(asked, Dimension.AGENT, "Agents")


@report_command
def agents_show(asked: Asked, name: Annotated[str, typer.Argument(metavar="AGENT", help="Its whole name.")]) -> None:
    """Show one agent: its tools, what it cost, for whom it worked, what failed, what was denied, and what is new."""
    from cli.analytics.agent_profile import USUAL_ROWS, agent_report
    from cli.analytics.running import Plan, run
    from store.filters.keys import Key

    def compose(work: "Work") -> "Report":
        return agent_report(work.asking, name, work.cut, lambda: work.reader.search.completions(Key.AGENT, "", 10_000))

    run(asked, Plan(compose, rows=USUAL_ROWS))


@report_command
def agents_usage(
    asked: Asked,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="One row for each user, agent, tenant, model, tool or server.")
    ] = "user",
) -> None:
    """Show who or what was used how much: a row for each user, agent, tenant, model, tool or server."""
    from cli.analytics.ordering import chosen
    from store.analytics.model import Dimension

    among = (
        Dimension.USER, Dimension.AGENT, Dimension.TENANT, Dimension.MODEL, Dimension.TOOL, Dimension.SERVER,
    )  # fmt: skip
    dimension = chosen("--by", by, Dimension, among)
    _grouped(asked, dimension, f"Usage by {dimension}", by=True)


@report_command
def tools(asked: Asked) -> None:
    """Show the tools: how often each was called, how often it failed or was denied, and how long it took."""
    from store.analytics.model import Dimension

    _grouped(asked, Dimension.TOOL, "Tools")


@report_command
def users(asked: Asked) -> None:
    """Show the users: what agents did for each, what failed or was denied, and for how much."""
    from store.analytics.model import Dimension

    _grouped(asked, Dimension.USER, "Users")


@report_command
def tokens(asked: Asked, *, period: PeriodOf = "day") -> None:
    """Show tokens and what they cost, for each hour, day, week or month."""
    from cli.analytics.calendar_rows import TOKENS

    _by_period(asked, period, TOKENS)


@report_command
def calls(asked: Asked, *, period: PeriodOf = "day") -> None:
    """Show tool calls, failures, denials and durations, for each hour, day, week or month."""
    from cli.analytics.calendar_rows import CALLS

    _by_period(asked, period, CALLS)


@report_command
def content_stats(asked: Asked) -> None:
    """Show what was read, created, changed, published and deleted: content and files, by type, agent and tenant."""
    from cli.analytics.content import content_report
    from cli.analytics.running import Plan, run

    run(asked, Plan(lambda work: content_report(work.asking, work.cut, drawn=work.drawn)))


@report_command
def costs(
    asked: Asked,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="One row for each model, agent, user or tenant.")
    ] = "model",
) -> None:
    """Show what was spent, what of it was reported and what computed, and for how much no price is known."""
    from cli.analytics.costs import PAYERS, cost_report
    from cli.analytics.ordering import chosen
    from cli.analytics.running import Plan, run
    from store.analytics.model import Dimension

    dimension = chosen("--by", by, Dimension, PAYERS)
    run(asked, Plan(lambda work: cost_report(work.asking, dimension, work.cut)))


@report_command
def denials(asked: Asked) -> None:
    """Show which agent was denied which tool, how often it was allowed, and which rule decided where that is known."""
    from cli.analytics.denials import denial_report
    from cli.analytics.running import Plan, run

    run(asked, Plan(lambda work: denial_report(work.asking, work.cut)))


def budgets(
    context: typer.Context,
    *,
    limit: Limit = None,
    sort: SortBy = None,
    format_: Form = Format.TABLE,
    utc: options.Zone = None,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Show how the budgets of your settings stand: spent so far, and where that leads at this rate.

    Exits with 1 where one is over, so that a script or a monitor can ask.
    """
    from cli.analytics.budgeting import budget_report
    from cli.analytics.running import Plan, run

    asked = Asked(context, limit=limit, sort=sort, form=format_.value, utc=utc, store=store, config=config)
    run(asked, Plan(budget_report, rows=None))


def _grouped(asked: Asked, dimension: "Dimension", title: str, *, by: bool = False) -> None:
    from cli.analytics.running import Plan, run
    from cli.analytics.usage import Grouping, usage_report
    from store.analytics.model import Dimension

    def compose(work: "Work") -> "Report":
        wanted = Grouping(dimension, title=title, with_server=dimension is Dimension.TOOL, drawn=work.drawn)
        return usage_report(work.asking, wanted, work.cut, {"by": dimension.value} if by else {})

    run(asked, Plan(compose))


def _by_period(asked: Asked, text: str, counted: "Counted") -> None:
    from cli.analytics.calendar_rows import period_report, usual_window
    from cli.analytics.ordering import chosen
    from cli.analytics.running import Plan, run
    from store.analytics.periods import Period

    period = chosen("--period", text, Period)
    plan = Plan(lambda work: period_report(work.asking, counted, period, work.cut), usual_window(period), rows=None)
    run(asked, plan)
