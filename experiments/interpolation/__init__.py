"""Fits at and beyond interpolation: features of small networks, random designs, training curves."""
