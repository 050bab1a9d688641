"""The engine of the two-layer linear network, one concern a module."""
