"""Gradient flow of linear networks, integrated to a controlled error."""
