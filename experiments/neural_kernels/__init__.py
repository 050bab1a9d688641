"""Kernels of random networks at finite width, and of infinite ones on a few inputs."""
