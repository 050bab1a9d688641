"""Exact finite-sample laws of least squares, its early stopping, and the peak at interpolation."""
