"""Whether kernels can be compiled here, and calls of them in threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec


def installed() -> bool:
    """Whether kernels can be compiled."""
    return find_spec("llvmlite") is not None


def each(work: Callable[[int], None], count: int, threads: int) -> None:
    """``work`` of 0, 1, ..., ``count`` - 1, in that many threads."""
    if threads == 1:
        for at in range(count):
            work(at)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(count)))
