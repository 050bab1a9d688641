"""Torch modules of the user's own as experiments: training, and what is measured along it."""
