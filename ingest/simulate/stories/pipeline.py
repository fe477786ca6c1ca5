"""Ordinary work without anybody watching: a batch job reads, loads and tidies up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.cast import DATA_PIPELINE, DELETE_FILE, LOAD_ROWS, QUERY_TABLE, READ_FILE, WRITE_FILE
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call
from ingest.simulate.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage

_TABLES: Final = ("orders", "payments", "returns", "visits")


def load_batch(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of one table being loaded from a file; the model only classifies a few rows."""
    talk = Conversation(stage, at_us, DATA_PIPELINE)
    table, rows = stage.dice.choice(_TABLES), stage.around(4_000, 0.8)
    path = f"incoming/{table}-{stage.between(100, 999)}.parquet"
    yield talk.hears(f"load {table}", {"trigger": "schedule"})
    yield talk.does("file.read", f"{path} · {size_text(rows * 90)}", READ_FILE, metadata={"path": path})
    yield from call(talk, QUERY_TABLE, f"newest row of {table}", result=f"1 row of {table}")
    yield talk.asks_model(600, 60)
    loaded = yield from call(talk, LOAD_ROWS, f"{rows} rows into {table}", result=f"{rows} rows loaded")
    report = f"reports/{table}.json"
    yield talk.does("file.write", f"{report} · 1.1 KB", WRITE_FILE, metadata={"path": report, "rows": rows})
    if loaded is not None:
        yield talk.does("file.delete", path, DELETE_FILE, metadata={"path": path})
    yield talk.answers(f"{table}: {rows} rows loaded." if loaded else f"{table}: load postponed.")
