"""One alert whole, to standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from cli import stdout
from cli.alerts.detail_text import detail_lines
from cli.alerts.document import detail_values
from cli.analytics.look import look_of_output
from cli.narration import narrate
from cli.problems import UsageProblem
from cli.render.json_output import escaped
from cli.session import open_reader
from store.clock import now_us

if TYPE_CHECKING:
    from config.loading import Loaded


def put_alert(loaded: Loaded, alert_id: int, form: str, *, utc: bool) -> None:
    """Write one alert, or the one that it became a part of.

    Raises:
        UsageProblem: there is none.
        StoreError: the store cannot be read.
    """
    reader = open_reader(loaded)
    try:
        detail = reader.alerts.detail(alert_id)
        if detail is None:
            raise UsageProblem(f"no alert has the number {alert_id}: see `auditail alerts list`")
        if detail.row.id != alert_id:
            narrate(f"alert {alert_id} turned out to be a part of alert {detail.row.id}")
        if form == "json":
            text = orjson.dumps(detail_values(detail, reader))
            stdout.binary().write((escaped(text) if stdout.is_terminal() else text) + b"\n")
            return
    finally:
        reader.close()
    look = look_of_output(utc=utc, ascii_only=loaded.settings.ui.ascii, now_us=now_us())
    for line in detail_lines(detail, look):
        stdout.put(line)
