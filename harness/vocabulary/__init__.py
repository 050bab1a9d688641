"""The words of theorems and experiments: standard library and sympy only."""
