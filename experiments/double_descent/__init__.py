"""Least squares, ridge regression and networks with frozen features."""
