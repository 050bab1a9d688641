"""The declared degrees of gradient flow against runs of it in other units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.flow.two_layer import run
from experiments.symmetric_flow import flow, symmetric_flow
from experiments.two_layer_flow import two_layer_flow
from harness.vocabulary.scaling import Scaling
from theorems.convergence.scalings import EIGENVALUES, FLOW_SCALINGS, START

rng = np.random.default_rng(5)
x, Y = np.array([0.75, 1.5]), rng.standard_normal((2, 2))
W1, W2 = rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
T = 0.25
RESCALED = {
    "data": lambda: run(2 * x, 2 * Y, W1, W2, T / 4),
    "weights": lambda: run(x, 4 * Y, 2 * W1, 2 * W2, T / 4),
}
FACTORED: dict[str, dict[str, Any]] = {
    "eigenvalues": {"spectrum": [6.0, 2.0], "scale": 2e-3, "tolerance": 0.2, "time": 0.5},
    "start": {"start": [2.0, 1.0], "scale": 5e-4},
}


def number(measured: Any) -> float:
    return float(measured[0] if isinstance(measured, tuple) else measured)


def same(scaling: Scaling, once: Any, other: Any, emitted: Any) -> None:
    degrees = {one.name: degree for one, degree in scaling.degrees.items()}
    assert once.keys() == {one.name for one in emitted}
    for name, value in once.items():
        expected = number(value) * 2.0 ** int(degrees.get(name, 0))
        assert number(other[name]) == pytest.approx(expected, rel=1e-8, abs=1e-12), name


@pytest.mark.parametrize("scaling", FLOW_SCALINGS, ids=lambda one: one.name)
def test_two_layers_flow_alike_in_other_units(scaling: Scaling) -> None:
    same(scaling, run(x, Y, W1, W2, T), RESCALED[scaling.name](), two_layer_flow.emits)


@pytest.mark.parametrize("scaling", [EIGENVALUES, START], ids=lambda one: one.name)
def test_a_factorization_flows_alike_in_other_units(scaling: Scaling) -> None:
    given: dict[str, Any] = {
        "modes": 2, "k": 1, "spectrum": [3.0, 1.0], "start": [1.0, 0.5],
        "scale": 1e-3, "tolerance": 0.1, "time": 1.0,
    }  # fmt: skip
    same(scaling, flow(**given), flow(**given | FACTORED[scaling.name]), symmetric_flow.emits)
