"""Ordinary work: payments are listed, invoices written, amounts refunded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.simulate.cast import BILLING_ASSISTANT, CREATE_INVOICE, LIST_PAYMENTS, REFUND
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call
from ingest.simulate.wording import amount_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage


def month_end(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of payments being matched and an invoice or a refund that follows."""
    talk = Conversation(stage, at_us, BILLING_ASSISTANT)
    yield talk.hears(stage.dice.choice(("which payments are still open?", "invoice the November hours, please")))
    talk.pause(20, 120)
    yield talk.asks_model(1600, 140, cached=3800)
    yield talk.checks_token(LIST_PAYMENTS)
    count = stage.between(3, 180)
    yield from call(talk, LIST_PAYMENTS, f"{count} payments · this month", arguments={"state": "open"})
    yield talk.asks_model(2400, 210, cached=5200)
    amount = stage.between(4_000, 900_000)
    if stage.chance(0.6):
        invoice = f"inv_{stage.between(1_000, 9_999)}"
        yield from call(
            talk,
            CREATE_INVOICE,
            f"invoice {invoice} · {amount_text(amount)}",
            arguments={"cents": amount, "currency": "EUR"},
        )
    elif stage.chance(0.5):
        yield talk.checks_permission(REFUND)
        yield from call(
            talk, REFUND, f"refund of {amount_text(amount // 20)}", arguments={"cents": amount // 20}, cleared=True
        )
    yield talk.answers(f"{count} payments checked; {stage.between(0, 4)} need a look by a person.")
