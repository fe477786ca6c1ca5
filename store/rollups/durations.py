"""Durations in buckets whose bounds grow by a tenth, so that a quantile is off by less than a twentieth.

Bucket 0 holds what took at most 10 microseconds, bucket n what took at most 10 * 1.1**n, the last one everything
longer (more than 90 hours). A bucket stands for the value that is as far from its lower as from its upper bound,
relatively: 2 * upper / 2.1. The relative error is then at most 0.1 / 2.1 = 4.8 % (Masson, Rim and Lee, "DDSketch: a
fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

BUCKETS: Final = 256
_GROWTH: Final = 1.1
_LEAST_US: Final = 10
_PER_LOG: Final = 1 / math.log(_GROWTH)


def bucket_of(duration_us: int) -> int:
    """Return which bucket a duration belongs to; one that is not positive to the first."""
    if duration_us <= _LEAST_US:
        return 0
    return min(math.ceil(math.log(duration_us / _LEAST_US) * _PER_LOG), BUCKETS - 1)


def value_of(bucket: int) -> int:
    """Return the duration in microseconds that a bucket stands for."""
    return _LEAST_US if bucket == 0 else round(_LEAST_US * _GROWTH**bucket * 2 / (1 + _GROWTH))


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the duration (microseconds) that a share (0 to 1) of all does not exceed, within 5 %; None: there is none.

    It is the nearest rank's: of n durations in order, the one at ceil(share * n), counted from 1.
    """
    total = sum(counts.values())
    if not total:
        return None
    rank = max(1, math.ceil(share * total))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0:
            return value_of(bucket)
    return None
