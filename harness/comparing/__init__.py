"""Theorems side by side: what each guarantees on the same configurations."""
