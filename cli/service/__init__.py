"""Capturing without a terminal: what the system's own manager of services is told, and how it is taken back."""
