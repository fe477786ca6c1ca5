"""How events leave the program: a table for people, JSON and CSV for programs."""
