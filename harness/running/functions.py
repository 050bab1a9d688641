"""Runs an experiment that is a plain function from a configuration to numbers.

Floats that the function returns are believed up to an assumed rounding error. What they find outside
a bound is asked of the same function once more, called with balls (`harness.numbers.ball`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from harness.numbers.certain import Certain
from harness.running.protocol import Configuration, Measured, Start, StepSize, Trace
from harness.vocabulary.symbol import Quantity

DEFAULT_RELATIVE_ERROR = 2.0**-44
"""Rounding assumed of a number returned without its error: 256 units in the last place."""


class FunctionEngine:
    """Calls the function once a configuration; there are no steps."""

    assumes_rounding = True
    """Where balls deny what was measured, the balls are right: the error of a float is a guess."""

    def __init__(self, function: Callable[..., Mapping[Any, Any]], axes: Sequence[str]) -> None:
        self._function = function
        self._axes = tuple(axes)

    def key(self, configuration: Configuration) -> str:
        return json.dumps(sorted(configuration))

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        rows = [self._call(one) for one in configurations]
        return Start(
            state=len(rows),
            measured={
                name: _column([row[name] for row in rows])
                for name in wanted
                if all(name in row for row in rows)
            },
        )

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        count = start.state
        return Trace(
            measured=start.measured,
            step_sizes=np.zeros((count, 0)),
            finite=np.ones(count, dtype=np.int64),
            resolved=np.ones(count, dtype=np.int64),
        )

    def enclose(
        self,
        configuration: Configuration,
        step_sizes: Sequence[float],
        begin: int,
        wanted: frozenset[str],
    ) -> Mapping[str, Any]:
        """Balls of the wanted symbols, at the precision in force; see `protocol.Certifying`.

        Whole numbers, fractions and what `spectral_radius` returns are exact or enclosed as they
        are; for the rest the function is called with balls. Left out is what comes as a float even
        then, or where the function does not take balls. Raises OpenComparisonError where it asks
        what the balls cannot tell, unless the author stated every error.
        """
        from harness.numbers.ball import BallKind, OpenComparisonError
        from harness.numbers.enclosed import enclosed, with_balls
        from harness.numbers.standin import rebound

        known = enclosed(self._named(configuration), wanted)
        if wanted <= known.keys():
            return known
        function = rebound(self._function, BallKind())
        try:
            return enclosed(self._named(with_balls(configuration), function), wanted)
        except OpenComparisonError:
            if self.states_rounding(configuration, wanted):
                # nothing was assumed
                return known
            raise
        except Exception:
            # a function that was not written for balls may fail on them in any way
            return known

    def states_rounding(self, configuration: Configuration, wanted: frozenset[str]) -> bool:
        """Whether all wanted numbers are exact, or have an error that the function states."""
        plain = self._named(configuration)
        return all(isinstance(plain.get(name), tuple | Rational | Certain) for name in wanted)

    def differentiated(self, configuration: Configuration) -> dict[str, tuple[Any, float]]:
        """What the function emits for duals in place of floats: numbers or duals, each with its error.

        What a seed draws stays a float, hence a constant. Raises whatever the function raises that
        does not take duals.
        """
        from harness.numbers.dual import Dual, DualKind
        from harness.numbers.standin import rebound

        emitted = self._named(configuration, rebound(self._function, DualKind()))
        found: dict[str, tuple[Any, float]] = {}
        for name, value in emitted.items():
            number, *stated = value if isinstance(value, tuple) else (value,)
            number = number.item() if isinstance(number, np.ndarray) else number
            plain = number.value if isinstance(number, Dual) else number
            errors = [one.value if isinstance(one, Dual) else one for one in stated]
            found[name] = number, with_error((plain, *errors) if errors else plain)[1]
        return found

    def _call(self, configuration: Configuration) -> dict[str, tuple[float, float]]:
        found = self._named(configuration)
        return {name: with_error(value) for name, value in found.items()}

    def _named(
        self, configuration: Configuration, function: Callable[..., Any] | None = None
    ) -> dict[str, Any]:
        """What the function returns, by the names of the symbols."""
        arguments = {name: configuration[name] for name in self._axes}
        if "seed" in configuration:
            seed = configuration["seed"]
            arguments["rng"] = np.random.default_rng(seed) if isinstance(seed, int) else seed
        found = (function or self._function)(**arguments)
        return {
            key.name if isinstance(key, Quantity) else str(key): value
            for key, value in found.items()
        }


def with_error(value: Any, relative: float = DEFAULT_RELATIVE_ERROR) -> tuple[float, float]:
    """A number that a user's function returned, and its error: stated, exact, or assumed."""
    if isinstance(value, tuple):
        number, error = map(_real, value)
        if error < 0:
            raise ValueError(f"the rounding error of {number!r} is negative: {error!r}")
        return number, error
    number = _real(value)
    if isinstance(value, Certain):
        return number, value.error
    if isinstance(value, Rational | np.bool_):
        # also when it underflows: a tiny number is never taken for zero
        exact = isinstance(value, np.bool_) or Fraction(number) == value
        return number, 0.0 if exact else math.ulp(number)
    return number, abs(number) * relative


def _real(value: Any) -> float:
    """The number as a float; numpy would drop an imaginary part with no more than a warning."""
    if type(value) is not float and np.iscomplexobj(value):
        raise TypeError(f"a measured number must be real, not {value!r}")
    return float(value)


def _column(pairs: Sequence[tuple[float, float]]) -> Measured:
    values = np.array([[number] for number, _ in pairs])
    errors = np.array([[error] for _, error in pairs])
    return Measured(values, errors, errors)
