"""What full text is fed with. One cutting function, shared by whatever must agree with it.

A text is normalised (NFKC), case-folded and cut into runs of letters, digits and `_`. For ASCII the index's own
tokenizer does exactly that, so an ASCII text goes in as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

from store.events import DENIAL, ERROR, NewEvent
from store.name_kind import NameKind

TEXT_LIMIT: Final = 8192
"""Characters of one event that full text sees."""

_PUNCTUATION: Final = re.compile("[·•…–—\u2018\u2019“”„«»→←×÷§°€]+")
"""Signs that normalising leaves alone and cutting drops; most texts have no others beyond ASCII."""
_WORDS: Final = re.compile(r"\w+")
_ID_MARK: Final = "§"
"""Not a letter, so no text can produce a token that starts with it; not ASCII, so the tokenizer keeps it."""
NOTHING: Final = "§"
"""A token that no event has."""
CUT: Final = "§l"
"""The token of an event of which full text may not have all."""
_LONGEST_PLAIN_ID: Final = 64

_NAME_LETTERS: Final = {
    NameKind.TYPE: "y",
    NameKind.AGENT: "a",
    NameKind.USER: "u",
    NameKind.TENANT: "n",
    NameKind.HOST: "h",
    NameKind.TOOL: "o",
    NameKind.SERVER: "v",
    NameKind.MODEL: "m",
}
REQUEST: Final = "r"
SESSION: Final = "s"
TRACE: Final = "t"
CALL: Final = "c"


def words(text: str) -> list[str]:
    """Return the tokens of a text in order; empty where it has no letter or digit."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def id_token(kind: str, value: str) -> str:
    """Return the single token under which an id is indexed. Two ids may share one: compare the column as well."""
    plain = value.replace("-", "_")
    if len(plain) > _LONGEST_PLAIN_ID or not plain.isascii() or not (kind + plain).isidentifier():
        plain = blake2b(value.encode("utf-8", "backslashreplace"), digest_size=10).hexdigest()
    return f"{_ID_MARK}{kind}{plain}"


def _strings(values: Iterable[Any]) -> list[str]:
    """Return the texts among the values of metadata, in order, nested ones too, as far as full text goes."""
    found: list[str] = []
    for value in values:
        if type(value) is str:
            found.append(value)
        elif type(value) is dict or type(value) is list:
            found.clear()
            _collect(values, found, TEXT_LIMIT)
            break
    return found


def _collect(values: Iterable[Any], parts: list[str], left: int) -> int:
    for value in values:
        if left <= 0:
            break
        if type(value) is str:
            parts.append(value)
            left -= len(value)
        elif type(value) is dict:
            left = _collect(value.values(), parts, left)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        elif type(value) is list:
            left = _collect(value, parts, left)  # pyright: ignore[reportUnknownArgumentType]
    return left


def name_token(kind: NameKind, number: int) -> str:
    """Return the token under which events with this interned name are indexed; 0 finds those without one."""
    return f"{_ID_MARK}{_NAME_LETTERS[kind]}{number}"


def resource_token(number: int) -> str:
    """Return the token of events that touched something of this tenant's, another's or its own."""
    return f"{_ID_MARK}w{number}"


def status_token(code: int) -> str:
    """Return the token of a status code (`store.events.STATUS_CODES`)."""
    return f"{_ID_MARK}z{code}"


def trouble_token(bit: int) -> str:
    """Return the token of `ERROR` or `DENIAL`."""
    return f"{_ID_MARK}x{bit}"


def quoted(token: str) -> str:
    """Return a token as a full-text query of its own."""
    return f'"{token}"'


def indexed_numbers(*numbers: int) -> str:
    """Return the tokens of a row's status, trouble and names, in the order of its columns from `status` on.

    Type, agent, user, tenant and status are always there, so that their absence can be looked up too.
    """
    status, trouble, kind, agent, user, tenant, resource, host, tool, server, model = numbers
    text = f"\u00a7y{kind} \u00a7a{agent} \u00a7u{user} \u00a7n{tenant} \u00a7z{status}"
    if tool:
        text = f"{text} \u00a7o{tool} \u00a7v{server}" if server else f"{text} \u00a7o{tool}"
    elif server:
        text = f"{text} \u00a7v{server}"
    if model or host or resource:
        rare = ((model, "m"), (host, "h"), (resource, "w"))
        text = " ".join((text, *(f"{_ID_MARK}{letter}{number}" for number, letter in rare if number)))
    if trouble:
        text = " ".join((text, *(trouble_token(bit) for bit in (ERROR, DENIAL) if trouble & bit)))
    return text


def indexed_text(event: NewEvent) -> str:
    """Return what full text gets of an event: message, tool, status, strings of metadata, then its ids as tokens."""
    return _with_ids(full_text(event.message, event.tool, event.status, event.metadata), event)


def full_text(message: str | None, tool: str | None, status: str | None, metadata: dict[str, Any] | None) -> str:
    """Return the texts of an event that can be searched, with `CUT` behind them where that may not be all."""
    parts = [text for text in (message, tool, status) if text]
    if metadata:
        parts += _strings(metadata.values())
    body = " ".join(parts)
    cut = len(body) >= TEXT_LIMIT
    if cut:
        body = body[:TEXT_LIMIT]
    if not body.isascii():
        body = _PUNCTUATION.sub(" ", body)
        if not body.isascii():
            body = " ".join(words(body))
    return f"{body} {CUT}" if cut else body


def _with_ids(body: str, event: NewEvent) -> str:
    """Return the text and, as tokens, the ids; three short ids of plain characters need no look at each."""
    request, session, trace, call = event.request_id, event.session_id, event.trace_id, event.call_id
    if call is None and request is not None and session is not None and trace is not None:
        together = f"r{request}{session}{trace}"
        if len(together) <= _LONGEST_PLAIN_ID and together.isascii() and together.isidentifier():
            return f"{body} \u00a7r{request} \u00a7s{session} \u00a7t{trace}"
    if request is not None:
        body = f"{body} {id_token(REQUEST, request)}"
    if session is not None:
        body = f"{body} {id_token(SESSION, session)}"
    if trace is not None:
        body = f"{body} {id_token(TRACE, trace)}"
    if call is not None:
        body = f"{body} {id_token(CALL, call)}"
    return body
