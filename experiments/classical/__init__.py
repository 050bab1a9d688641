"""First-order methods on functions simple enough for exact arithmetic."""
