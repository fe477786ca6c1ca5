"""From bytes on disk to validated events in the store."""
