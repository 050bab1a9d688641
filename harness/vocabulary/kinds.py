"""The kinds of claims: what is asserted, and over which randomness."""

from __future__ import annotations

from dataclasses import dataclass

import sympy


@dataclass(frozen=True)
class Deterministic:
    """Holds on every run that meets the hypotheses; one certified violation refutes it."""

    name: str = "deterministic"


@dataclass(frozen=True)
class AlmostSurely:
    """Holds on every draw of the named randomness, up to a set of probability zero."""

    over: str
    name: str = "almost surely"


@dataclass(frozen=True)
class Probability:
    """Fails with probability at most ``delta`` over the named randomness."""

    delta: sympy.Expr | float
    over: str
    name: str = "probability"

    def __post_init__(self) -> None:
        object.__setattr__(self, "delta", sympy.sympify(self.delta))


@dataclass(frozen=True)
class Expectation:
    """Holds for the mean over the named randomness; both sides are averaged."""

    over: str
    name: str = "expectation"


Kind = Deterministic | AlmostSurely | Probability | Expectation
