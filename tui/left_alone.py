"""What is left alone in a source, in words: what is no plain file, and finished files that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.health import SourceHealth
    from store.left_alone import PassedKind, PassedOver

_NOUNS: Final[dict[PassedKind, str]] = {"link": "link", "pipe": "named pipe", "socket": "socket", "device": "device"}


def left_alone(source: SourceHealth) -> Iterator[str]:
    """Give one line for all that is passed over, and one for each reason why finished files stay."""
    if source.passed_over:
        yield f"only plain files are read, passed over: {', '.join(map(_passed, source.passed_over))}"
    for one in source.staying:
        some = one.example if one.number == 1 else f"{one.number:,} files stay, such as {one.example}"
        yield f"{some}: {one.reason}"


def _passed(one: PassedOver) -> str:
    noun = _NOUNS[one.kind]
    return f"1 {noun} ({one.example})" if one.number == 1 else f"{one.number:,} {noun}s (such as {one.example})"
