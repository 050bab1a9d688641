"""Runs an experiment that is a plain function from a configuration to numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from harness.running.protocol import Configuration, Measured, Start, StepSize, Trace
from harness.vocabulary.symbol import Quantity

DEFAULT_RELATIVE_ERROR = 2.0**-44
"""Rounding assumed of a number returned without its error: 256 units in the last place."""


class FunctionEngine:
    """Calls the function once a configuration; there are no steps."""

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

    def _call(self, configuration: Configuration) -> dict[str, tuple[float, float]]:
        arguments = {name: configuration[name] for name in self._axes}
        if "seed" in configuration:
            arguments["rng"] = np.random.default_rng(configuration["seed"])
        found = self._function(**arguments)
        return {
            key.name if isinstance(key, Quantity) else str(key): _with_error(value)
            for key, value in found.items()
        }


def _with_error(value: Any) -> tuple[float, float]:
    if isinstance(value, tuple):
        number, error = value
        return float(number), float(error)
    number = float(value)
    if isinstance(value, Rational | np.bool_):
        # also when it underflows: a tiny number is never taken for zero
        exact = isinstance(value, np.bool_) or Fraction(number) == value
        return number, 0.0 if exact else math.ulp(number)
    return number, abs(number) * DEFAULT_RELATIVE_ERROR


def _column(pairs: Sequence[tuple[float, float]]) -> Measured:
    values = np.array([[number] for number, _ in pairs])
    errors = np.array([[error] for _, error in pairs])
    return Measured(values, errors, errors)
