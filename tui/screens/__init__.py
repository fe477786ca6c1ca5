"""Screens and dialogs: they own workers and turn messages into questions to the store."""
