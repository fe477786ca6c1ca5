"""Reader of Claude Code's transcripts, one JSON object a line (docs/formats.md)."""
