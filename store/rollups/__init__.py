"""Sums by hour and by day: what numbers are read from, so that no question has to look at events."""
