"""Machine code emitted at run time with llvmlite; optional, ``boundcheck[fast]``."""
