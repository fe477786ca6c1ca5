"""The scanner: finds files, knows them again, and feeds what is new to the store."""
