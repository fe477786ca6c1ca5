"""Ordinary work: a customer asks, an agent looks something up and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import (
    FIND_INVOICE,
    LOOKUP_USER,
    ONBOARDING_BOT,
    ORDER_RESOLVER,
    QUERY_ORDERS,
    READ_FILE,
    SUPPORT_BOT,
    TRACK_PARCEL,
    UPDATE_ORDER,
    UPDATE_USER,
)
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call
from ingest.simulate.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Event, Stage

_DEPOTS: Final = ("Lyon", "Graz", "Utrecht", "Leeds", "Porto")


def order_question(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a customer who asks where an order is."""
    talk = Conversation(stage, at_us, stage.dice.choice((SUPPORT_BOT, ORDER_RESOLVER)))
    order, customer = f"o_{stage.between(10_000, 99_999)}", f"c_{stage.between(1_000, 4_999)}"
    yield talk.hears(f"where is order {order}?")
    talk.pause(20, 120)
    yield talk.asks_model(1400, 120, cached=5200)
    yield talk.checks_token(QUERY_ORDERS)
    count = stage.between(1, 6)
    yield from call(
        talk,
        QUERY_ORDERS,
        f"orders for customer {customer}",
        result=f"{count} row{'s' if count > 1 else ''} · {size_text(count * 820)}",
        arguments={"customer": customer, "open": True},
    )
    if stage.chance(0.5):
        depot = stage.dice.choice(_DEPOTS)
        yield from call(talk, TRACK_PARCEL, f"in transit · depot {depot}", arguments={"order": order})
    if stage.chance(0.3):
        yield talk.does("file.read", "templates/order-status.md · 2 KB", READ_FILE)
    yield talk.asks_model(900, 160, cached=6100)
    if stage.chance(0.25):
        yield talk.checks_permission(UPDATE_ORDER)
        yield from call(talk, UPDATE_ORDER, f"note on order {order}", result="1 row changed", cleared=True)
    yield talk.answers(f"Your order {order} is on its way and should arrive on {stage.dice.choice(_DAYS)}.")


def invoice_question(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a customer who asks for an invoice."""
    talk = Conversation(stage, at_us, SUPPORT_BOT)
    invoice = f"{stage.between(2024, 2026)}-{stage.between(1, 12):02d}-{stage.between(1, 999):04d}"
    yield talk.hears(f"where is my invoice for {stage.dice.choice(_MONTHS)}?")
    talk.pause(20, 120)
    yield talk.asks_model(1100, 90, cached=5200)
    yield talk.checks_token(FIND_INVOICE)
    pages = stage.between(1, 3)
    found = yield from call(
        talk, FIND_INVOICE, f"invoice {invoice} · {pages} page{'s' if pages > 1 else ''}", arguments={"id": invoice}
    )
    yield talk.asks_model(700, 110, cached=5900)
    yield talk.answers(
        f"Here is invoice {invoice}." if found else "I cannot reach the billing system just now, please try again."
    )


def address_change(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a new address, or a new account, being entered."""
    talk = Conversation(stage, at_us, stage.dice.choice((SUPPORT_BOT, ONBOARDING_BOT)))
    person = f"u_{stage.between(1_000, 4_999)}"
    yield talk.hears(stage.dice.choice(("can you change the address on my account?", "please set up my account")))
    talk.pause(20, 120)
    yield talk.asks_model(900, 80, cached=4100)
    yield from call(talk, LOOKUP_USER, f"{person} · active", arguments={"user": person})
    yield talk.checks_permission(UPDATE_USER)
    changes: Event = {"user": person, "fields": ["address"]}
    saved = yield from call(talk, UPDATE_USER, f"address of {person}", arguments=changes, cleared=True)
    yield talk.answers("Done: the new address is saved." if saved else "That did not work; a person will look at it.")


_MONTHS: Final = ("august", "september", "october", "november", "last month")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
