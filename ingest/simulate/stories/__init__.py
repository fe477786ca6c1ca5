"""The stories that the platform tells: ordinary work by weight, incidents in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.stories.billing import month_end
from ingest.simulate.stories.guessing import password_guessing
from ingest.simulate.stories.hostile import hostile_text, pasted_key
from ingest.simulate.stories.pipeline import load_batch
from ingest.simulate.stories.probing import cross_tenant, permission_probing
from ingest.simulate.stories.research import release_notes, web_research
from ingest.simulate.stories.review import pull_request
from ingest.simulate.stories.runaway import runaway_agent
from ingest.simulate.stories.signin import sign_in
from ingest.simulate.stories.spending import cost_spike
from ingest.simulate.stories.stalled import stalled_tool
from ingest.simulate.stories.support import address_change, invoice_question, order_question
from ingest.simulate.stories.writing import blog_post, correction

if TYPE_CHECKING:
    from ingest.simulate.stage import Story

ORDINARY: Final[dict[Story, int]] = {
    order_question: 24,
    invoice_question: 14,
    address_change: 10,
    month_end: 9,
    pull_request: 11,
    blog_post: 7,
    correction: 9,
    web_research: 8,
    release_notes: 3,
    load_batch: 6,
    sign_in: 18,
}
"""Every-day stories and how often each is told, relative to the others."""

INCIDENTS: Final[tuple[Story, ...]] = (
    password_guessing,
    permission_probing,
    runaway_agent,
    cross_tenant,
    cost_spike,
    stalled_tool,
    hostile_text,
    pasted_key,
)
"""What an auditor looks for. Each comes once before any comes again."""
