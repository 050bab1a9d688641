"""Kernels of networks: exact moments at finite width, concentration, spectra."""
