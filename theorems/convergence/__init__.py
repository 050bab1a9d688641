"""Convergence of gradient descent at finite width, finite step, general initialization."""
