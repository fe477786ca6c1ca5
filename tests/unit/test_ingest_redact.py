"""Credentials never reach the store, and what only speaks of them stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.redact import Redactor
from tests.ingest_place import Place, line

HEX = "0123456789abcdef" * 3
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
SECRETS = {
    "an API key": ("sk-ant-api03-" + HEX, "api-key"),
    "an AWS key": ("AKIAIOSFODNN7EXAMPLE", "aws-key"),
    "a temporary AWS key": ("ASIAIOSFODNN7EXAMPLE", "aws-key"),
    "a GitHub token": ("ghp_" + HEX[:36], "github-token"),
    "a fine-grained GitHub token": ("github_pat_" + HEX, "github-token"),
    "a GitLab token": ("glpat-" + HEX[:20], "gitlab-token"),
    "a Slack token": ("xoxb-" + HEX[:24], "slack-token"),
    "a Google key": ("AIza" + HEX[:35], "google-key"),
    "a signed token": (JWT, "jwt"),
}


@pytest.mark.parametrize(("secret", "kind"), SECRETS.values(), ids=SECRETS.keys())
def test_a_credential_is_known_by_its_form(secret: str, kind: str) -> None:
    raw = b'{"message":"use %s, please"}' % secret.encode()
    clean, count = Redactor(b"key").redact(raw)
    assert secret.encode() not in clean
    assert clean.startswith(b'{"message":"use [redacted:%s:' % kind.encode())
    assert clean.endswith(b'], please"}')
    assert count == 1


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (b'{"password":"hunter2"}', b'{"password":"[redacted:password:'),
        (b'{"Password" : "two words"}', b'{"Password" : "[redacted:password:'),
        (b'{"api_key":"abcdefgh"}', b'{"api_key":"[redacted:secret:'),
        (b'{"client_secret":"a\\"bcdefgh"}', b'{"client_secret":"[redacted:secret:'),
        (b'{"access_token":"abcdefghij"}', b'{"access_token":"[redacted:token:'),
        (b'{"Authorization":"Basic YTpi"}', b'{"Authorization":"[redacted:authorization:'),
        (b'{"x":"Bearer abcdef0123456789"}', b'{"x":"Bearer [redacted:bearer:'),
        (b'{"x":"https://bob:s3cret@host/"}', b'{"x":"https://[redacted:url-password:'),
        (b'{"x":"{\\"password\\": \\"hunter2\\"}"}', b'{"x":"{\\"password\\": \\"[redacted:password:'),
    ],
)
def test_a_credential_is_known_by_where_it_stands(raw: bytes, clean: bytes) -> None:
    redacted, count = Redactor().redact(raw)
    assert redacted.startswith(clean)
    assert count == 1


def test_a_private_key_is_taken_out_whole() -> None:
    raw = b'{"x":"a -----BEGIN RSA PRIVATE KEY-----\\nMIIEow\\n-----END RSA PRIVATE KEY----- b"}'
    clean, count = Redactor().redact(raw)
    assert b"MIIEow" not in clean
    assert clean.startswith(b'{"x":"a [redacted:private-key:')
    assert clean.endswith(b'] b"}')
    assert count == 1


@pytest.mark.parametrize(
    "raw",
    [
        b'{"message":"bad password for alice"}',
        b'{"event_type":"auth.token_issued","input_tokens":120,"token_count":"12345678"}',
        b'{"tokens":"many of them","max_token":"abcdefghij"}',
        b'{"password":"***","secret":"<hidden>","token":"${TOKEN}","api_key":null,"passwd":""}',
        b'{"message":"the task-force and sk-learn-has-many-useful-models"}',
        b'{"message":"Bearer authentication failed for somebody"}',
        b'{"authorization":"granted"}',
        b'{"message":"mail bob@example.com or see https://example.com/a@b"}',
        b'{"message":"-----BEGIN CERTIFICATE----- is public"}',
        b'{"monkey":"abcdefgh","keyboard":"abcdefgh","secretary":"Miss Lemon"}',
        b'{"request_id":"req_0123456789abcdef0123456789abcdef"}',
        b'{"a":"{\\"note\\": \\"password: ask the admin\\"}"}',
    ],
)
def test_what_is_no_credential_stays_as_it_is(raw: bytes) -> None:
    assert Redactor().redact(raw) == (raw, 0)


def test_equal_credentials_look_equal_and_another_key_gives_another_hash() -> None:
    raw = b'{"a":"AKIAIOSFODNN7EXAMPLE","b":"AKIAIOSFODNN7EXAMPLE"}'
    one, count = Redactor(b"one").redact(raw)
    other, _ = Redactor(b"other").redact(raw)
    assert count == 2
    assert one.count(one.split(b'"')[3]) == 2
    assert one != other


def test_nothing_of_a_credential_reaches_the_store_or_its_quarantine(tmp_path: Path) -> None:
    place = Place(tmp_path)
    kept = [secret for secret, _ in SECRETS.values()]
    place.write(
        "a.jsonl", b"".join(line(f"key {secret}") for secret in kept) + line("x", metadata={"password": "hunter2"})
    )
    place.write(
        "bad.jsonl",
        b'{"event_type": "agent.message", "message": "AKIAIOSFODNN7EXAMPLE", NaN}\n{"token":"hunter2hunter2"}\n',
    )
    place.write("doc.json", b'[{"event_type":"agent.message","nested":{"deep":{"client_secret":"hunter2hunter2"}}}]')
    summary = place.ingest()
    assert summary.events == len(kept) + 2
    assert summary.quarantined == 2
    assert summary.redacted == len(kept) + 4
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    for secret in [*kept, "hunter2"]:
        assert secret.encode() not in stored


def test_redaction_can_be_turned_off(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.settings = place.settings.model_copy(update={"redact": False})
    place.write("a.jsonl", line("AKIAIOSFODNN7EXAMPLE"))
    assert place.ingest().redacted == 0
    assert place.messages() == ["AKIAIOSFODNN7EXAMPLE"]
