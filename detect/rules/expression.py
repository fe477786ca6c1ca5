"""What a detection says, as a tree: tests of single fields under *and*, *or* and *not*."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypeAlias

from detect.rules.wildcards import Parts

Operator: TypeAlias = Literal["gt", "gte", "lt", "lte"]


@dataclass(frozen=True, slots=True)
class TextIs:
    """The value is one of these texts. Not `cased`: they are in lower case, and case does not matter."""

    texts: frozenset[str]
    cased: bool = False


@dataclass(frozen=True, slots=True)
class TextLike:
    """The value is like this, from its first to its last character."""

    parts: Parts
    cased: bool = False


@dataclass(frozen=True, slots=True)
class TextMatches:
    """A regular expression (RE2) is found somewhere in the value."""

    pattern: str


@dataclass(frozen=True, slots=True)
class NumberIs:
    """The value is this number, or the text that it is written as."""

    number: int | float


@dataclass(frozen=True, slots=True)
class NumberCompares:
    """The value is a number that compares so."""

    operator: Operator
    number: int | float


@dataclass(frozen=True, slots=True)
class TruthIs:
    """The value is true, or false, as JSON has them."""

    truth: bool


@dataclass(frozen=True, slots=True)
class IsPresent:
    """The event has a value in the field, or has none."""

    present: bool


@dataclass(frozen=True, slots=True)
class AddressWithin:
    """The value is an address of this network."""

    network: IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class SameAsField:
    """The value is the same as that of another field; never where one of them is absent."""

    other: str


Check: TypeAlias = (
    TextIs | TextLike | TextMatches | NumberIs | NumberCompares | TruthIs | IsPresent | AddressWithin | SameAsField
)


@dataclass(frozen=True, slots=True)
class FieldTest:
    """A check of one field. Where the value is a list, one of its items suffices."""

    field: str
    check: Check


@dataclass(frozen=True, slots=True)
class AllOf:
    """Everything must hold."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One must hold."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """It must not hold. A test of a field that the event does not have does not hold, so this does."""

    part: Expression


Expression: TypeAlias = FieldTest | AllOf | AnyOf | Negated


def all_of(parts: list[Expression]) -> Expression:
    """Return the one part, or that all must hold; there is at least one."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(parts: list[Expression]) -> Expression:
    """Return the one part, or that one must hold; there is at least one."""
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))
