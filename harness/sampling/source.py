"""Uniform numbers by position: the stream of the i-th draw depends on a key and on i alone.

A counter-based generator (Philox 4x64) makes the numbers of a whole block of draws in one call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

PAGE = 16
"""Numbers made at once for each draw; a multiple of the four that one counter gives."""


class _Block:
    """The numbers of consecutive draws, page by page as they are asked for."""

    def __init__(self, key: int, indices: range) -> None:
        self.key, self.indices = key, indices
        self.pages: list[NDArray[np.float64]] = []
        self.first = self.page(0).tolist()

    def page(self, number: int) -> NDArray[np.float64]:
        """Numbers (draws, PAGE) number*PAGE and following of each draw."""
        while len(self.pages) <= number:
            counter = (len(self.pages) << 128) + self.indices.start * PAGE // 4
            made = np.random.Generator(np.random.Philox(key=self.key, counter=counter))
            self.pages.append(made.random((len(self.indices), PAGE)))
        return self.pages[number]

    @cached_property
    def second(self) -> list[list[float]]:
        """Page 1 of every draw: few draws go further."""
        made: list[list[float]] = self.page(1).tolist()
        return made

    def later(self, row: int) -> Iterator[list[float]]:
        """The pages of one draw after its first."""
        yield self.second[row]
        for number in count(2):
            yield self.page(number)[row].tolist()


class Source:
    """The uniform numbers of one draw, in order; endless.

    ``random()`` is the next number in [0, 1).
    """

    __slots__ = ("random",)

    def __init__(self, block: _Block, row: int) -> None:
        pages = chain((block.first[row],), block.later(row))
        self.random: Callable[[], float] = chain.from_iterable(pages).__next__

    def integers(self, low: int, high: int) -> int:
        """The next whole number in low..high-1, for ranges up to 2^32."""
        return low + int((high - low) * self.random())


class Streams:
    """Draws made together: the source of each, and what has been drawn of it."""

    def __init__(self, generators: Sequence[Source], partials: Sequence[dict[str, Any]]) -> None:
        self.generators, self.partials = generators, partials

    def shares(self) -> list[float]:
        """The next number in [0, 1) of each."""
        return [one.random() for one in self.generators]

    def only(self, chosen: Sequence[int]) -> Streams:
        """Those at these positions."""
        return Streams(
            [self.generators[one] for one in chosen], [self.partials[one] for one in chosen]
        )


def sources(indices: range, *label: object) -> list[Source]:
    """The sources of consecutive draws of what ``label`` names."""
    text = "\x1f".join(str(part) for part in label)
    key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    block = _Block(key, indices)
    return [Source(block, row) for row in range(len(indices))]
