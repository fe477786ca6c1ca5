"""Alert rules: what they say, whether an event matches one, and what becomes of the matches (docs/detection.md)."""
