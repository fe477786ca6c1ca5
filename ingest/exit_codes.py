"""How a scanner process ends, for whoever started it; apart from it, so that asking does not load a scanner."""

from __future__ import annotations

from typing import Final

EXIT_OK: Final = 0
EXIT_USAGE: Final = 2
EXIT_STORE: Final = 3
EXIT_LEASE_HELD: Final = 4
"""Another scanner feeds this store."""
