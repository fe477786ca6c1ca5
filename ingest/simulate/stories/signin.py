"""Ordinary work at the identity provider: people sign in, get tokens and rights, and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import IDENTITY_HOST, USERS
from ingest.simulate.stage import MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.cast import User
    from ingest.simulate.stage import Beat, Event, Stage

_SCOPES: Final = ("orders:read", "invoices:read", "content:write", "files:read", "repo:read", "web:search")


def identity_event(
    stage: Stage, at_us: int, user: User, event_type: str, *, message: str, status: str, metadata: Event
) -> Beat:
    """Return an event of the identity provider: no agent, no request, the user's address in the metadata."""
    event: Event = {
        "timestamp": "",
        "event_type": event_type,
        "user_id": user.name,
        "tenant_id": user.tenant,
        "host": IDENTITY_HOST,
        "status": status,
        "duration_ms": stage.around(14),
        "message": message,
        "metadata": {"ip": user.address, **metadata},
    }
    return at_us, event


def sign_in(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of one person's sign-in, sometimes after a typing error, sometimes with the sign-out before it."""
    user = stage.dice.choice(USERS)

    def event(event_type: str, message: str, status: str = "success", **metadata: object) -> Beat:
        return identity_event(stage, at_us, user, event_type, message=message, status=status, metadata=metadata)

    if stage.chance(0.2):
        yield event("auth.logout", f"signed out from {user.address}", reason="user")
        at_us += stage.between(3_000, 60_000) * MS
    if stage.chance(0.05):
        message = f"bad password · {user.address} · 1st try"
        yield event("auth.failed", message, "failure", **{"method": "password", "try": 1})
        at_us += stage.between(4_000, 12_000) * MS
    method = stage.dice.choice(("password", "passkey", "sso"))
    yield event("auth.login", f"{method} · {user.address}", method=method)
    at_us += stage.between(20, 90) * MS
    grant = f"grt_{stage.token(32)}"
    scopes = sorted(stage.dice.sample(_SCOPES, 2))
    message = f"scopes {', '.join(scopes)} · 8 h"
    at_us, issued = event("auth.token_issued", message, grant_id=grant, scopes=scopes, lifetime_s=28_800)
    yield at_us, {"event_id": f"idp_{stage.token(64)}", **issued}
    if stage.chance(0.3):
        at_us += stage.between(50, 400) * MS
        yield event("permission.granted", f"role {user.role}", role=user.role)
