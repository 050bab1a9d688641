"""Two-layer networks trained near their start, beside their linearization."""
