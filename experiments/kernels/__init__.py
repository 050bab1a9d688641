"""Empirical neural tangent kernels: whole matrices, spectra, and tests of their least eigenvalue."""
