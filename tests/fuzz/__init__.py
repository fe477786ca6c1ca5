"""Files broken on purpose: whatever they hold, ingest gives events or quarantine, and loses no whole line."""
