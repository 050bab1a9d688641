"""Lazy training at finite width and finite step: how far networks stay from their start."""
