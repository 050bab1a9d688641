"""Machine code emitted at run time with llvmlite; optional, ``boundcheck[fast]``."""

from importlib.util import find_spec


def installed() -> bool:
    """Whether kernels can be compiled."""
    return find_spec("llvmlite") is not None
