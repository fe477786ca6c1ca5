"""One document: a rule, or a list of what is wrong with it."""

from __future__ import annotations

from hashlib import blake2b
from inspect import isclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, get_args

import orjson
from pydantic import ValidationError

from detect.rules.condition import condition
from detect.rules.correlation import Correlation
from detect.rules.detection import Detection, detection
from detect.rules.explanation import placeholder_problem
from detect.rules.expression import Expression, all_of
from detect.rules.extension import KINDS, Extension, Invariant, Match
from detect.rules.header import Frozen, Header
from detect.rules.model import Rule
from detect.rules.problem import NotUnderstoodError, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from detect.rules.yaml_text import Document

_BODIES: Final = ("detection", "correlation", "auditail")
_WRITTEN: Final = {
    "tags": "a tag is written as attack.t1078 or owasp.llm06: what it is from, a dot, small letters and digits",
    "name": "a name has letters, digits, and _ . - between them, up to 80 in all",
    "id": "an id is a UUID, as in 7d5c9f0e-2b1a-4c7e-9a55-3f0d8b6e1c42: `uuidgen` makes one",
}
"""How the parts are written of which not everything can be one."""
_KINDS_OF_VALUE: Final = {
    "model_type": "holds keys with values",
    "dict_type": "holds keys with values",
    "tuple_type": "is a list",
    "string_type": "is text: put it in quotes",
}
_NOT_HERE: Final = {"related", "fields", "scope", "taxonomy", "action", "filter"}
_Part = TypeVar("_Part", bound=Frozen)
_TOP: Final = (*Header.model_fields, *_BODIES)


def rule_of(document: Document) -> Rule:
    """Return the rule of a document. What a correlation refers to is not looked up yet.

    Raises:
        RuleError: something in it is not understood; the first such thing.
    """
    try:
        return _rule(document)
    except NotUnderstoodError as error:
        raise document.error(error.place, error.problem, error.suggestion) from None


def _rule(document: Document) -> Rule:
    if document.problem is not None:
        raise document.problem
    plain = document.data
    if not isinstance(plain, dict):
        raise NotUnderstoodError((), "a rule holds keys with values, beginning with its title")
    data = cast("dict[str, Any]", plain)
    for key in data:
        if key not in _TOP:
            _unknown_key(key)
    header = _validated(Header, {key: value for key, value in data.items() if key not in _BODIES}, ())
    options = _options(data.get("auditail", {}), correlates="correlation" in data)
    return Rule(header, document.path, document.line, options, _fingerprint(data), **_body(data, header, options))


def _unknown_key(key: str) -> None:
    if key in _NOT_HERE:
        raise NotUnderstoodError((key,), f"{key} of Sigma is not supported here: leave it out")
    raise NotUnderstoodError((key,), f"unknown key {key}", nearest(key, _TOP))


def _body(data: dict[str, Any], header: Header, options: Extension) -> dict[str, Any]:
    """Return what of a rule differs between a detection, a filter and a correlation."""
    said = [name for name in ("detection", "correlation") if name in data]
    said += ["auditail"] if options.filter is not None else []
    if not said:
        raise NotUnderstoodError((), "the rule says nothing to look for: it needs a detection")
    if len(said) > 1:
        raise NotUnderstoodError((said[1],), f"{said[0]} and {said[1]} both say what to look for: keep one of them")
    source = header.logsource.expression()
    if "correlation" in data:
        if source is not None:
            raise NotUnderstoodError(("logsource",), "a correlation has no log source: its rules have")
        correlation = _validated(Correlation, data["correlation"], ("correlation",))
        _check_explanation(options, correlation.group_by, str(correlation.type))
        return {"correlation": correlation}
    _check_explanation(options, options.group_by or (), options.kind)
    if options.filter is not None:
        if source is not None:
            raise NotUnderstoodError(("logsource",), "with a filter the type belongs into it, as in type:auth.*")
        return {}
    found = detection(data["detection"])
    parts = [found.expression] if source is None else [source, found.expression]
    return {"expression": all_of(parts), "examines": _examines(options, found)}


def _examines(options: Extension, found: Detection) -> Expression | None:
    if not isinstance(options, Invariant) or options.examines is None:
        return None
    return condition(options.examines, dict(found.searches), ("auditail", "examines"))


def _check_explanation(options: Extension, group_by: tuple[str, ...], kind: str) -> None:
    if options.explanation is not None and (wrong := placeholder_problem(options.explanation, kind, group_by)):
        problem, suggestion = wrong
        raise NotUnderstoodError(("auditail", "explanation"), problem, suggestion)


def _options(data: Any, *, correlates: bool) -> Extension:
    place = ("auditail",)
    if not isinstance(data, dict):
        raise NotUnderstoodError(place, "auditail holds keys with values")
    said = cast("dict[str, Any]", data)
    kind = said.get("kind", "match")
    if correlates:
        for key in ("kind", "filter", "group-by"):
            if key in said:
                raise NotUnderstoodError((*place, key), f"a correlation takes no auditail {key}")
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotUnderstoodError((*place, "kind"), f"unknown kind {kind}", nearest(str(kind), KINDS))
    model = KINDS[kind]
    options = _validated(model, said, place)
    if options.filter is not None and not isinstance(options, Match):
        raise NotUnderstoodError((*place, "filter"), f"a filter cannot be combined with the kind {kind}")
    return options


def _validated(model: type[_Part], data: Any, place: tuple[str | int, ...]) -> _Part:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise _said(model, detail, place) from None


def _said(model: type[Frozen], detail: ErrorDetails, place: tuple[str | int, ...]) -> NotUnderstoodError:
    """Return a validation error in words."""
    where = (*place, *detail["loc"])
    name = ".".join(str(part) for part in detail["loc"]) or ".".join(map(str, place)) or "the rule"
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        return NotUnderstoodError(where, f"unknown key {name}", nearest(str(where[-1]), _keys(model)))
    if detail["type"] == "missing":
        return NotUnderstoodError(where[:-1], f"{name} is missing")
    if detail["type"] in ("literal_error", "enum"):
        expected = str(context["expected"])
        words = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
        return NotUnderstoodError(where, f"{name} is one of {', '.join(words)}", nearest(str(detail["input"]), words))
    if detail["type"] == "value_error":
        return NotUnderstoodError(where, str(context["error"]))
    if detail["type"] in ("string_pattern_mismatch", "uuid_parsing", "uuid_type") and where[0] in _WRITTEN:
        return NotUnderstoodError(where, _WRITTEN[str(where[0])])
    if detail["type"] in _KINDS_OF_VALUE:
        return NotUnderstoodError(where, f"{name} {_KINDS_OF_VALUE[detail['type']]}")
    return NotUnderstoodError(where, f"{name}: {detail['msg'][0].lower()}{detail['msg'][1:]}")


def _keys(model: type[Frozen]) -> list[str]:
    """Return the keys of a model, and of the models within it."""
    keys: list[str] = []
    for name, field in model.model_fields.items():
        keys.append(field.alias or name)
        for kind in (field.annotation, *get_args(field.annotation)):
            if isclass(kind) and issubclass(kind, Frozen):
                keys += _keys(kind)
    return keys


def _fingerprint(data: dict[str, Any]) -> str:
    deciding = {key: data[key] for key in ("logsource", *_BODIES) if key in data}
    plain = orjson.dumps(deciding, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return blake2b(plain, digest_size=8).hexdigest()
