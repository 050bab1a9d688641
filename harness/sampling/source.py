"""Uniform numbers by position: the stream of the i-th draw depends on a key and on i alone.

A counter-based generator (Philox 4x64) makes the numbers of a whole block of draws in one call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

PAGE = 16
"""Numbers made at once for each draw; a multiple of the four that one counter gives."""


class _Block:
    """The numbers of consecutive draws, page by page as they are asked for."""

    def __init__(self, key: int, indices: range) -> None:
        self.key, self.indices = key, indices
        self.pages: list[NDArray[np.float64]] = []

    def page(self, number: int) -> NDArray[np.float64]:
        """Numbers (draws, PAGE) number*PAGE and following of each draw."""
        while len(self.pages) <= number:
            counter = (len(self.pages) << 128) + self.indices.start * PAGE // 4
            made = np.random.Generator(np.random.Philox(key=self.key, counter=counter))
            self.pages.append(made.random((len(self.indices), PAGE)))
        return self.pages[number]

    def numbers(self, row: int, first: list[float]) -> Iterator[float]:
        """The numbers of one draw, ``first`` being its first page."""
        yield from first
        for number in count(1):
            yield from self.page(number)[row].tolist()


class Source:
    """The uniform numbers of one draw, in order; endless.

    ``random()`` is the next number in [0, 1).
    """

    __slots__ = ("random",)

    def __init__(self, numbers: Iterator[float]) -> None:
        self.random: Callable[[], float] = numbers.__next__

    def integers(self, low: int, high: int) -> int:
        """The next whole number in low..high-1, for ranges up to 2^32."""
        return low + int((high - low) * self.random())


def sources(indices: range, *label: object) -> list[Source]:
    """The sources of consecutive draws of what ``label`` names."""
    text = "\x1f".join(str(part) for part in label)
    key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    block = _Block(key, indices)
    first = block.page(0).tolist()
    return [Source(block.numbers(row, numbers)) for row, numbers in enumerate(first)]
