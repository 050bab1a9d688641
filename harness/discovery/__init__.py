"""Finds theorems and experiments by entry point, folder and file."""
