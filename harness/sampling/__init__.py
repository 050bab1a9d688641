"""Chooses what to run."""
