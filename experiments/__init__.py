"""Experiments that ship with Boundcheck: each a light declaration and an engine loaded on use."""
