"""What the thread's screen asks the store, in worker threads, and the facts that they post to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.event_questions import EventQuestions

if TYPE_CHECKING:
    from store.threads.model import Level, Thread


@dataclass(frozen=True, slots=True, eq=False)
class ThreadQuestion:
    """Which thread is asked for; compared by identity. `level` None: the narrowest that there is."""

    event_row_id: int
    level: Level | None


@dataclass
class ThreadLoaded(Message):
    """A thread; None: its event is gone."""

    question: ThreadQuestion
    thread: Thread | None


class ThreadAsking(EventQuestions):
    """Asks for threads and for the events in them."""

    def thread(self, question: ThreadQuestion) -> None:
        """Load a thread."""
        self._run(partial(self._thread, question), "thread")

    def _thread(self, question: ThreadQuestion) -> None:
        found = self._service.threads.thread(question.event_row_id, question.level)
        self._screen.post_message(ThreadLoaded(question, found))
