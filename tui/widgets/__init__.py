"""Widgets: they take reactives and emit messages, and know no service."""
