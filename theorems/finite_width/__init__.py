"""Nonlinear networks at finite width: gradient descent and flow with explicit constants."""
