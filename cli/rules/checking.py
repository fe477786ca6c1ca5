"""Whether the rules in some files can be used, together with all others that are there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from detect.rule_files import rule_folders
from detect.rules.load import load_texts, rule_paths, texts_of
from detect.rules.model import RuleSet
from detect.rules.problem import RuleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loading import Loaded


def checked(loaded: Loaded, files: Sequence[str]) -> RuleSet:
    """Return the rules of these files (and folders) that can be used, and what is wrong with the others.

    They may refer to shipped rules and one's own. Where one has the id of a rule in another folder, it stands for that.
    """
    problems: list[RuleError] = []
    named = [one for file in files for one in _files(Path(file), problems)]
    there = {_real(path) for path in named}
    others = [
        path
        for folder in rule_folders(str(loaded.rules_folder))
        for path in _rule_files(folder, [])
        if _real(path) not in there
    ]
    texts = [*texts_of(others, []), *texts_of(named, problems)]
    found = load_texts(texts, replacing=True)
    names = {str(path) for path in named}
    wrong = [*problems, *(problem for problem in found.problems if problem.path in names)]
    return RuleSet(
        tuple(rule for rule in found.rules if rule.path in names),
        tuple(sorted(wrong, key=lambda one: (one.path, one.line))),
    )


def _files(path: Path, problems: list[RuleError]) -> list[Path]:
    """Return the file itself, or the rule files in a folder."""
    return _rule_files(path, problems) if path.is_dir() else [path]


def _rule_files(folder: Path, problems: list[RuleError]) -> list[Path]:
    try:
        return rule_paths(folder)
    except OSError as error:
        problems.append(RuleError(str(folder), 1, f"the folder cannot be read: {error.strerror}"))
        return []


def _real(path: Path) -> str:
    """Return where a path leads, as far as it can be told: links may lead in a circle."""
    return os.path.realpath(path)
