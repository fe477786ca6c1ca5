"""What a stated model may be called in a public list of prices, where it is not known as it stands.

Platforms put something before a model's own name: a gateway its provider (`openai/gpt-4o`), Bedrock a region and a
maker (`eu.anthropic.claude-…`) or a whole resource name, Vertex a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_BEDROCK: Final = re.compile(
    r"(?:[a-z]{2,6}(?:-gov)?\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|mistral|moonshot|nvidia|openai|qwen)\."
)
_VERTEX: Final = re.compile(r"(?:.*/)?publishers/[^/]+/models/")


def places(model: str) -> Iterator[tuple[str | None, str]]:
    """Yield (provider or None for a guess by name, name of the model), the likeliest first."""
    name = model.lower()
    if name.startswith("arn:aws:bedrock:"):
        name = name.rpartition("/")[2]
    if _BEDROCK.match(name):
        yield "aws", name
    yield None, name
    if vertex := _VERTEX.match(name):
        yield "google", name[vertex.end() :]
        return
    for separator in "/:":
        provider, found, rest = name.partition(separator)
        if found and provider and rest:
            yield (None if provider == "models" else provider), rest
            if _BEDROCK.match(rest):
                yield "aws", rest
