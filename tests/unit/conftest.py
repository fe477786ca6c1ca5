"""The files of shipped rules are read once for all tests that load them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from detect.rule_files import SHIPPED
from detect.rules import load

if TYPE_CHECKING:
    from collections.abc import Generator

    from detect.rules.yaml_text import Document


@pytest.fixture(scope="session", autouse=True)
def shipped_rules_read_once() -> Generator[None]:
    """Remember what the YAML of a shipped file says, by its bytes; rules are made of it anew each time."""
    read = load.documents
    known = lru_cache(maxsize=None)(read)

    def documents(path: str, raw: bytes) -> list[Document]:
        return known(path, raw) if path.startswith(f"{SHIPPED}/") else read(path, raw)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(load, "documents", documents)
        yield
