"""Ordinary work: a post is drafted, corrected, approved and published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import (
    CONTENT_WRITER,
    CREATE_CONTENT,
    DELETE_CONTENT,
    GET_CONTENT,
    PUBLISH_CONTENT,
    UPDATE_CONTENT,
)
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Event, Stage


def blog_post(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a new post; some are published, after a person has approved."""
    talk = Conversation(stage, at_us, CONTENT_WRITER)
    post, title = f"p_{stage.between(5_000, 5_999)}", stage.dice.choice(_TITLES)
    about: Event = {"content_id": post, "title": title}
    yield talk.hears(f"write a short post: {title}")
    talk.pause(20, 120)
    yield talk.asks_model(1200, 700, cached=2600)
    yield talk.checks_token(CREATE_CONTENT)
    made = yield from call(talk, CREATE_CONTENT, f"New blog post “{title}”", arguments=about)
    if made is None:
        yield talk.answers("The draft could not be saved; I keep it here for now.")
        return
    yield talk.does("content.create", f"post {post} · draft", CREATE_CONTENT, parent=made, metadata=about)
    if stage.chance(0.3):
        yield from _publish(talk, post, about)
    yield talk.answers(f"The draft of “{title}” is ready.")


def _publish(talk: Conversation, post: str, about: Event) -> Iterator[Beat]:
    stage = talk.stage
    approver = "alice" if talk.user.name != "alice" else "bob"
    call_id = f"call_{stage.token(48)}"
    talk.pause(300, 2000)
    yield talk.event(
        "mcp.tool_call",
        f"waiting for approval by {approver}",
        status="pending",
        tool=PUBLISH_CONTENT,
        parent=talk.model_span,
        metadata=about,
        call_id=call_id,
    )
    talk.pause(6_000, 40_000)
    yield talk.event(
        "permission.granted",
        f"{approver} approved publishing {post}",
        tool=PUBLISH_CONTENT,
        metadata={**about, "decider": approver},
    )
    yield talk.event("mcp.tool_result", f"{post} is live", tool=PUBLISH_CONTENT, took_ms=120, call_id=call_id)
    yield talk.does("content.publish", f"post {post} · live", PUBLISH_CONTENT, metadata=about)


def correction(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a post that is read and corrected; a few are deleted."""
    talk = Conversation(stage, at_us, CONTENT_WRITER)
    post = f"p_{stage.between(5_000, 5_999)}"
    about: Event = {"content_id": post}
    yield talk.hears(f"please shorten the second paragraph of {post}")
    talk.pause(20, 120)
    yield talk.does("content.read", f"post {post} · revision {stage.between(1, 9)}", GET_CONTENT, metadata=about)
    yield talk.asks_model(1900, 420, cached=2600)
    if stage.chance(0.06):
        yield talk.checks_permission(DELETE_CONTENT)
        yield talk.does("content.delete", f"post {post} · moved to the bin", DELETE_CONTENT, metadata=about)
    else:
        saved = yield from call(talk, UPDATE_CONTENT, f"post {post}", arguments=about)
        fields = stage.dice.choice(("title, body", "body", "summary, tags"))
        if saved is not None:
            yield talk.does("content.update", f"post {post} · {fields}", UPDATE_CONTENT, parent=saved, metadata=about)
    yield talk.answers("Done, it is two sentences shorter now.")


_TITLES: Final = (
    "Winter opening hours",
    "Shipping in December",
    "How we pack fragile things",
    "Five questions about returns",
    "Meet the people in our workshop",
    "A new way to pay",
)
