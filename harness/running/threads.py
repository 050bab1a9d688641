"""How many threads an engine may use in this process."""

from __future__ import annotations

import os

MOST = 8
"""More are not worth their start: what they share is a group of a few hundred configurations."""

_shared = False


def share_the_machine() -> None:
    """This process is one of several: each keeps to a single thread from now on."""
    global _shared
    _shared = True


def threads() -> int:
    """The processors this process may run on, at most a few; 1 where others run beside it."""
    if _shared:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    return min(MOST, len(usable(0)) if usable else os.cpu_count() or 1)
