"""Work shared between threads; linear algebra and compiled code let the others run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
U = TypeVar("U")


def mapped(work: Callable[[S], T], pieces: Sequence[S], threads: int) -> list[T]:
    """What the work makes of each piece, in order, under numpy's error state of the caller."""
    if threads <= 1 or len(pieces) < 2:
        return [work(one) for one in pieces]
    # one context each: no two threads may be in the same
    contexts = [copy_context() for _ in pieces]
    with ThreadPoolExecutor(min(threads, len(pieces))) as pool:
        return list(pool.map(lambda context, one: context.run(work, one), contexts, pieces))


def pipelined(
    first: Callable[[S], T], second: Callable[[T], U], pieces: Sequence[S], threads: int
) -> list[U]:
    """``second(first(piece))`` of each piece, in order.

    The ``first`` is for work that holds the interpreter: this thread alone does it, and the others
    do what follows. It lends a hand where they fall behind, so that little waits in memory.
    """
    if threads <= 1 or len(pieces) < 2:
        return [second(first(one)) for one in pieces]
    found: list[U | Future[U]] = []
    pending: list[Future[U]] = []
    with ThreadPoolExecutor(threads - 1) as pool:
        for piece in pieces:
            half = first(piece)
            pending = [one for one in pending if not one.done()]
            if len(pending) >= threads:
                found.append(second(half))
                continue
            pending.append(pool.submit(copy_context().run, second, half))
            found.append(pending[-1])
        return [one.result() if isinstance(one, Future) else one for one in found]
