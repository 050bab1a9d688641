"""Uniform numbers by position: the stream of the i-th draw depends on a key and on i alone.

A counter-based generator (Philox 4x64) makes the numbers of a whole block of draws in one call.
"""

from __future__ import annotations

import hashlib

import numpy as np

PAGE = 16
"""Numbers made at once for each draw; a multiple of the four that one counter gives."""


class _Block:
    """The numbers of consecutive draws, page by page as they are asked for."""

    def __init__(self, key: int, indices: range) -> None:
        self.key, self.indices = key, indices
        self.pages: list[list[list[float]]] = []

    def page(self, number: int) -> list[list[float]]:
        """Numbers (draws, PAGE) number*PAGE and following of each draw."""
        while len(self.pages) <= number:
            counter = (len(self.pages) << 128) + self.indices.start * PAGE // 4
            made = np.random.Generator(np.random.Philox(key=self.key, counter=counter))
            self.pages.append(made.random((len(self.indices), PAGE)).tolist())
        return self.pages[number]


class Source:
    """The uniform numbers of one draw, in order; endless."""

    __slots__ = ("_at", "_block", "_numbers", "_page", "_row")

    def __init__(self, block: _Block, row: int) -> None:
        self._block, self._row = block, row
        self._numbers = block.page(0)[row]
        self._page = self._at = 0

    def random(self) -> float:
        """The next number in [0, 1)."""
        at = self._at
        if at == PAGE:
            self._page += 1
            self._numbers = self._block.page(self._page)[self._row]
            at = 0
        self._at = at + 1
        return self._numbers[at]

    def integers(self, low: int, high: int) -> int:
        """The next whole number in low..high-1, for ranges up to 2^32."""
        return low + int((high - low) * self.random())


def sources(indices: range, *label: object) -> list[Source]:
    """The sources of consecutive draws of what ``label`` names."""
    text = "\x1f".join(str(part) for part in label)
    key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    block = _Block(key, indices)
    return [Source(block, row) for row in range(len(indices))]
