"""Ordinary work: a pull request is read, tested and commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import (
    CODE_REVIEWER,
    GET_DIFF,
    LINT,
    POST_COMMENT,
    READ_FILE,
    RUN_TESTS,
    SEARCH_CODE,
    WRITE_FILE,
)
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call
from ingest.simulate.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage

SOURCE_FILES: Final = (
    "services/auth/session.py",
    "services/auth/tokens.py",
    "services/shop/orders.py",
    "services/shop/cart.py",
    "web/src/checkout.ts",
    "web/src/account.ts",
    "pyproject.toml",
    "README.md",
)


def pull_request(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a review from the diff to the comment."""
    talk = Conversation(stage, at_us, CODE_REVIEWER)
    number, files = stage.between(3900, 4300), stage.between(1, 18)
    yield talk.hears(f"review pull request #{number}", {"trigger": "webhook", "repository": "shop"})
    talk.pause(10, 60)
    size = f"PR #{number} · {files} file{'s' if files > 1 else ''} · +{stage.around(80)} -{stage.around(30)}"
    yield from call(talk, GET_DIFF, f"PR #{number}", result=size, arguments={"number": number})
    yield talk.asks_model(5200, 260, cached=18_000)
    for _ in range(stage.between(1, 4)):
        path, length = stage.dice.choice(SOURCE_FILES), stage.around(6_000, 0.8)
        talk.pause(10, 200)
        yield talk.does("file.read", f"{path} · {size_text(length)}", READ_FILE, metadata={"path": path})
    if stage.chance(0.4):
        found = stage.between(0, 30)
        yield from call(talk, SEARCH_CODE, "callers of open_session", result=f"{found} matches in 9 files")
    yield talk.asks_model(2100, 900, cached=24_000)
    checker = stage.dice.choice((RUN_TESTS, LINT))
    outcome = f"{stage.between(200, 900)} tests passed" if checker is RUN_TESTS else "no findings"
    yield from call(talk, checker, outcome, arguments={"ref": f"pull/{number}/head"})
    length = stage.around(2_800, 0.5)
    path = f"reviews/{number}.md"
    yield talk.does("file.write", f"{path} · {size_text(length)}", WRITE_FILE, metadata={"path": path, "bytes": length})
    comments = stage.between(1, 5)
    remarks = f"{comments} remark{'s' if comments > 1 else ''} on PR #{number}"
    yield from call(talk, POST_COMMENT, remarks, result="comment posted", arguments={"number": number})
    yield talk.answers(f"Reviewed #{number}: {stage.dice.choice(_VERDICTS)}")


_VERDICTS: Final = (
    "looks good, two names could be clearer.",
    "one missing test for an expired session.",
    "approve after the migration is split.",
    "no objections.",
)
