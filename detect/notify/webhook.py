"""A web address as a target: JSON is posted to it, over a connection of its own for each notice.

Redirects are not followed (the address in the settings is the one that was meant), the environment's proxies are not
used, certificates are verified, and the whole exchange has one time limit, however slowly the other side answers.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, RemoteDisconnected
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from detect.notify.outcome import TOLD, Outcome, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from config.alerts import NotifyTarget
    from detect.notify.outcome import Send

_AGAIN: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Answers that are about this moment, not about what was sent."""
_SAFE_IN_PATH: Final = "%/:=&?~+!$,;'@()*[]"
_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "auditail", "Accept": "*/*"}


def posting(target: NotifyTarget, clock: Callable[[], int]) -> Send:
    """Return what posts to a target's address; `clock` gives UTC microseconds, for dates in answers."""
    assert target.webhook is not None
    parts = urlsplit(target.webhook)
    path = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_SAFE_IN_PATH)
    own = {name.lower() for name in target.headers}
    headers = {name: text for name, text in _HEADERS.items() if name.lower() not in own} | target.headers
    host, port, timeout_s = parts.hostname or "", parts.port, target.timeout_s

    def connection() -> HTTPConnection:
        if parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=timeout_s, context=ssl.create_default_context())
        return HTTPConnection(host, port, timeout=timeout_s)

    def send(payload: str) -> Outcome:
        with _limited(connection(), timeout_s) as (open_one, over):
            try:
                open_one.connect()
                if over.is_set():
                    return failed(_late(timeout_s))
                open_one.request("POST", path, body=payload.encode(), headers=headers)
                response = open_one.getresponse()
                # Where it was cut, what came until then may look like a whole answer.
                return failed(_late(timeout_s)) if over.is_set() else _verdict(response, clock)
            except (OSError, HTTPException) as error:
                late = over.is_set() or isinstance(error, TimeoutError)
                return failed(_late(timeout_s) if late else _words(error))

    return send


@contextmanager
def _limited(connection: HTTPConnection, timeout_s: float) -> Generator[tuple[HTTPConnection, threading.Event]]:
    """End an exchange that takes too long as a whole: the socket's own limit is one for each single step."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        if isinstance(connection.sock, socket.socket):
            with suppress(OSError):
                # The plain one: that of an encrypted socket pulls away what the other thread is reading through.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(timeout_s, cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection, over
    finally:
        timer.cancel()
        connection.close()


def _verdict(response: HTTPResponse, clock: Callable[[], int]) -> Outcome:
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return TOLD
    answer = f"the address answered {status}"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return failed(f"{answer}: redirects are not followed, name the final address", for_good=True)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _AGAIN:
        return failed(answer, for_good=True)
    return failed(answer, wait_s=retry_after_s(response.getheader("Retry-After"), clock()))


def retry_after_s(text: str | None, now_us: int) -> float | None:
    """Return for how many seconds an answer asks to wait: `Retry-After` has them, or a date; None: it says nothing."""
    if text is None:
        return None
    if text.strip().isdecimal() and text.isascii():
        return float(text.strip())
    try:
        moment = parsedate_to_datetime(text)
        seconds = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now_us / 1e6
    except (ValueError, OverflowError, IndexError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _late(timeout_s: float) -> str:
    return f"no answer within {timeout_s:g} s"


def _words(error: OSError | HTTPException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the address's certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, socket.gaierror):
        return f"the address's host is not known: {error.strerror}"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens at the address"
    if isinstance(error, RemoteDisconnected):
        return "the other side ended the connection without an answer"
    if isinstance(error, HTTPException):
        return f"the other side does not speak HTTP ({type(error).__name__})"
    return f"the connection failed: {error.strerror or type(error).__name__}"
