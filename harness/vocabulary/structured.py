"""Spaces with structure: values whose parts are tied to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.vocabulary.space import Generator, Partial

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_SLACK = 1e-12
"""Share of the gap that rounding may take off it."""


@dataclass(frozen=True)
class Separated:
    """Increasing lists of ``count`` numbers in low..high, each at least ``gap`` above the last.

    Drawn uniformly from all such lists. A theorem that needs the distance says so in a hypothesis
    of its own: the space only sees to it that draws are not wasted.
    """

    count: int
    low: float
    high: float
    gap: float

    def __post_init__(self) -> None:
        if not (self.count >= 1 and self.gap > 0 and self._room >= 0):
            raise UsageError(
                f"{self.count} numbers, each {self.gap} above the last, have no room in "
                f"{self.low}..{self.high}."
            )

    @property
    def _room(self) -> float:
        return self.high - self.low - (self.count - 1) * self.gap

    def _placed(self, shares: Sequence[float]) -> list[float]:
        """Points from shares in [0, 1] of the room that the gaps leave."""
        ordered = enumerate(sorted(shares))
        return [
            min(self.high, self.low + share * self._room + i * self.gap) for i, share in ordered
        ]

    def draw(self, rng: Generator, partial: Partial) -> list[float]:
        return self._placed([rng.random() for _ in range(self.count)])

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if not isinstance(value, list | tuple) or len(value) != self.count:
            return f"must be a list of {self.count} numbers"
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
            return f"must be a list of {self.count} numbers"
        if not all(self.low <= one <= self.high for one in value):
            return f"must lie in {self.low}..{self.high}"
        least = self.gap * (1 - _SLACK)
        near = any(not b - a >= least for a, b in pairwise(value))
        return f"must increase by at least {self.gap} from one number to the next" if near else None

    def strategy(self, partial: Partial) -> SearchStrategy[list[float]]:
        from hypothesis import strategies as st

        share = st.floats(0, 1, allow_subnormal=False)
        return st.lists(share, min_size=self.count, max_size=self.count).map(self._placed)


def separated(count: int, low: float, high: float, gap: float) -> Separated:
    """Increasing lists of that many numbers from low to high, at least ``gap`` apart."""
    return Separated(count, low, high, gap)
