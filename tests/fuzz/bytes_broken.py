"""Breaks a file's bytes in one of the ways in which disks, networks, editors and attackers break them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

Breakage = Callable[[Random, bytes], bytes]

BOM: Final = b"\xef\xbb\xbf"
_NOT_UTF8: Final = (
    b"\xff", b"\xfe\xff", b"\x80", b"\xc0\x80", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88",
)  # fmt: skip
_ENDS: Final = (b"\r\n", b"\r", b"\n\n", b"\n\r", b"\x0b", b"\x0c", b"\x1c", b"\x85", b"\xc2\x85")
_SEPARATORS: Final = ("\u2028".encode(), "\u2029".encode(), "\u0085".encode(), "\u00a0".encode(), "\ufeff".encode())
_TOKENS: Final = (
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\n", b"\\u0000", b"\\ud800", b"\\udc00", b"\\x41", b"\x1b]52"),
    *(
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-0",
        b"0x1",
        b"9" * 40,
        b"null",
        b"true",
        b"\t",
        b"/*",
        b"//",
        b"\x1a",
        b"\x7f",
    ),
)


def _flip_bits(chance: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_end(chance: Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _cut_beginning(chance: Random, data: bytes) -> bytes:
    return data[chance.randrange(len(data)) :]


def _cut_out(chance: Random, data: bytes) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 2, 10, 300)) :]


def _splice(chance: Random, data: bytes) -> bytes:
    """Let a part stand a second time, somewhere else."""
    start, at = chance.randrange(len(data)), chance.randrange(len(data))
    return data[:at] + data[start : start + chance.choice((1, 30, 1000))] + data[at:]


def _swap_halves(chance: Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[at:] + data[:at]


def _repeat_whole(chance: Random, data: bytes) -> bytes:
    return data * chance.choice((2, 3))


def _zero_run(chance: Random, data: bytes) -> bytes:
    """Leave a hole, as a crash does in a file whose size was written before its bytes."""
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 7, 512, 4096))
    return data[:at] + bytes(size) + data[at + chance.choice((0, size)) :]


def _insert(things: tuple[bytes, ...]) -> Breakage:
    def insert(chance: Random, data: bytes) -> bytes:
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.randrange(len(data) + 1)
            data = data[:at] + chance.choice(things) + data[at:]
        return data

    return insert


def _mark_beginning(chance: Random, data: bytes) -> bytes:
    return chance.choice((BOM, BOM * 2, b"\xff\xfe", b"\xfe\xff", b"\n" + BOM, b" " + BOM)) + data


def _other_newlines(chance: Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice(_ENDS))


def _other_encoding(chance: Random, data: bytes) -> bytes:
    """Encode as programs of other systems do; what is no UTF-8 stays as it is."""
    try:
        return data.decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7", "utf-8-sig")))
    except UnicodeError:
        return data


def _random_bytes(chance: Random, data: bytes) -> bytes:
    noise = chance.randbytes(chance.choice((1, 40, 2000)))
    at = chance.randrange(len(data) + 1)
    return noise if chance.random() < 0.2 else data[:at] + noise + data[at + len(noise) :]


def _nest(chance: Random, data: bytes) -> bytes:
    depth = chance.choice((60, 63, 64, 65, 200, 5_000))
    inner = chance.choice(
        (b"[" * depth, b"[" * depth + b"]" * depth, b'{"a":' * depth, b'{"a":' * depth + b"}" * depth)
    )
    at = chance.randrange(len(data) + 1)
    return data[:at] + inner + data[at:]


BREAKAGES: Final[tuple[Breakage, ...]] = (
    _flip_bits, _cut_end, _cut_beginning, _cut_out, _splice, _swap_halves, _repeat_whole, _zero_run, _mark_beginning,
    _other_newlines, _other_encoding, _random_bytes, _nest,
    _insert(_NOT_UTF8), _insert(_ENDS), _insert(_SEPARATORS), _insert(_TOKENS), _insert((BOM,)), _insert((b"\n",)),
)  # fmt: skip


def break_bytes(chance: Random, data: bytes) -> bytes:
    """Return the bytes, broken once or, seldom, several times; equal generators break equally."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if data:
            data = chance.choice(BREAKAGES)(chance, data)
    return data


def long_line(chance: Random, limit: int) -> bytes:
    """Return a line about as long as `limit` bytes, or a little longer, that is or is not JSON."""
    size = limit + chance.choice((-2, -1, 0, 1, 2, 5_000))
    frame = chance.choice(((b'{"event_type":"a.b","message":"', b'"}'), (b"", b""), (b"[", b"]"), (b'{"x":"', b"")))
    return frame[0] + chance.choice((b"y", b"\x00", b"\xff", b"[", b"\\")) * (size - sum(map(len, frame))) + frame[1]
