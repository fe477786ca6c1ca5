"""What must stand in no file: paths of one machine, addresses of registries, notes about how the text came about."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.tree import files

# One letter of each is a class of its own, so that this file does not find itself.
FORBIDDEN: Final = {
    "machine path": r"(?<![\w./~-])/(?:wor[k]|roo[t]|opt/pyp[i]|opt/wheel[s])/",
    "registry address": r"pyp[i]\.org|pythonhoste[d]|(?:extra-)?index-ur[l]|find-link[s]|registry\.npmj[s]",
    "working papers": r"\bDESIG[N]\b|\bBRIE[F]\b|\.\./share[d]/(?!corpora)",
    "notes to somebody": r"(?i)co-authored-b[y]|as requeste[d]",
}


def found_in(text: str) -> list[tuple[str, str]]:
    """Return what is forbidden in a text: which kind, and the line."""
    return [
        (kind, line.strip()[:160])
        for kind, pattern in FORBIDDEN.items()
        if re.search(pattern, text)
        for line in text.splitlines()
        if re.search(pattern, line)
    ]


def test_no_file_has_forbidden_words() -> None:
    found: list[tuple[str, str, str]] = []
    for path in files():
        found += [(str(path.relative_to(ROOT)), *hit) for hit in found_in(path.read_text("utf-8", errors="replace"))]
    assert found == []


@pytest.mark.parametrize(
    "text", ["see /wo~rk/main", "open('/ro~ot/x')", "https://py~pi.org/x", "see DES~IGN.md", "Co-Auth~ored-By: x"]
)
def test_forbidden_words_are_found(text: str) -> None:
    assert found_in(text.replace("~", ""))


@pytest.mark.parametrize("text", ["~/work/x", "./work/", "network/", "design", "https://example.org/root/"])
def test_ordinary_words_are_not(text: str) -> None:
    assert found_in(text) == []
