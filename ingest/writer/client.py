"""The reading side of the second process: sends appends ahead and goes on reading."""

from __future__ import annotations

import fcntl
import select
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from ingest.child import command_of, environment
from ingest.detecting import NOTHING
from ingest.writer.frames import GO_ON, Reply, pack_batches, read_frame, unpack_reply, write_frame
from store.batch import Appended, SourceBatch
from store.errors import StoreBusyError, StoreError, StoreFullError
from store.notes import Scout
from store.pricing.choosing import PUBLIC_ONLY

_END_S: Final = 30.0
_PIPE_BYTES: Final = 1 << 20
_MOST_UNDER_WAY: Final = 2
"""One that is carried out, and one that lies ready for when it is done: else there would be a pause between the two."""


class WriterLostError(Exception):
    """The writing process is gone, and whether its last append was committed is not known here.

    Whoever meets it must start anew from what the store says; the text is ready to be shown.
    """

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("the writing process ended unexpectedly; nothing is lost, run it again to go on")


class WriterProcess:
    """One second process for one store. Not ready until it has said so."""

    def __init__(self, store: Path, lock: int, prices: str = PUBLIC_ONLY, detection: str = NOTHING) -> None:
        """Start it; `lock` is the descriptor of the lease, which it inherits. `prices` are one's own, as text.

        `detection` is what it must know of alerts, as text.
        """
        self._store = store
        self._process = subprocess.Popen(
            command_of("ingest.writer", str(store), prices),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(lock,),
            env=environment(detection),
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        # Without a buffer: whether a pipe has something says nothing about an answer that was read along with another.
        self._from: IO[bytes] = open(self._process.stdout.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
        _widen(self._process.stdin)
        self._ready = False
        self._under_way = 0

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether it can take an append; until then it is still starting."""
        if not self._ready and not self.failed and self._says_something():
            self._receive()
            self._ready = True
        return self._ready

    @property
    def failed(self) -> bool:
        """Whether it ended before it was ready, and so without having stored anything."""
        return not self._ready and self._process.poll() is not None

    @property
    def under_way(self) -> bool:
        """Whether an append was sent whose answer was not taken yet."""
        return self._under_way > 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more may be sent before an answer was taken."""
        return self._under_way >= _MOST_UNDER_WAY

    @property
    def has_answered(self) -> bool:
        """Whether `finish` would not have to wait."""
        return self._says_something()

    def pack(self, batches: list[SourceBatch], scout: Scout | None = None) -> bytes | None:
        """Return batches as `send` takes them, with what a scout knows of them.

        None: they cannot be sent, and must be appended here.
        """
        try:
            return pack_batches(batches, scout)
        except (OverflowError, UnicodeEncodeError, TypeError):
            return None

    def send(self, packed: bytes) -> None:
        """Have batches appended after those that are under way; `finish` tells how it went. It must not be full.

        Raises:
            WriterLostError: see there.
        """
        self._write(packed)
        self._under_way += 1

    def finish(self) -> Appended:
        """Wait for the first append that is under way.

        Raises:
            StoreError: nothing of it was kept, nor of what was sent behind it; nothing is under way now, and all of it
                can be sent again.
            WriterLostError: see there.
        """
        reply = self._answer()
        if reply.appended is None:
            while self._under_way:
                self._answer()
            self._write(GO_ON)
            raise self._error(reply)
        return reply.appended

    def close(self) -> None:
        """End the process; appends under way are carried out first. One that is still starting was never sent any."""
        if not self._ready:
            self._process.kill()
        with suppress(BrokenPipeError):
            self._to.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Close."""
        self.close()

    def _error(self, reply: Reply) -> StoreError:
        for kind in (StoreFullError, StoreBusyError):
            if reply.kind == kind.__name__:
                return kind(self._store)
        return StoreError(reply.error or f"{self._store} could not be written")

    def _answer(self) -> Reply:
        reply = self._receive()
        self._under_way -= 1
        return reply

    def _write(self, data: bytes) -> None:
        try:
            write_frame(self._to, data)
        except BrokenPipeError as error:
            raise WriterLostError from error

    def _says_something(self) -> bool:
        return bool(select.select([self._from], [], [], 0)[0])

    def _receive(self) -> Reply:
        frame = read_frame(self._from)
        if frame is None:
            raise WriterLostError
        return unpack_reply(frame)


def _widen(pipe: IO[bytes]) -> None:
    """Let the pipe hold more than the usual 64 KiB, where the system can: fewer turns for a frame of megabytes."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
