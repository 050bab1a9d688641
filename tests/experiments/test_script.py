"""The quantities as written for mpmath are those that the engine measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.script import MOST_ENTRIES, rational
from experiments.two_layer_linear import two_layer_linear
from harness.reporting.script import HEAD

STEP = frozenset(one.name for one in two_layer_linear.emits if one.scope.varies)
RUN = frozenset(one.name for one in two_layer_linear.emits if one.scope == "run")
WRITTEN = (STEP | RUN) - {"smoothness"}
SIZES = [0.05, 0.05, 0.02]


def executed(configuration: dict[str, Any]) -> dict[str, Any]:
    source = TwoLayerLinear({}).script(configuration, SIZES, WRITTEN)
    assert source is not None
    names: dict[str, Any] = {}
    exec(HEAD + source, names)
    return names


@pytest.mark.parametrize(
    "case",
    [
        {"features": 3, "outputs": 2, "width": 4},
        {"features": 2, "outputs": 3, "width": 40, "init": "imbalanced", "scale": 0.3},
        {"features": 1, "outputs": 1, "width": 1},
        {"features": 3, "outputs": 2, "width": 1, "init": "narrow"},
        {"features": 2, "outputs": 3, "width": 4, "loss": "logcosh"},
        {"data": "given", "X": [[2, 1], [1, 3]], "Y": [[1], [2]], "width": 2},
    ],
)
def test_every_quantity_is_the_one_measured(configure: Any, case: dict[str, Any]) -> None:
    configuration = configure(seed=4, **case)
    names = executed(configuration)
    engine = TwoLayerLinear({})
    start = engine.initial([configuration], STEP | RUN)
    trace = engine.run(start, lambda t, _: np.array([SIZES[t]]), 3, STEP | RUN)
    for name in sorted(WRITTEN):
        found = trace.measured[name]
        for step in range(1 if name in RUN else 3 if name in ("eta", "drift_step") else 4):
            value = names[name] if name in RUN else names[name](step)
            error = float(found.drift[0, step]) + 1e-14
            assert abs(float(value) - float(found.value[0, step])) <= error, (name, step)


def test_what_cannot_be_written(configure: Any) -> None:
    engine = TwoLayerLinear({})
    assert engine.script(configure(), SIZES, frozenset({"loss", "smoothness"})) is None
    # a hidden layer wider than n + m is reduced to n + m
    for size, written in ((5, True), (6, False)):
        assert (2 * size * size <= MOST_ENTRIES) == written
        wide = configure(features=size, outputs=size, width=20)
        assert (engine.script(wide, SIZES, frozenset({"loss"})) is not None) == written


@pytest.mark.parametrize(
    ("number", "text"), [(3.0, "3"), (-0.75, "-3/4"), (0.1, "3602879701896397/36028797018963968")]
)
def test_doubles_are_written_exactly(number: float, text: str) -> None:
    assert rational(number) == text
