"""From files to a set of rules: what can be used, and what is wrong with the rest."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from config.plain_yaml import MAX_BYTES
from detect.rules.extension import Invariant
from detect.rules.fields import FIELDS, is_field
from detect.rules.model import Rule, RuleSet
from detect.rules.problem import RuleError, nearest
from detect.rules.reading import rule_of
from detect.rules.yaml_text import documents

SUFFIXES = (".yml", ".yaml")
_MOST_PROBLEMS = 20
"""So many rules of one file are complained about one by one."""


def load_folders(folders: Sequence[Path]) -> RuleSet:
    """Return the rules of all YAML files directly in these folders; one that is not there has none.

    Where two files have the same id, the rule of the later folder stands in the place of the earlier one's.
    """
    texts: list[tuple[str, bytes]] = []
    problems: list[RuleError] = []
    for folder in folders:
        try:
            paths = rule_paths(folder)
        except OSError as error:
            problems.append(RuleError(str(folder), 1, f"the folder cannot be read: {error.strerror}"))
            continue
        texts += texts_of(paths, problems)
    found = load_texts(texts, replacing=len(folders) > 1)
    return replace(found, problems=(*problems, *found.problems))


def rule_paths(folder: Path) -> list[Path]:
    """Return the files directly in a folder that rules may be in, by name; none where it is not there.

    Raises:
        OSError: it is no folder, or cannot be read.
    """
    try:
        return [path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES and path.name[0] != "."]
    except FileNotFoundError:
        return []


def texts_of(paths: Iterable[Path], problems: list[RuleError]) -> list[tuple[str, bytes]]:
    """Return what stands in files, each as (path, bytes); those that cannot be read are added to the problems."""
    found: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            found.append((str(path), _bytes_of(path)))
        except OSError as error:
            problems.append(RuleError(str(path), 1, f"the file cannot be read: {error.strerror}"))
    return found


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, and one more than may be at most. A pipe is refused: reading it might never end."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        return file.read(MAX_BYTES + 1)


def load_texts(texts: Iterable[tuple[str, bytes]], *, replacing: bool = False) -> RuleSet:
    """Return the rules of some files, given as (path, bytes). One bad rule never stops the others.

    `replacing`: a rule of another folder may stand in the place of one with the same id; else that is a problem.
    """
    rules: list[Rule] = []
    problems: list[RuleError] = []
    for path, raw in texts:
        try:
            found = documents(path, raw)
        except RuleError as error:
            problems.append(error)
            continue
        for document in found:
            try:
                rules.append(rule_of(document))
            except RuleError as error:
                problems.append(error)
    return _resolved(_unique(rules, problems, replacing=replacing), problems)


def _in_order(problems: list[RuleError]) -> Iterator[RuleError]:
    """Give the problems by file and line, of each file the first ones."""
    ordered = sorted(problems, key=lambda one: (one.path, one.line))
    for _, wrong in groupby(ordered, key=lambda one: one.path):
        yield from _some_of(list(wrong))


def _some_of(wrong: list[RuleError]) -> list[RuleError]:
    """Return the first problems of one file, and how many more there are: a file of something else has thousands."""
    if len(wrong) <= _MOST_PROBLEMS:
        return wrong
    first, more = wrong[:_MOST_PROBLEMS], len(wrong) - _MOST_PROBLEMS
    return [*first, RuleError(first[-1].path, wrong[_MOST_PROBLEMS].line, f"{more} more rules cannot be used")]


def _unique(rules: list[Rule], problems: list[RuleError], *, replacing: bool) -> list[Rule]:
    """Return the rules without those whose id or name another has."""
    by_id: dict[str, Rule] = {}
    for rule in rules:
        other = by_id.get(rule.id)
        if other is not None and not (replacing and Path(other.path).parent != Path(rule.path).parent):
            problems.append(_wrong(rule, f"the id is that of {other.path}:{other.line}: give it one of its own"))
        else:
            by_id[rule.id] = rule
    by_name: dict[str, Rule] = {}
    for rule in by_id.values():
        if rule.name in by_name:
            other = by_name[rule.name]
            problems.append(_wrong(rule, f"the name {rule.name} is that of {other.path}:{other.line}"))
        else:
            by_name[rule.name] = rule
    return list(by_name.values())


def _resolved(rules: list[Rule], problems: list[RuleError]) -> RuleSet:
    """Look up what correlations refer to, again and again: a rule that falls away may take others with it."""
    standing = {rule.id: rule for rule in rules}
    while True:
        ids = {word: rule.id for rule in standing.values() for word in (rule.name, rule.id)}
        # Those that fall away stay until all were looked at: others may refer to them.
        broken: dict[str, RuleError] = {}
        for rule in standing.values():
            # Looking for the nearest name takes a moment, and nobody reads the thousandth.
            near = len(broken) < _MOST_PROBLEMS
            if problem := _unresolved(rule, ids, standing, near=near):
                broken[rule.id] = problem
        if not broken:
            break
        problems += broken.values()
        standing = {id_: rule for id_, rule in standing.items() if id_ not in broken}
    done = (_with_bases(rule, ids) for rule in standing.values())
    return RuleSet(tuple(done), tuple(_in_order(problems)))


def _unresolved(rule: Rule, ids: dict[str, str], standing: dict[str, Rule], *, near: bool) -> RuleError | None:
    if rule.correlation is None:
        return None
    for word in rule.correlation.rules:
        if word not in ids:
            return _wrong(rule, f"no rule that can be used is called {word}", nearest(word, ids) if near else None)
        if ids[word] == rule.id:
            return _wrong(rule, "it refers to itself: a correlation needs another rule to count")
        base = standing[ids[word]]
        if base.correlation is not None and (problem := _chain_problem(rule, base, standing, ids)):
            return _wrong(rule, problem)
        if isinstance(base.options, Invariant) and base.options.stays is not None:
            return _wrong(
                rule, f"{word} finds every event that its statement is about: a correlation cannot count them"
            )
        if base.correlation is None and base.kind not in ("match", "invariant"):
            return _wrong(
                rule, f"{word} is of the kind {base.kind}: a correlation takes rules that match single events"
            )
    return _wrong(rule, problem) if (problem := _alias_problem(rule)) else None


def _chain_problem(rule: Rule, base: Rule, standing: dict[str, Rule], ids: dict[str, str]) -> str | None:
    assert rule.correlation is not None
    assert base.correlation is not None
    if any(name not in base.correlation.group_by for name in rule.correlation.group_by):
        return f"it groups by what {base.name}, a correlation itself, does not group by"
    if rule.correlation.condition is not None and rule.correlation.condition.field is not None:
        return f"{base.name} is a correlation: its values cannot be counted"
    deeper = [standing[ids[word]] for word in base.correlation.rules if word in ids]
    if any(one.correlation is not None for one in deeper):
        return f"{base.name} refers to a correlation itself: two steps are the most"
    return None


def _alias_problem(rule: Rule) -> str | None:
    assert rule.correlation is not None
    for name in rule.correlation.group_by:
        if name in rule.correlation.aliases:
            missing = [word for word in rule.correlation.rules if word not in rule.correlation.aliases[name]]
            if missing:
                return f"the alias {name} names no field for {missing[0]}"
        elif not is_field(name):
            near = nearest(name, (*FIELDS, *rule.correlation.aliases))
            return f"group-by: unknown field {name}" + (f"; did you mean {near}?" if near else "")
    return None


def _with_bases(rule: Rule, ids: dict[str, str]) -> Rule:
    if rule.correlation is None:
        return rule
    return replace(rule, bases=tuple(ids[word] for word in rule.correlation.rules))


def _wrong(rule: Rule, problem: str, suggestion: str | None = None) -> RuleError:
    return RuleError(rule.path, rule.line, problem, suggestion)
