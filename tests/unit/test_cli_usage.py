"""A command line that cannot be followed is answered by one line that names the nearest right word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.main import run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("logs", "--formt", "json"), "no such option --formt: did you mean --format?"),
        (("--sotre", "x"), "no such option --sotre: did you mean --store?"),
        (("logs", "--agnt=x"), "no such option --agnt: did you mean --agent?"),
        (("logs", "-z"), "no such option -z: see auditail logs --help"),
        (("lgos",), "no such command 'lgos'. Did you mean 'logs'?"),
        (("schema", "assistant"), "unexpected 'assistant': auditail schema --help says what it takes"),
        (("logs", "--count", "--facet", "tool"), "two different questions: ask one at a time"),
        (("logs", "--follow", "--sort", "cost"), "--follow never ends, so it cannot be combined with --sort"),
        (("logs", "--columns", "time", "--format", "json"), "--columns is for tables and CSV"),
        (("logs", "--context", "2", "--format", "csv"), "--context is for tables"),
        (("logs", "--limit", "many"), "wrong value for '--limit': it must be a whole number"),
        (("logs", "--format", "xml"), "'xml' is not one of 'table', 'json', 'jsonl', 'csv'"),
        (("logs", "--follow", "--format", "json"), "use --format jsonl"),
        (("quarantine", "show"), "missing argument 'ID'"),
        (("demo", "--headless"), "--out DIR"),
        (("--watch", "x", "logs"), "ingest --follow PATH"),
        (("--query", "", "logs"), "use `infra logs QUERY`"),
    ],
)
def test_a_misspelt_command_line_names_the_nearest(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("auditail: ")
    assert words in err
    assert err.count("\n") == 1


def test_a_wrong_query_is_pointed_at_before_the_dashboard_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--query", "agent:a agnet:b"]) == 2
    out, err = capsys.readouterr()
    problem, query, place = err.splitlines()
    assert out == ""
    assert problem == ("auditail: there is no key agnet: (quote the word to search for it); did you mean agent:?")
    assert (query, place) == ("  agent:a agnet:b", "          ^^^^^")


@pytest.mark.parametrize(
    "arguments", [("--help",), ("infra",), ("quarantine",), ("service",), ("logs", "--help"), ("restore", "-h")]
)
def test_help_is_data_and_bare_groups_print_it(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: auditail")
    assert err == ""
    assert all(len(line) <= 100 for line in out.splitlines())


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("auditail")


HEAVY = {"sqlmodel", "sqlalchemy", "textual", "rich", "yaml", "orjson", "watchfiles"}


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [(["--help"], HEAVY | {"pydantic"}), (["logs", "--help"], HEAVY), (["infra"], HEAVY), (["service"], HEAVY)],
)
def test_help_loads_nothing_heavy(arguments: list[str], heavy: set[str]) -> None:
    code = (
        f"import sys; from cli.main import run; run({arguments!r}); found = {heavy!r} & set(sys.modules);"
        "sys.exit(f'loaded: {found}' if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_mistake_of_the_program_is_one_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_arguments: object) -> int:
        raise KeyError("\x1b[2J")

    monkeypatch.setattr("cli.main._invoke", broken)
    assert run([]) == 70
    err = capsys.readouterr().err
    assert err.startswith("auditail: internal error, KeyError")
    assert "\x1b" not in err
    monkeypatch.setenv("AUDITAIL_DEBUG", "1")
    run([])
    assert "Traceback" in capsys.readouterr().err
