"""Keeps results: the store and the CSV files."""
