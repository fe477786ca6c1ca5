"""Incident: somebody guesses passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import User
from ingest.simulate.stage import MS
from ingest.simulate.stories.signin import identity_event
from ingest.simulate.wording import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage

_TARGETS: Final = (
    User("root", "globex", "administrator", ""),
    User("admin", "initech", "administrator", ""),
    User("alice", "acme", "editor", ""),
)


def password_guessing(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of 8 to 14 failed logins of one user from one address within seconds, and how that ends."""
    target = stage.dice.choice(_TARGETS)
    attacker = User(target.name, target.tenant, target.role, f"198.51.100.{stage.between(2, 250)}")
    tries = stage.between(8, 14)
    for number in range(1, tries + 1):
        message = f"bad password · {attacker.address} · {ordinal(number)} try"
        yield identity_event(
            stage,
            at_us,
            attacker,
            "auth.failed",
            message=message,
            status="failure",
            metadata={"method": "password", "try": number},
        )
        at_us += stage.between(150, 1_100) * MS
    if stage.chance(0.1):
        message = f"password · {attacker.address} · after {tries} failures"
        yield identity_event(
            stage, at_us, attacker, "auth.login", message=message, status="success", metadata={"method": "password"}
        )
    else:
        message = f"account {attacker.name} locked for 15 min after {tries} failures"
        yield identity_event(
            stage, at_us, attacker, "permission.denied", message=message, status="denied", metadata={"reason": "locked"}
        )
