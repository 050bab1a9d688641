"""From what an engine measured to the values of a theorem's symbols, as intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import sympy

from harness.expressions.interval import Interval
from harness.running.protocol import Measured
from harness.symbols import t as step_index
from harness.vocabulary.definition import read_when
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Named, Scope
from harness.vocabulary.theorem import Theorem

Values = dict[Named, Interval]


def fixed_values(
    theorem: Theorem, experiment: Experiment, configurations: Sequence[Mapping[str, Any]]
) -> Values:
    """Parameters and configuration symbols: exact, shape (B, 1)."""
    return told_values(theorem, [experiment.known(one) for one in configurations], configurations)


def told_values(
    theorem: Theorem,
    known: Sequence[Mapping[str, float]],
    configurations: Sequence[Mapping[str, Any]],
) -> Values:
    """The same from the symbols that the experiment says of each configuration."""
    values: Values = {}
    for one in theorem.needs:
        if one.scope is Scope.CONFIGURATION and all(one.name in row for row in known):
            values[one] = _column([row[one.name] for row in known])
    for parameter in theorem.parameters:
        chosen = (row.get("parameters", {}) for row in configurations)
        values[parameter] = _column([c.get(parameter.name, parameter.grid[0]) for c in chosen])
    return values


def initial_values(theorem: Theorem, measured: Mapping[str, Measured]) -> Values:
    """Run symbols, and step symbols read at step 0, from what was measured at the start."""
    at_start, _ = read_when(*theorem.expressions())
    values: Values = {}
    for one in at_start:
        key = one if one.scope is Scope.RUN else one.at(0)
        if one == step_index:
            values[key] = Interval.exact(np.zeros((1, 1)))
        elif found := measured.get(one.name):
            values[key] = Interval.around(found.value[:, :1], found.drift[:, :1])
    return values


def step_values(
    theorem: Theorem, measured: Mapping[str, Measured], states: int, accumulated: bool
) -> Values:
    """Step symbols along the run; ``accumulated`` widens them by all the rounding since step 0."""
    steps = np.arange(states, dtype=np.float64)[None, :]
    values: Values = {step_index: Interval.exact(steps)}
    for one in theorem.needs:
        if one.scope.varies and one.name in measured:
            found = measured[one.name]
            values[one] = Interval.around(found.value, found.drift if accumulated else found.error)
    return values


@lru_cache(maxsize=4096)
def wanted(*expressions: sympy.Basic) -> tuple[frozenset[str], frozenset[str]]:
    """Names to measure at the start (all of them), and names to measure at every state."""
    at_start, along = read_when(*expressions)
    everything = frozenset(one.name for one in at_start | along if one != step_index)
    return everything, frozenset(one.name for one in along if one != step_index)


def _column(numbers: Sequence[float]) -> Interval:
    return Interval.exact(np.array(numbers, dtype=np.float64)[:, None])
