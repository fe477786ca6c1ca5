"""The dashboard: Textual only; it knows no SQL, no file formats and no scanner."""
