"""Answers to the questions of `store.service`, a file for each kind of question."""
