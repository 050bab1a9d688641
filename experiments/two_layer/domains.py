"""Domains of the two-layer linear network beyond those of the vocabulary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.vocabulary.space import (
    Arrays,
    Domain,
    Generator,
    Partial,
    Reals,
    Rows,
    column,
    split_column,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Usual:
    """Values of ``allowed`` may be set; those of ``drawn``, a part of it, come up by chance."""

    allowed: Domain
    drawn: Domain

    def draw(self, rng: Generator, partial: Partial) -> Any:
        return self.drawn.draw(rng, partial)

    def column(self, rows: Rows) -> list[Any]:
        return column(self.drawn, rows)

    def refuse(self, value: Any, partial: Partial) -> str | None:
        return self.allowed.refuse(value, partial)

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        return self.drawn.strategy(partial)


@dataclass(frozen=True)
class Weighted:
    """Named values with weights, simplest first; those of weight 0 must be asked for."""

    weights: dict[str, int]

    def draw(self, rng: Generator, partial: Partial) -> str:
        left = int(rng.integers(0, sum(self.weights.values())))
        for name, weight in self.weights.items():
            left -= weight
            if left < 0:
                return name
        raise AssertionError("weights that sum to more than themselves")

    def column(self, rows: Rows) -> list[str]:
        names = [name for name, weight in self.weights.items() for _ in range(weight)]
        count = len(names)
        return [names[int(count * share)] for share in rows.shares()]

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if isinstance(value, str) and value in self.weights:
            return None
        return f"must be one of {', '.join(self.weights)}"

    def strategy(self, partial: Partial) -> SearchStrategy[str]:
        from hypothesis import strategies as st

        return st.sampled_from([name for name, weight in self.weights.items() if weight])


@dataclass(frozen=True)
class Mixed:
    """``rare`` with the given probability, else ``common``."""

    common: Domain
    rare: Domain
    probability: float

    def draw(self, rng: Generator, partial: Partial) -> Any:
        chosen = self.rare if rng.random() < self.probability else self.common
        return chosen.draw(rng, partial)

    def column(self, rows: Rows) -> list[Any]:
        rare, common, limit = self.rare, self.common, self.probability
        return split_column([rare if share < limit else common for share in rows.shares()], rows)

    def refuse(self, value: Any, partial: Partial) -> str | None:
        why = self.common.refuse(value, partial)
        return None if why is None else self.rare.refuse(value, partial) and why

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        return self.rare.strategy(partial) | self.common.strategy(partial)


@dataclass(frozen=True)
class GivenMatrix:
    """A matrix that the user or a search gives: rows of finite numbers, all of one length.

    It is drawn, with the shape that two axes say, where the axis ``when`` is "given". A ``nonzero``
    one must have an entry other than 0.
    """

    when: str
    rows: str
    columns: str
    nonzero: bool = False

    def _arrays(self, partial: Partial) -> Arrays | None:
        if partial.get(self.when) != "given":
            return None
        return Arrays((int(partial[self.rows]), int(partial[self.columns])), Reals(-2.0, 2.0))

    def draw(self, rng: Generator, partial: Partial) -> Any:
        arrays = self._arrays(partial)
        return None if arrays is None else arrays.draw(rng, partial)

    def column(self, rows: Rows) -> list[Any]:
        found: list[Any] = [None] * len(rows.partials)
        for row, partial in enumerate(rows.partials):
            if partial.get(self.when) == "given":
                found[row] = self.draw(rows.generators[row], partial)
        return found

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if value is None:
            return None
        rows = value if isinstance(value, list | tuple) else ()
        if not rows or not all(isinstance(row, list | tuple) and row for row in rows):
            return "must be a list of rows of numbers"
        if len({len(row) for row in rows}) > 1:
            return "must have rows of equal length"
        if not all(map(_finite, rows)):
            return "must hold finite numbers only"
        if self.nonzero and not any(entry for row in rows for entry in row):
            return "must not be zero throughout"
        return None

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        arrays = self._arrays(partial)
        if arrays is None:
            return st.none()
        found = arrays.strategy(partial)
        if self.nonzero:
            # a data matrix of rank 0 has nothing to learn from; tiny entries would underflow
            found = found.filter(lambda rows: any(abs(x) > 1e-100 for row in rows for x in row))
        return found


def _finite(row: Sequence[Any]) -> bool:
    kinds = set(map(type, row))
    numbers = all(issubclass(one, int | float) and one is not bool for one in kinds)
    return numbers and all(map(math.isfinite, row))


@dataclass(frozen=True)
class Text:
    """Any text, set by the user; never drawn."""

    def draw(self, rng: Generator, partial: Partial) -> None:
        return None

    def column(self, rows: Rows) -> list[None]:
        return [None] * len(rows.partials)

    def refuse(self, value: Any, partial: Partial) -> str | None:
        return None if isinstance(value, str) else "must be text"

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.none()
