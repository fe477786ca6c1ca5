"""From a file's bytes to records: lines, documents and streams."""
