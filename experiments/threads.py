"""Work shared between threads; linear algebra and compiled code let the others run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def mapped(work: Callable[[S], T], pieces: Sequence[S], threads: int) -> list[T]:
    """What the work makes of each piece, in order, under numpy's error state of the caller."""
    if threads <= 1 or len(pieces) < 2:
        return [work(one) for one in pieces]
    # one context each: no two threads may be in the same
    contexts = [copy_context() for _ in pieces]
    with ThreadPoolExecutor(min(threads, len(pieces))) as pool:
        return list(pool.map(lambda context, one: context.run(work, one), contexts, pieces))
