"""The kinds of claims: what is asserted, and over which randomness."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import sympy

from harness.errors import UsageError
from harness.vocabulary.symbol import Quantity


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
    """Holds for the mean over the named randomness; both sides are averaged.

    What is known beforehand of the quantity X, as expressions in configuration symbols and
    parameters: ``lower`` <= X <= ``upper`` (None: no such bound), E X^2 <= ``second_moment``, Var X <=
    ``variance``. "At least" cannot be refuted, nor "at most" supported, without one of the last
    three: rare huge values may carry the mean. ``resolution`` is relative: "at most b" counts as
    supported once "at least (1 + resolution) b" is refuted.
    """

    over: str
    second_moment: sympy.Expr | int | None = None
    variance: sympy.Expr | int | None = None
    lower: sympy.Expr | int | None = 0
    upper: sympy.Expr | int | None = None
    resolution: float = 0.1
    name: str = "expectation"

    def __post_init__(self) -> None:
        if not 0 < self.resolution < 1:
            raise UsageError(f"resolution={self.resolution}: must lie strictly between 0 and 1.")


@dataclass(frozen=True)
class Exponent:
    """An order relation: quantity = O(bound) as ``variable`` grows.

    The slope of log(quantity / bound) in log(variable) is at most 0 (for <=), at least 0 (>=) or
    0 (Eq), give or take ``tolerance``. The configuration is run at each of the ``values`` of the axis
    of that name, under ``replicates`` seeds of the named randomness each; constants do not matter.
    A quantity whose logarithm has standard deviation s wants about (6 s)^2 / (tolerance *
    log(values[-1] / values[0]))^2 replicates to be supported at its very bound.
    """

    variable: Quantity
    values: tuple[int | float, ...]
    over: str
    tolerance: float = 0.05
    replicates: int = 200
    name: str = "exponent"

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        rising = all(a < b for a, b in zip(self.values, self.values[1:], strict=False))
        if len(self.values) < 4 or not rising or not self.values[0] > 0:
            raise UsageError(
                f"exponent in {self.variable}: give at least four positive values in rising order, "
                "two to fit the slope on and two to test it on."
            )
        if not 0 <= self.tolerance < 1:
            raise UsageError(f"tolerance={self.tolerance}: must lie in 0 .. 1.")
        if self.replicates < 1:
            raise UsageError(f"replicates={self.replicates}: must be at least 1.")


@dataclass(frozen=True)
class Law:
    """The quantity has the distribution function ``cdf`` over the named randomness.

    Written ``Claim("beta", Eq(risk, x), kind=Law(betainc_regularized(a, b, 0, x), over="data"))`` with
    ``x = Unknown("x")``: P(risk <= x) = cdf. Other symbols must follow from the configuration. The law
    counts as supported once the true one is within ``resolution`` of it (Kolmogorov distance).
    """

    cdf: sympy.Expr
    over: str
    resolution: float = 0.05
    name: str = "exact law"

    def __post_init__(self) -> None:
        if not 0 < self.resolution < 1:
            raise UsageError(f"resolution={self.resolution}: must lie strictly between 0 and 1.")


Kind = Deterministic | AlmostSurely | Probability | Expectation | Exponent | Law
Chance = Probability | Expectation | Exponent | Law
"""The kinds that are judged on many runs of one configuration."""


def changed(kind: Kind, change: Callable[[sympy.Expr], sympy.Expr]) -> Kind:
    """The kind with its expressions renewed."""
    names: tuple[str, ...] = ("delta",) if isinstance(kind, Probability) else ()
    if isinstance(kind, Law):
        names = ("cdf",)
    if isinstance(kind, Expectation):
        names = ("second_moment", "variance", "lower", "upper")
    given = {name: getattr(kind, name) for name in names}
    return dataclasses.replace(
        kind, **{name: change(one) for name, one in given.items() if one is not None}
    )


def expressions(kind: Kind) -> list[sympy.Basic]:
    """What a kind adds to the statement: shares, moments, ranges."""
    if isinstance(kind, Probability):
        return [sympy.sympify(kind.delta)]
    if isinstance(kind, Expectation):
        known = [kind.second_moment, kind.variance, kind.upper]
        known += [kind.lower] if kind.lower != 0 else []
        return [sympy.sympify(one) for one in known if one is not None]
    if isinstance(kind, Law):
        return [sympy.sympify(kind.cdf)]
    if isinstance(kind, Exponent):
        return [sympy.Tuple(kind.variable, *kind.values)]
    return []
