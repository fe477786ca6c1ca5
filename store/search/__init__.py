"""Searching: pages, numbers and orders that may take long, in parts that can be watched and called off."""
