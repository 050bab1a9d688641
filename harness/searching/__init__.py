"""Searches for violations."""
