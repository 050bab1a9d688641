"""What an engine promises: raw quantities for a group of configurations of equal shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Configuration = Mapping[str, Any]
StepSize = Callable[[int, Mapping[str, "Measured"]], Array]
"""Step size of each configuration of the group at step t, from what was measured at t."""


@dataclass(frozen=True)
class Measured:
    """A quantity, one row a configuration: shape (B, 1), or (B, T+1) along a trajectory.

    ``error`` bounds what rounding did to the measurement and to the one step that led to this
    state; ``drift`` bounds what all the rounding since step 0 did to it, ``error`` included. Both
    are absolute and of the shape of ``value``.
    """

    value: Array
    error: Array
    drift: Array

    @classmethod
    def within(cls, value: Array, error: Array) -> Measured:
        """With one bound for ``error`` and ``drift``; where it is not known (NaN), there is none."""
        bound = np.where(np.isnan(error), np.inf, error)
        return cls(value, bound, bound)


@dataclass(frozen=True)
class ConstantSteps:
    """Step sizes (B,) that stay as they are, whatever is measured."""

    numbers: Array

    def __call__(self, step: int, measured: Mapping[str, Measured]) -> Array:
        return self.numbers


@dataclass(frozen=True)
class Start:
    """The initial states of a group, and what was measured there (run and step symbols)."""

    state: Any
    measured: Mapping[str, Measured]


@dataclass(frozen=True)
class Trace:
    """A finished group: run symbols (B, 1) and step symbols (B, T+1).

    ``finite``: how many of the T+1 states of each row were finite. ``resolved``: how many came
    before the loss met its rounding floor. Entries beyond either are not to be judged.
    Step sizes (B, T) are what was used. ``compiled`` (B,): runs that a compiled kernel took; None
    where there is none.
    """

    measured: Mapping[str, Measured]
    step_sizes: Array
    finite: NDArray[np.int64]
    resolved: NDArray[np.int64]
    notes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    enclosed: Enclosed | None = None
    compiled: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Enclosed:
    """What a lazily recorded trace only encloses: there, value and bounds are no measurement.

    ``names``: quantities that are enclosed where ``where`` (B, T+1) is True. Such an entry's
    ``error`` and ``drift`` are so wide that value -+ bound holds the measured value -+ its bound.
    ``measured(mask)`` gives the trace with the states of the mask (B, T+1) measured as well.
    """

    names: frozenset[str]
    where: NDArray[np.bool_]
    measured: Callable[[NDArray[np.bool_]], Trace]


def leading(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many flags of each row (B, T+1) are set before the first that is not, (B,)."""
    return np.asarray(np.logical_and.accumulate(flags, axis=1).sum(axis=1), dtype=np.int64)


class Engine(Protocol):
    """Runs groups of configurations. It knows nothing of theorems, verdicts or files."""

    def key(self, configuration: Configuration) -> str:
        """Configurations with the same key may run as one group."""

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Draw the initial states and measure the wanted symbols there."""

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        """Take ``horizon`` steps and measure the wanted symbols at every state."""


class Preparing(Protocol):
    """An engine that readies many configurations faster together than one by one.

    What it measures later must not depend on what was prepared, nor on ``threads``, the number it
    may use.
    """

    threads: int

    def prepare(self, configurations: Sequence[Configuration]) -> None:
        """Told of all configurations before their keys are asked for."""


class Compiled(Protocol):
    """An engine that has compiled kernels for some of its runs.

    Which runs it takes with them follows from the configuration and what is wanted, and the trace
    says so. ``lanes``: the threads they may use, 0 where they are not asked for.
    """

    lanes: int


class Lazy(Protocol):
    """An engine that can enclose some quantities between the states at which it measures them."""

    enclosable: frozenset[str]

    def run_lazily(
        self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]
    ) -> Trace:
        """The trace of ``run``, with enclosures for measurements at states of its own choosing.

        The choice must not depend on what else is in the group.
        """


class Certifying(Protocol):
    """An engine that can enclose its quantities rigorously along an exact run."""

    def enclose(
        self,
        configuration: Configuration,
        step_sizes: Sequence[float],
        begin: int,
        wanted: frozenset[str],
        radius: float = 0.0,
    ) -> Mapping[str, Any]:
        """Balls (flint arb, at the precision in force) for the wanted symbols.

        The state reached after ``begin`` floating-point steps is taken as an exact starting
        point, and the run goes on from there in exact steps of the given sizes. Run symbols come
        as one ball, step symbols as an :class:`~harness.expressions.ball_algebra.Along`: the
        ball of each state (transition symbols: of each step) by its index, from ``begin`` on.

        With a ``radius`` each ball covers every run whose weights at ``begin`` lie within it of the
        recorded ones, entry by entry. What is then unknown is left out. An engine may do without
        this argument.

        An engine with compiled kernels is told by an argument ``compiled=True`` where they took the
        steps: their floating-point states are other ones.
        """


class Stating(Protocol):
    """An engine that assumes a rounding error for numbers that come without one.

    Such an engine has ``assumes_rounding = True``; where it can enclose, balls overrule its numbers.
    """

    assumes_rounding: bool

    def states_rounding(self, configuration: Configuration, wanted: frozenset[str]) -> bool:
        """Whether all wanted numbers are exact, or have an error that the experiment's author states."""


class Checked(Protocol):
    """An engine with an independent, plain implementation to be compared with."""

    def oracle(
        self, configuration: Configuration, step_sizes: Sequence[float]
    ) -> tuple[Array, Array]:
        """Loss at each state by the plain torch autograd loop, and its rounding error bound."""


class Explicit(Protocol):
    """An engine that can write out what a configuration leaves to its seed."""

    def explicit(self, configuration: Configuration) -> Mapping[str, Any] | None:
        """The same run with its arrays given, nothing drawn; None where there is no such form."""
