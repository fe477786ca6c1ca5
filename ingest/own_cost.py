"""What the scanner itself costs: processor time and memory, with its second process."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_US_PER_S: Final = 1_000_000
_KIB: Final = 1024
_UTIME: Final = 11
"""Place of the user time among the fields of /proc/PID/stat that follow the program's name."""


def cpu_us(second_pid: int | None) -> int:
    """Return processor time in microseconds: of this process, of its ended children, and of the second process.

    Where the system has no /proc, a second process counts once it has ended.
    """
    times = os.times()
    total_s = times.user + times.system + times.children_user + times.children_system
    return int(total_s * _US_PER_S) + (0 if second_pid is None else _cpu_us_of(second_pid))


def memory_bytes(second_pid: int | None) -> int:
    """Return the resident memory of both processes; without /proc, the most that this one ever had."""
    here = _memory_of(os.getpid())
    if here is None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        here = peak if sys.platform == "darwin" else peak * _KIB
    return here + ((_memory_of(second_pid) or 0) if second_pid is not None else 0)


def _cpu_us_of(pid: int) -> int:
    try:
        after_name = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    ticks = int(after_name[_UTIME]) + int(after_name[_UTIME + 1])
    return ticks * _US_PER_S // os.sysconf("SC_CLK_TCK")


def _memory_of(pid: int) -> int | None:
    try:
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
