"""Where own rules are, and who is told of alerts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from config.budgets import Budget
from config.section import NUMBER, Section

AlertLevel = Literal["informational", "low", "medium", "high", "critical"]

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_TEXT: Final = re.compile(r"[\x20-\x7e\xa0-\xff]{0,4096}")
_OWN_HEADERS: Final = frozenset({"connection", "content-length", "host", "transfer-encoding"})
_HIDDEN: Final = "•••"
_WEB_ADDRESS: Final = "must be an http or https address, as in https://example.com/hook"


def _web_address(text: str) -> str:
    """Return an address that can be posted to. The error does not repeat it: it may hold a token."""
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna")
        _ = parts.port
    except ValueError:
        raise ValueError(_WEB_ADDRESS) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(_WEB_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise ValueError("must name no user and password: put them into headers, as Authorization")
    if re.search(r"[\x00-\x20\x7f]", text.strip()):
        raise ValueError(_WEB_ADDRESS)
    return text.strip()


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    for name, text in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError("must be header names and their texts, as in {Authorization: Bearer abc}")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"must not hold {name}, which is always set")
        if not _HEADER_TEXT.fullmatch(text):
            raise ValueError(f"must hold one line of plain text for {name}")
    return headers


def _command(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command whose program is found wherever it is run from; a leading `~` of any word is replaced."""
    program, *rest = (os.path.expanduser(word) for word in words)  # noqa: PTH111 (unlike Path, it leaves unknown users)
    if not program or ("/" in program and not PurePath(program).is_absolute()):
        raise ValueError("must begin with a program's name or its whole path, as in [/usr/local/bin/page, oncall]")
    if any("\x00" in word for word in (program, *rest)):
        raise ValueError("must be words without the character zero")
    return (program, *rest)


class NotifyTarget(Section):
    """Who is told when an alert is opened, or opened again: a web address that is posted to, or a command."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    """What it is called; None: the address's host, or the command's first word."""
    webhook: Annotated[str, AfterValidator(_web_address)] | None = Field(default=None, repr=False)
    """An http or https address. JSON is posted to it."""
    headers: Annotated[dict[str, str], AfterValidator(_sendable)] = Field(
        default_factory=dict, max_length=20, repr=False
    )
    """Sent along, as for a token."""
    command: Annotated[tuple[str, ...], AfterValidator(_command)] | None = Field(default=None, min_length=1, repr=False)
    """Run without a shell; the same JSON is its standard input. It begins with a name on the PATH, or a whole path."""
    level: AlertLevel = "medium"
    """This level and above."""
    timeout_s: Annotated[float, NUMBER] = Field(default=10.0, gt=0, le=300)
    """For how many seconds an answer, or the command's end, is waited for."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.webhook is None) == (self.command is None):
            raise ValueError("must name either webhook or command")
        if self.headers and self.webhook is None:
            raise ValueError("must not have headers, which belong to a webhook")
        return self

    @property
    def label(self) -> str:
        """What people call it."""
        if self.name is not None:
            return self.name
        if self.webhook is not None:
            return urlsplit(self.webhook).hostname or ""
        return PurePath(self.command[0]).name if self.command else ""

    @property
    def identity(self) -> str:
        """Who is told, as 16 hexadecimal digits: what waits to be told outlives another token, level or time limit."""
        said = "\0".join((self.name or "", self.webhook or "", *(self.command or ())))
        return sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def shown(self) -> Mapping[str, object]:
        """Return what may be shown: of an address scheme and host, of headers the names, of a command the program.

        Tokens stand in the rest.
        """
        found: dict[str, object] = {} if self.name is None else {"name": self.name}
        if self.webhook is not None:
            parts = urlsplit(self.webhook)
            found["webhook"] = f"{parts.scheme}://{parts.hostname}/{_HIDDEN}"
        if self.headers:
            found["headers"] = dict.fromkeys(self.headers, _HIDDEN)
        if self.command is not None:
            found["command"] = [self.command[0], *([_HIDDEN] if len(self.command) > 1 else ())]
        return {**found, "level": self.level, "timeout_s": self.timeout_s}


def _each_once(targets: tuple[NotifyTarget, ...]) -> tuple[NotifyTarget, ...]:
    seen: dict[str, int] = {}
    for number, target in enumerate(targets, start=1):
        if (first := seen.setdefault(target.identity, number)) != number:
            raise ValueError(f"must name each one once: entries {first} and {number} are the same")
    return targets


class AlertSettings(Section):
    """Alerts."""

    rules: str | None = None
    """Folder of one's own rules; None: `rules` beside one's own settings."""
    bell: bool = False
    """Ring the terminal's bell when an alert is new."""
    notify: Annotated[tuple[NotifyTarget, ...], AfterValidator(_each_once)] = Field(default=(), max_length=20)
    """Who is told."""


class DetectionSettings(Section):
    """What a process that stores events must know of alerts; it is handed on as JSON."""

    rules: str | None = None
    """Whole path of the folder of one's own rules; None: there is none."""
    notify: tuple[NotifyTarget, ...] = ()
    budgets: tuple[Budget, ...] = ()
    utc: bool = False
    """Whether the days, weeks and months of budgets are those of UTC; else the machine's own."""
