"""Theorems, one statement a file, by topic."""
