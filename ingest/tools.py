"""Puts together what reading records needs, from the settings."""

from __future__ import annotations

from config.settings import IngestSettings
from ingest.formats.registry import READERS
from ingest.pipeline import RecordTools
from ingest.redact import Redactor


def record_tools(settings: IngestSettings) -> RecordTools:
    """Return the readers, the redactor and the defaults for all sources."""
    return RecordTools(
        readers=READERS,
        redactor=Redactor(),
        redact=settings.redact,
        user=settings.user,
        tenant=settings.tenant,
    )
