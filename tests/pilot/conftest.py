"""The fixtures of tests with a screen."""

from __future__ import annotations

from tests.pilot.fixtures import known_to_be_idle, nobody_looks, said_for_good, styles_read_once

__all__ = ["known_to_be_idle", "nobody_looks", "said_for_good", "styles_read_once"]
