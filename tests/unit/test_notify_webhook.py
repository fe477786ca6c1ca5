"""A notice posted to a real server: what arrives, which answers are final, and that nothing is followed or leaked."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config.alerts import NotifyTarget
from detect.notify.outcome import TOLD, Outcome
from detect.notify.webhook import posting, retry_after_s
from tests.listening import listening

NOW = 1_800_000_000_000_000
"""2027-01-15 08:00:00 UTC."""


def post(address: str, headers: dict[str, str] | None = None, timeout_s: float = 20) -> Outcome:
    target = NotifyTarget(webhook=address, headers=headers or {}, timeout_s=timeout_s)
    return posting(target, lambda: NOW)('{"text": "é"}')


def test_what_is_posted_arrives_with_its_headers() -> None:
    with listening() as server:
        assert post(server.address("/a b%20c?k=é".replace(" ", "%20")), {"Authorization": "Bearer t"}) == TOLD
    (posted,) = server.posted
    assert posted.body == '{"text": "é"}'.encode()
    assert posted.path == "/a%20b%20c?k=%C3%A9"
    assert posted.headers["Authorization"] == "Bearer t"
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert posted.headers["User-Agent"] == "auditail"


def test_ones_own_headers_take_the_place_of_the_usual_ones() -> None:
    with listening() as server:
        post(server.address(), {"content-type": "application/vnd.own+json"})
    assert [text for name, text in server.posted[0].headers.items() if name.lower() == "content-type"] == [
        "application/vnd.own+json"
    ]


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_answers_about_the_notice_are_final_and_those_about_the_moment_are_not(status: int, for_good: bool) -> None:
    with listening((status, {})) as server:
        found = post(server.address())
    assert (found.error, found.for_good) == (f"the address answered {status}", for_good)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_two_hundred_and_its_like_are_fine(status: int) -> None:
    with listening((status, {})) as server:
        assert post(server.address()) == TOLD


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with listening() as elsewhere, listening((status, {"Location": elsewhere.address("/secret")})) as server:
        found = post(server.address(), {"Authorization": "Bearer t"})
        assert elsewhere.posted == []
    assert found.for_good
    assert found.error == f"the address answered {status}: redirects are not followed, name the final address"


def test_the_other_side_may_ask_to_be_left_alone() -> None:
    with listening((429, {"Retry-After": "120"}), (503, {})) as server:
        assert post(server.address()).wait_s == 120
        assert post(server.address()).wait_s is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Fri, 99 Jan 2027 08:01:00 GMT", None),
        (None, None),
    ],
)
def test_how_long_is_a_number_of_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert retry_after_s(text, NOW) == seconds


def test_nobody_listens() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    found = post(f"http://127.0.0.1:{port}/hook/token")
    assert (found.error, found.for_good) == ("nobody listens at the address", False)


def test_one_that_drips_is_cut_off_however_lively_it_is() -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.01):
                handler.wfile.write(b"x")

    with listening(drip) as server:
        found = post(server.address(), timeout_s=0.2)
        over.set()
    assert (found.error, found.for_good) == ("no answer within 0.2 s", False)


def test_one_that_says_nothing_is_not_waited_for() -> None:
    over = threading.Event()

    def say_nothing(_handler: BaseHTTPRequestHandler) -> None:
        over.wait(20)

    with listening(say_nothing) as server:
        found = post(server.address(), timeout_s=0.1)
        over.set()
    assert found.error == "no answer within 0.1 s"


@pytest.mark.parametrize("said", [b"\x1b]0;evil\x07\r\n\r\n", b"", b"HTTP/1.1 2oo OK\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_what_is_not_http_is_a_failure_in_safe_words(said: bytes) -> None:
    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(said)

    with listening(talk) as server:
        found = post(server.address())
    assert found.error in {
        "the other side does not speak HTTP (BadStatusLine)",
        "the other side ended the connection without an answer",
    }
    assert not found.for_good


def test_an_unencrypted_server_at_an_encrypted_address_is_not_told_anything() -> None:
    with listening() as server:
        found = post(f"https://127.0.0.1:{server.port}/hook/token")
        assert server.posted == []
    assert found.error is not None
    assert found.error.startswith("the connection failed: ")
    assert "token" not in found.error


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody has signed, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is absent")
    folder = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    more = "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *words.split(), *more.split()], cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    with listening(certificate=certificate) as server:
        found = post(server.address("/token"))
        assert server.posted == []
    assert found.error is not None
    assert found.error.startswith("the address's certificate cannot be trusted: ")
    assert not found.for_good


def test_a_certificate_of_ones_own_is_trusted_where_the_environment_says_so(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    with listening(certificate=certificate) as server:
        assert post(server.address()) == TOLD
        assert post(server.address().replace("127.0.0.1", "localhost")).error is not None  # it is for another name
    assert len(server.posted) == 1


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as proxy, listening() as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert post(server.address()) == TOLD
        assert (len(server.posted), len(proxy.posted)) == (1, 0)
