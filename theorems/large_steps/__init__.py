"""Finite and large steps: exact identities, two-sided bounds, the edge of stability."""
