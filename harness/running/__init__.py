"""Runs experiments and turns what they measure into rows."""
