"""Ordinary work: questions that need the web, and releases that need notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import (
    EDIT_FILE,
    FETCH_PAGE,
    LIST_COMMITS,
    READ_FILE,
    RELEASE_NOTES,
    RESEARCH_AGENT,
    UPDATE_CONTENT,
    WEB_SEARCH,
    WRITE_FILE,
)
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call
from ingest.simulate.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage


def web_research(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a question answered from several pages."""
    talk = Conversation(stage, at_us, RESEARCH_AGENT)
    topic = stage.dice.choice(_TOPICS)
    yield talk.hears(f"what do we know about {topic}?")
    talk.pause(20, 120)
    yield talk.asks_model(1300, 150, cached=4000)
    results = f"{stage.between(4, 10)} results · “{topic}”"
    yield from call(talk, WEB_SEARCH, f"“{topic}”", result=results, arguments={"query": topic})
    for number in range(stage.between(1, 3)):
        length = stage.around(42_000, 0.7)
        url = f"https://example.org/{topic.replace(' ', '-')}/{number + 1}"
        fetched = yield from call(
            talk, FETCH_PAGE, url, result=f"200 · {size_text(length)}", arguments={"url": url, "render": False}
        )
        if fetched is not None and stage.chance(0.4):
            yield talk.does("content.read", url, FETCH_PAGE, parent=fetched, metadata={"url": url})
    yield talk.asks_model(14_000, 620, cached=9_000)
    if stage.chance(0.5):
        path = f"notes/{topic.replace(' ', '-')}.md"
        yield talk.does("file.write", f"{path} · 4.1 KB", WRITE_FILE, metadata={"path": path})
    yield talk.answers(f"On {topic}: {stage.dice.choice(_FINDINGS)}")


def release_notes(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of a change log being written from commits."""
    talk = Conversation(stage, at_us, RELEASE_NOTES)
    version = f"v{stage.between(2, 4)}.{stage.between(0, 19)}.{stage.between(0, 9)}"
    yield talk.hears(f"write the notes for {version}", {"trigger": "tag"})
    commits = stage.between(4, 60)
    yield from call(talk, LIST_COMMITS, f"commits up to {version}", result=f"{commits} commits since the last tag")
    yield talk.does("file.read", "CHANGELOG.md · 31 KB", READ_FILE, metadata={"path": "CHANGELOG.md"})
    yield talk.asks_model(3_800, 540, cached=2_200)
    yield talk.does("file.edit", f"CHANGELOG.md · +{stage.between(6, 40)} lines", EDIT_FILE)
    if stage.chance(0.5):
        yield talk.does("content.update", f"release page of {version}", UPDATE_CONTENT)
    yield talk.answers(f"Notes for {version} cover {commits} commits.")


_TOPICS: Final = (
    "soc 2 cc7.2 evidence",
    "parcel prices 2026",
    "sqlite wal checkpoints",
    "retention of audit logs",
    "return rates in furniture",
    "agent tool permissions",
)
_FINDINGS: Final = (
    "two sources agree, one is older than the change.",
    "anomalies must be monitored and followed up.",
    "prices rise by about 4 %; the table is in the notes.",
    "nothing reliable newer than last spring.",
)
