"""JSON leaves whole, and on a terminal it says the same without steering it."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from cli.render.json_output import escaped, write_array, write_lines
from store.safe_text import safe_text


def test_an_array_is_json_whatever_its_length() -> None:
    for number in (0, 1, 2, 30_000):
        out = io.BytesIO()
        assert write_array((b'{"n":%d}' % n for n in range(number)), out, on_terminal=False) == number
        assert [item["n"] for item in json.loads(out.getvalue())] == list(range(number))


def test_lines_are_one_event_each() -> None:
    out = io.BytesIO()
    assert write_lines((b'{"n":%d}' % n for n in range(9000)), out, on_terminal=False) == 9000
    assert [json.loads(line)["n"] for line in out.getvalue().splitlines()] == list(range(9000))


def test_events_are_written_before_all_of_them_are_known() -> None:
    out = io.BytesIO()

    def endless() -> object:
        for _ in range(1000):
            yield b'"' + b"x" * 1000 + b'"'
        assert out.tell() > 900_000
        return

    write_array(endless(), out, on_terminal=False)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@given(st.text())
def test_escaping_keeps_the_value_and_leaves_nothing_harmful(text: str) -> None:
    event = json.dumps({"message": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    shown = escaped(event)
    assert json.loads(shown) == json.loads(event)
    assert safe_text(shown.decode()) == shown.decode()


def test_only_a_terminal_gets_escapes() -> None:
    event = '{"m":"\u202e\x9b\U000e0041é"}'.encode()
    plain, shown = io.BytesIO(), io.BytesIO()
    write_lines([event], plain, on_terminal=False)
    write_lines([event], shown, on_terminal=True)
    assert plain.getvalue() == event + b"\n"
    assert shown.getvalue().decode() == '{"m":"\\u202e\\u009b\\udb40\\udc41é"}\n'
