"""Whether the rules in some files can be used, together with all others that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from detect.rule_files import rule_folders
from detect.rules.load import SUFFIXES, load_texts
from detect.rules.model import RuleSet
from detect.rules.problem import RuleError
from detect.rules.yaml_text import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from config.loading import Loaded


def checked(loaded: Loaded, files: Sequence[str]) -> RuleSet:
    """Return the rules of these files (and folders) that can be used, and what is wrong with the others.

    They may refer to shipped rules and one's own. Where one has the id of a rule in another folder, it stands for that.
    """
    named = [one for file in files for one in _files(Path(file))]
    there = {path.resolve() for path in named}
    others = [
        path
        for folder in rule_folders(str(loaded.rules_folder))
        for path in _rule_files(folder)
        if path.resolve() not in there
    ]
    problems: list[RuleError] = []
    texts = [*_texts(others, []), *_texts(named, problems)]
    found = load_texts(texts, replacing=True)
    names = {str(path) for path in named}
    wrong = [*problems, *(problem for problem in found.problems if problem.path in names)]
    return RuleSet(
        tuple(rule for rule in found.rules if rule.path in names),
        tuple(sorted(wrong, key=lambda one: (one.path, one.line))),
    )


def _files(path: Path) -> list[Path]:
    """Return the file itself, or the rule files in a folder."""
    return _rule_files(path) if path.is_dir() else [path]


def _rule_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*")) if path.suffix in SUFFIXES and not path.name.startswith(".")]


def _texts(paths: Iterable[Path], problems: list[RuleError]) -> list[tuple[str, bytes]]:
    """Return what stands in files; those that cannot be read are problems."""
    found: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append((str(path), file.read(MAX_BYTES + 1)))
        except OSError as error:
            problems.append(RuleError(str(path), 1, f"the file cannot be read: {error.strerror}"))
    return found
