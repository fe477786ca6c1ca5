"""The writing process: `python -P -m ingest.writer STORE PRICES` appends what comes on standard input and ends with it.

PRICES is the list of one's own prices as JSON; what it must know of alerts is in its environment. It inherits the open
lock file of the scanner's lease: while it lives, nobody else can take the store for free, even where its parent was
killed in the middle of an append.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

from ingest.detecting import handed_on, look_for_alerts
from ingest.writer.frames import GO_ON, Reply, pack_reply, read_frame, unpack_batches, write_frame
from store.errors import StoreError
from store.pricing.choosing import pricer_from
from store.store import Store

_STDIN: Final = 0


def main(arguments: list[str]) -> int:
    """Run; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent decides; it closes the pipe when all is stored
    gc.disable()  # as in the scanner: the objects in flight have no cycles
    try:
        with Store.open(Path(arguments[0]), create=False, pricer=pricer_from(arguments[1])) as store:
            if (detection := handed_on(os.environ)) is not None:
                look_for_alerts(store, detection)
            store.set_patience(1.0)  # as in the scanner: who waits for the answer must be able to end in time
            _serve(store)
    except (StoreError, BrokenPipeError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    finally:
        gc.freeze()  # the interpreter would walk through all that it remembers once more before it ends
    return 0


def _serve(store: Store) -> None:
    frames: Queue[bytes | None] = Queue(1)
    Thread(target=_read_ahead, args=(frames,), daemon=True).start()
    failure: Reply | None = None
    write_frame(sys.stdout.buffer, pack_reply(Reply()))
    while (frame := frames.get()) is not None:
        if frame == GO_ON:
            failure = None
            continue
        reply = failure or _append(store, frame)
        failure = None if reply.error is None else reply
        write_frame(sys.stdout.buffer, pack_reply(reply))


def _append(store: Store, frame: bytes) -> Reply:
    try:
        return Reply(store.append_prepared(unpack_batches(frame)))
    except StoreError as error:
        return Reply(error=str(error), kind=type(error).__name__)


def _read_ahead(frames: Queue[bytes | None]) -> None:
    """Take the next frame from the pipe while the one before is stored; None after the last."""
    with open(_STDIN, "rb", closefd=False) as stream:  # not sys.stdin, which the interpreter locks when it ends
        while (frame := read_frame(stream)) is not None:
            frames.put(frame)
    frames.put(None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
