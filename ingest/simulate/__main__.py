"""The simulated platform as a process of its own: `python -m ingest.simulate --out DIR`."""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.simulate.live import LiveDrop
from ingest.simulate.spans import parse_span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_FAILED: Final = 3
_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Drop events until standard input ends (the parent has died), or on SIGTERM or SIGINT; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        drop = LiveDrop(options.out, seed=options.seed, rate=options.rate, backfill_us=options.backfill)
    except ValueError as problem:
        print(problem, file=sys.stderr)  # noqa: T201 (a command's one line)
        return _USAGE
    except OSError as problem:
        return _cannot_write(options.out, problem)
    failure = _run_until_told(drop)
    return 0 if failure is None else _cannot_write(options.out, failure)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest.simulate",
        description="Drop the events of a simulated agent platform into a folder until standard input ends.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the event files")
    parser.add_argument("--rate", type=float, default=5.0, metavar="N", help="events per second (default 5)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same stories (default 1)")
    parser.add_argument(
        "--backfill", type=_span, default=0, metavar="SPAN", help="history to write first, such as 1h (default none)"
    )
    return parser


def _span(text: str) -> int:
    try:
        return parse_span(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _cannot_write(folder: Path, problem: OSError) -> int:
    print(f"Cannot write to {folder}: {problem.strerror or problem}", file=sys.stderr)  # noqa: T201 (as above)
    return _FAILED


def _run_until_told(drop: LiveDrop) -> OSError | None:
    """Run in a thread, so that a signal never interrupts a write; return what made it fail, or None."""
    stop = threading.Event()
    failures: list[OSError] = []
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _heard)

    def run() -> None:
        try:
            drop.run(stop)
        except OSError as problem:
            failures.append(problem)
        finally:
            os.write(wake_write, b"\0")

    worker = threading.Thread(target=run, name="simulate")
    worker.start()
    _wait(sys.stdin.fileno(), wake_read)
    stop.set()
    worker.join()
    return failures[0] if failures else None


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the wake-up pipe has carried the news already; without a handler it would not."""


def _wait(stdin: int, wake: int) -> None:
    """Return when standard input has ended or anything comes down the wake-up pipe."""
    while True:
        ready, _, _ = select.select([stdin, wake], [], [])
        if wake in ready or not os.read(stdin, 4096):
            return


if __name__ == "__main__":
    sys.exit(main())
