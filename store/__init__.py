"""The store: tables, append, queries. The only package that speaks SQL."""
