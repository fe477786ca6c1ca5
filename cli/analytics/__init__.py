"""What each `auditail analytics` command asks, and how sums become figures, tables, JSON and CSV."""
