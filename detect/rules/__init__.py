"""Rules as they are written: the part of Sigma that is understood, and how files of it are read."""
