"""Credentials are replaced by `[redacted:<kind>:<hash>]` before anything is stored, the quarantine included.

The hash is keyed with a random key of this process: equal credentials look equal within one run, so that one can see
the same key leak twice, and nobody can test a guess against it. Redaction works on a record's bytes, before they are
parsed, so nothing that comes after it can see a credential. It replaces what is known to be a credential by its form
(an issuer's prefix, a private key, a signed token) or by the exact name of the key it stands under; words that merely
speak of passwords and tokens stay as they are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Final

_KEYS: Final = (
    "password|passwd|passphrase|secret|token|api[_-]?key|apikey|x-api-key|access[_-]?token|refresh[_-]?token|"
    "auth[_-]?token|id[_-]?token|session[_-]?token|bearer[_-]?token|client[_-]?secret|secret[_-]?key|"
    "secret[_-]?access[_-]?key|private[_-]?key|authorization|proxy-authorization|set-cookie|cookie"
)
_SECRET_KEY: Final = re.compile(_KEYS.encode(), re.IGNORECASE)
_KEY_FRAGMENTS: Final = (b"passw", b"passphrase", b"secret", b"token", b"key", b"authorization", b"cookie")

_VALUE: Final = (rb'"((?:[^"\\]|\\.)+)"', rb'\\"((?:[^"\\]|\\\\.)+)\\"')
_KEYED: Final = tuple(
    re.compile(quote + rb"(" + _KEYS.encode() + rb")" + quote + rb"\s*:\s*" + value, re.IGNORECASE)
    for quote, value in zip((rb'(?<!\\)"', rb'\\"'), _VALUE, strict=True)
)
"""A key and its string value, plain and as JSON inside a JSON string."""

_FORMS: Final[tuple[tuple[str, bytes, re.Pattern[bytes]], ...]] = tuple(
    (kind, needle, re.compile(pattern, re.DOTALL))
    for kind, needle, pattern in (
        ("api-key", b"sk-", rb"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}"),
        ("aws-key", b"AKIA", rb"(?<![A-Za-z0-9])AKIA[A-Z0-9]{16}(?![A-Za-z0-9])"),
        ("aws-key", b"ASIA", rb"(?<![A-Za-z0-9])ASIA[A-Z0-9]{16}(?![A-Za-z0-9])"),
        ("google-key", b"AIza", rb"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
        ("github-token", b"gh", rb"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36,}"),
        ("github-token", b"github_pat_", rb"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{40,}"),
        ("gitlab-token", b"glpat-", rb"(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,}"),
        ("slack-token", b"xox", rb"(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}"),
        ("jwt", b"eyJ", rb"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        (
            "private-key",
            b"-----BEGIN",
            rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=\")|$)",
        ),
        ("bearer", b"earer ", rb"(?<=[Bb]earer )(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{16,}"),
        ("url-password", b"@", rb"(?<=://)[^/\s:@\"\\]*:[^/\s@\"\\\[\]]+(?=@)"),
    )
)

_CHUNK_FORMS: Final[tuple[tuple[bytes, re.Pattern[bytes]], ...]] = (
    (b"A", re.compile(rb"A(?:KIA|SIA|Iza)")),
    (b"J", re.compile(rb"J(?<=eyJ)")),
    (b"B", re.compile(rb"B(?:EGIN |earer )")),
    (b"b", re.compile(rb"b(?:earer )")),
    (b"g", re.compile(rb"g(?:h[pousr]_|ithub_pat_|lpat-)")),
    (b"k", re.compile(rb"k(?<=sk)-")),
    (b"x", re.compile(rb"x(?:ox[abeoprs]-)")),
    (b"@", re.compile(rb"@(?<=[^\s\"\\]@)")),
)
"""What to look for in a whole chunk: each pattern starts with one literal byte, which the engine finds fastest, and a
chunk without that byte is not searched at all."""

_SCHEME: Final = re.compile(rb"(?:bearer|basic|digest|token|apikey|negotiate|aws4-hmac-sha256)\s", re.IGNORECASE)
_OPAQUE: Final = re.compile(rb"[^\s]{8,}")
_MARK: Final = re.compile(rb"\[redacted:[a-z-]+:[0-9a-f]{8}\]")
_PLACEHOLDER: Final = re.compile(rb"(?i)[*x.-]+|<[^>]*>|\$\{[^}]*\}|\[?redacted\]?|none|null|true|false|hidden")


def names_a_secret(key: str) -> bool:
    """Return whether the string value of a key of this name is a credential."""
    return _SECRET_KEY.fullmatch(key.encode("utf-8", "replace")) is not None


def candidates(chunk: bytes) -> Iterator[int]:
    """Yield byte positions in `chunk`, in no order, at which a credential may stand by its form."""
    for guard, pattern in _CHUNK_FORMS:
        if guard in chunk:
            for found in pattern.finditer(chunk):
                yield found.start()


def may_name_a_secret(raw: bytes) -> bool:
    """Return whether a record may hold a key that names a secret; cheap, and right to say no."""
    folded = raw.lower()
    return any(fragment in folded for fragment in _KEY_FRAGMENTS)


class Redactor:
    """Replaces credentials in records and counts them."""

    def __init__(self, key: bytes | None = None) -> None:
        """Use `key` (at most 64 bytes) for the hashes; None draws a new one."""
        self._key = key or secrets.token_bytes(32)

    def redact(self, raw: bytes) -> tuple[bytes, int]:
        """Return the record without its credentials, and how many were replaced (0: `raw` itself)."""
        count = 0

        def by_form(kind: str) -> Callable[[re.Match[bytes]], bytes]:
            def replace(found: re.Match[bytes]) -> bytes:
                nonlocal count
                count += 1
                return self._mark(kind, found[0])

            return replace

        def by_key(found: re.Match[bytes]) -> bytes:
            nonlocal count
            name, value = found[1].lower().decode(), found[2]
            if not _is_secret_value(name, value):
                return found[0]
            count += 1
            start, end = found.start(2) - found.start(), found.end(2) - found.start()
            return found[0][:start] + self._mark(_kind_of_key(name), value) + found[0][end:]

        text = raw
        for kind, needle, pattern in _FORMS:
            if needle in text:
                text = pattern.sub(by_form(kind), text)
        if may_name_a_secret(text):
            for pattern in _KEYED:
                text = pattern.sub(by_key, text)
        return text, count

    def _mark(self, kind: str, secret: bytes) -> bytes:
        digest = blake2b(secret, digest_size=4, key=self._key).hexdigest()
        return f"[redacted:{kind}:{digest}]".encode()


def _is_secret_value(name: str, value: bytes) -> bool:
    if _MARK.search(value) or _PLACEHOLDER.fullmatch(value):
        return False
    if name.startswith("passw"):
        return True
    if name.endswith("authorization"):
        return _SCHEME.match(value) is not None or (len(value) > len("unauthorized") and b" " not in value)
    return name in ("cookie", "set-cookie", "passphrase") or _OPAQUE.fullmatch(value) is not None


def _kind_of_key(name: str) -> str:
    if name.startswith("pass"):
        return "password"
    if name.endswith("cookie"):
        return "cookie"
    if name.endswith("authorization"):
        return "authorization"
    return "token" if name.endswith("token") else "secret"
