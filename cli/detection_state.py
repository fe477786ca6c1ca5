"""How rules and notifications are doing, for the dashboard: what `auditail status` says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.clock import now_us

if TYPE_CHECKING:
    from store.reader import StoreReader
    from tui.detection_state import DetectionState


def detection_state(reader: StoreReader, own: str | None) -> DetectionState:
    """Return how they are doing; `own` is the folder of one's own rules, None: there is none.

    Rule files that were changed are read again, so it takes a moment.

    Raises:
        StoreError: the store cannot be read.
    """
    from cli.attention import attention_to_alerts
    from cli.rules.known import counts
    from detect.rule_files import RuleFiles, rule_folders
    from tui.detection_state import DetectionState

    known = counts(RuleFiles(rule_folders(own)).read(), reader.alerts.switched_off())
    now = now_us()
    targets = reader.telling(now)
    said = tuple(attention_to_alerts(known, targets, now))
    return DetectionState(known.at_work, known.switched_off, known.problems, targets, said)
