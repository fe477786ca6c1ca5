"""Threads: what belongs to one request, trace or session, as a tree. Values and rules; `store.query.thread` reads."""
