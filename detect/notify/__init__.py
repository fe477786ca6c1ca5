"""Telling people of alerts: web addresses that are posted to, and commands that are run (docs/notifications.md)."""
