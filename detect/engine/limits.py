"""How much is remembered at most. What is beyond is shed, counted, and said."""

from __future__ import annotations

from typing import Final

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 60 * MINUTE_US

LATENESS_US: Final = 5 * MINUTE_US
"""How much older than the newest event of its key an event may be and still count as if it had come in time."""
HISTORICAL_US: Final = HOUR_US
"""An event that is older when it arrives tells of the past: it is listed, and nobody is woken for it."""
MOST_KEYS: Final = 10_000
"""Keys (users, addresses …) remembered for one rule."""
MOST_ENTRIES: Final = 100_000
"""Matches remembered for one rule, all keys together."""
MOST_OF_KEY: Final = 1_024
"""Matches remembered for one key of one rule; four times its threshold where that is more."""
MOST_NEW_AN_HOUR: Final = 200
"""Incidents that one rule opens in an hour of stated time; what more keys do is one incident together."""
MOST_VALUES: Final = 500
"""Values remembered for one key of a first-seen rule."""
MOST_OF_VALUE: Final = 240
"""Characters of a value in a key, or of one that is told apart."""
SHOWN_VALUES: Final = 10
"""Values named by an incident: the first in the order of the alphabet."""
LANES: Final = 3
"""Streams of one key that go on at different times side by side: the present, and old files being read."""
