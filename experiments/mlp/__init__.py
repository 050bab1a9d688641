"""The engine of multilayer perceptrons, one concern a module."""
