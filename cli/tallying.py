"""`--count` and `--facet`: how many events match, and the most frequent values among them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import orjson

from cli import stdout
from cli.problems import UsageProblem
from cli.searching import ProgressLine
from store.filters.keys import FACET_KEYS, Key, nearest
from store.safe_text import safe_text
from store.searching import CountQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.filters.model import Filter
    from store.reader import StoreReader
    from store.service import FacetValue

_ALWAYS: Final = (-(2**62), 2**62)
_TABLE_VALUES: Final = 20
_ALL_VALUES: Final = 1_000_000
_HEADINGS: Final = ("events", "errors", "denials")


def facet_key(name: str) -> Key:
    """Return the key whose values are wanted.

    Raises:
        UsageProblem: values of no such key can be listed.
    """
    found = next((key for key in FACET_KEYS if key == name.casefold()), None)
    if found is not None:
        return found
    near = nearest(name, FACET_KEYS)
    meant = f" (did you mean {near}?)" if near else ""
    raise UsageProblem(f"--facet takes {', '.join(FACET_KEYS)}, not {name!r}{meant}")


def print_count(reader: StoreReader, what: Filter, form: str, *, utc: bool) -> None:
    """Write how many events match: a number, or an object or a row with errors and denials beside it."""
    progress = ProgressLine(utc=utc)
    tally = reader.search.count(CountQuestion(what, *_ALWAYS), progress.counted).tally
    progress.clear()
    numbers = (tally.events, tally.errors, tally.denials)
    if form == "table":
        stdout.put(str(tally.events))
    elif form == "csv":
        stdout.put(",".join(_HEADINGS))
        stdout.put(",".join(map(str, numbers)))
    else:
        stdout.put(orjson.dumps(dict(zip(_HEADINGS, numbers, strict=True))).decode())


def print_facet(reader: StoreReader, what: Filter, key: Key, form: str, limit: int | None, *, utc: bool) -> None:
    """Write the most frequent values of a key under the filter with their numbers, at most `limit`."""
    most = limit if limit is not None else _TABLE_VALUES if form == "table" else _ALL_VALUES
    progress = ProgressLine(utc=utc)
    counted = reader.search.count(CountQuestion(what, *_ALWAYS, facets=(key,), values=most), progress.counted)
    progress.clear()
    found = counted.facets[key][:most]
    if form == "table":
        _print_table(key, found)
    elif form == "csv":
        _print_csv(key, found)
    else:
        _print_json(found, as_array=form == "json")


def _print_table(key: Key, found: Sequence[FacetValue]) -> None:
    rows = [(safe_text(f"(no {key})" if one.value is None else one.value), *_numbers(one)) for one in found]
    texts = [(str(key), *_HEADINGS), *((value, *(f"{number:,}" for number in numbers)) for value, *numbers in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(texts[0]))]
    for value, *numbers in texts if rows else ():
        cells = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        stdout.put("  ".join((value.ljust(widths[0]), *cells)))


def _print_csv(key: Key, found: Sequence[FacetValue]) -> None:
    from cli.render.csv_output import neutralised

    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow((str(key), *_HEADINGS))
    rows.writerows(("" if one.value is None else neutralised(one.value), *_numbers(one)) for one in found)
    stdout.binary().write(text.getvalue().encode("utf-8", "backslashreplace"))


def _print_json(found: Sequence[FacetValue], *, as_array: bool) -> None:
    from cli.render.json_output import write_array, write_lines

    rows = (orjson.dumps({"value": one.value, **dict(zip(_HEADINGS, _numbers(one), strict=True))}) for one in found)
    write = write_array if as_array else write_lines
    write(rows, stdout.binary(), on_terminal=stdout.is_terminal())


def _numbers(one: FacetValue) -> tuple[int, int, int]:
    return one.tally.events, one.tally.errors, one.tally.denials
