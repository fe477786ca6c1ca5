"""Measurements, never tests: they print tables of ratios, and assert nothing (`make bench`)."""
