"""How many threads an engine may use in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 8
"""More are not worth their start: what they share is a group of a few hundred configurations."""

_shared = False


@contextmanager
def one_of_several() -> Iterator[None]:
    """Meanwhile other processes have their share of the machine: this one keeps to one thread."""
    global _shared
    before, _shared = _shared, True
    try:
        yield
    finally:
        _shared = before


def threads() -> int:
    """The processors this process may run on, at most a few; 1 where others run beside it."""
    if _shared:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    return min(MOST, len(usable(0)) if usable else os.cpu_count() or 1)
