"""Readers of event formats: one file or folder for each."""
