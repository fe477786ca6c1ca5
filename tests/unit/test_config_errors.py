"""Whatever is wrong with settings is said in one line that names the key, the file and the line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import BadValueError, SettingsError, UnknownKeyError, UnreadableSettingsError
from config.loading import load


def problem(home: Path, text: str | bytes, **more: str) -> SettingsError:
    path = home / ".config/auditail/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError) as caught:
        load(environ={"HOME": str(home), **more}, cwd=home)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("text", "unknown", "nearest", "line"),
    [
        ("logging:\n  retention_day: 90\n", "logging.retention_day", "logging.retention_days", 2),
        ("\n\ningst:\n  paths: []\n", "ingst", "ingest", 3),
        ("ingest:\n  path: [/a]\n", "ingest.path", "ingest.paths", 2),
        ("retention_days: 90\n", "retention_days", "logging.retention_days", 1),
        ("logging:\n  export:\n    destnation: x\n", "logging.export.destnation", "logging.export.destination", 3),
    ],
)
def test_an_unknown_key_names_the_nearest_the_file_and_the_line(
    home: Path, text: str, unknown: str, nearest: str, line: int
) -> None:
    error = problem(home, text)
    assert isinstance(error, UnknownKeyError)
    assert str(error) == (
        f"{home}/.config/auditail/config.yaml:{line}: unknown setting {unknown}: did you mean {nearest}?"
    )


def test_a_key_like_no_other_is_still_an_error(home: Path) -> None:
    assert "`auditail status` lists" in str(problem(home, "zzz: 1"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("logging: {retention_days: soon}", "logging.retention_days must be a whole number, not 'soon'"),
        ("logging: {retention_days: true}", "logging.retention_days must be a number, not True"),
        ("logging: {retention_days: 0}", "logging.retention_days must be greater than or equal to 1, not 0"),
        ("ingest: {redact: perhaps}", "ingest.redact must be true or false, not 'perhaps'"),
        ("ingest: {paths: /a}", "ingest.paths must be a list, as in [a, b], not '/a'"),
        ("ingest: {paths: [1]}", "ingest.paths must be text (put it in quotes), not 1"),
        ("ingest: {user: 12}", "ingest.user must be text (put it in quotes), not 12"),
        ("logging: {export: {format: xml}}", "logging.export.format must be 'json', 'jsonl' or 'csv', not 'xml'"),
    ],
)
def test_a_wrong_value_says_what_it_must_be(home: Path, text: str, words: str) -> None:
    error = problem(home, text)
    assert isinstance(error, BadValueError)
    assert str(error) == f"{home}/.config/auditail/config.yaml:1: {words}"


def test_a_wrong_variable_is_named(home: Path) -> None:
    error = problem(home, "", AUDITAIL_LOGGING__RETENTION_DAYS="soon")
    assert str(error).startswith("AUDITAIL_LOGGING__RETENTION_DAYS: logging.retention_days must be a whole number")
    error = problem(home, "", AUDITAIL_INGEST__PATH="/a")
    assert str(error) == "unknown variable AUDITAIL_INGEST__PATH: did you mean AUDITAIL_INGEST__PATHS?"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1", "is not valid YAML"),
        ("ingest: &x {paths: []}\nui: *x\n", "config.yaml:2 uses a YAML alias"),
        ("ui: {theme: !!python/object/apply:os.system ['true']}", "uses a YAML tag"),
        ("x: " + "[" * 100_000, "is nested too deeply"),
        (b"ui: {theme: \xff}", "is not UTF-8 text"),
        ("# " + "x" * (1 << 20), "over 1 MiB"),
        ("ui: {utc: true}\nui: {utc: false}\n", "config.yaml:2: ui is given twice"),
        ("- a\n- b\n", "must be keys with values"),
        ("ingest: 5\n", "ingest must hold keys"),
        ("ui: {utc: true}\n---\nui: {utc: false}\n", "is not valid YAML"),
        ("ui: {utc: '\x01'}", "is not valid YAML"),
        ("? [a, b]\n: 1\n", "unknown setting"),
    ],
)
def test_a_file_that_is_not_plain_settings_is_refused(home: Path, text: str | bytes, words: str) -> None:
    assert words in str(problem(home, text))


def test_an_empty_file_or_section_says_nothing(home: Path) -> None:
    path = home / ".config/auditail/config.yaml"
    path.parent.mkdir(parents=True)
    for text in ("", "# only a remark\n", "ingest:\nui:\n"):
        path.write_text(text)
        assert load(environ={"HOME": str(home)}, cwd=home).settings.ingest.paths == ()


def test_a_named_file_must_exist(home: Path) -> None:
    with pytest.raises(UnreadableSettingsError, match="name one that exists with --config"):
        load(environ={"HOME": str(home)}, cwd=home, config_file=home / "none.yaml")


def test_a_pipe_in_the_place_of_a_file_does_not_hang(home: Path) -> None:
    path = home / "services/logging/config.yaml"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    with pytest.raises(UnreadableSettingsError, match="not a regular file"):
        load(environ={"HOME": str(home)}, cwd=home)
