"""Redaction leaves JSON as JSON, is stable, and takes nothing but credentials."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ingest.redact import Redactor

WORDS = st.text(alphabet='abc"\\ \n:{}é', max_size=12)
SECRETS = st.sampled_from(["AKIAIOSFODNN7EXAMPLE", "sk-" + "a1" * 12, "ghp_" + "A1b2" * 9])


@given(before=WORDS, after=WORDS, secret=SECRETS, key=st.sampled_from(["message", "password", "token"]))
def test_a_redacted_record_is_the_same_record_without_the_credential(
    before: str, after: str, secret: str, key: str
) -> None:
    record = {key: f"{before} {secret} {after}", "other": before}
    clean, count = Redactor(b"key").redact(orjson.dumps(record))
    found = orjson.loads(clean)
    assert secret not in found[key]
    assert found["other"] == before
    assert count >= 1
    assert Redactor(b"key").redact(clean) == (clean, 0)


@given(st.dictionaries(WORDS, WORDS, max_size=4))
def test_plain_text_stays(record: dict[str, str]) -> None:
    raw = orjson.dumps(record)
    assert Redactor().redact(raw) == (raw, 0)
