"""Alerts: what rules found, who decided what about it, and what has to be told to whom."""
