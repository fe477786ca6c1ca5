"""The line below a thread's tree: what was just said, or more about the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from store.threads.model import Level
from tui.format import count
from tui.widgets.notice_line import NoticeLine
from tui.widgets.one_line import Piece
from tui.widgets.thread_axis import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.threads.model import Thread, ThreadRow, Tokens


class ThreadFoot(NoticeLine):
    """Shows a notice for a few seconds; else the row's place in time, its agent and its tokens."""

    thread: reactive[Thread | None] = reactive(None)
    """None: it is being read."""
    row: reactive[ThreadRow | None] = reactive(None)
    """The row under the cursor."""

    def standing(self, room: int) -> Sequence[Piece]:
        """Return what is known of the row."""
        del room
        if self.thread is None or self.row is None:
            return []
        return [Piece(" "), *self._place(self.thread, self.row), *self._who(self.row), *self._tokens(self.row.tokens)]

    def _place(self, thread: Thread, row: ThreadRow) -> Iterator[Piece]:
        if not row.timed:
            yield Piece("it states no time", "muted")
            return
        yield Piece(f"+{spoken(row.start_us - thread.start_us)}")
        if row.gap_us:
            yield Piece(" after a pause of ", "muted")
            yield Piece(spoken(row.gap_us))

    def _who(self, row: ThreadRow) -> Iterator[Piece]:
        event = row.event
        names = [name for name in (event.agent_id, event.user_id, event.tenant_id) if name is not None]
        if names:
            yield Piece(f"   {f' {self.glyphs.none} '.join(names)}", "muted")

    @staticmethod
    def _tokens(tokens: Tokens) -> Iterator[Piece]:
        kinds = (
            (tokens.input, "in"),
            (tokens.output, "out"),
            (tokens.cache_read, "cache read"),
            (tokens.cache_write, "cache write"),
        )
        for number, words in kinds:
            if number:
                yield Piece(f"   {count(number)}")
                yield Piece(f" {words}", "muted")

    def right(self) -> Sequence[Piece]:
        """Return what is missing here."""
        thread = self.thread
        if thread is None or self.notice is not None:
            return []
        if thread.cut:
            return [Piece(f"the {len(thread.rows):,} events around this one: there are more ", "warning")]
        if thread.level is Level.CALL:
            what = "only its call" if thread.key else "it stands alone"
            return [Piece(f"no request, trace or session is named: {what} ", "muted")]
        return []
