"""The Hessian of a two-layer network with two tanh neurons at one input of two numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import eigenvalues
from harness import neural_kernels as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import matrix, reals, vector

SHARE = 2.0**-0.5
"""1 / sqrt(h)."""


def hessian(x: Any, first: Any, second: Any) -> dict[Any, Any]:
    """Second derivatives of f = sum a_r tanh(w_r.x) / sqrt(2), in w_1, a_1, w_2, a_2."""
    x, W = np.array(x), np.array(first)
    H: list[list[Any]] = [[0.0] * 6 for _ in range(6)]
    slopes, curves = [], []
    for r, (w, a) in enumerate(zip(W, second, strict=True)):
        value = np.tanh(w @ x)
        slope = 1 - value * value
        curve = -2 * value * slope
        for i in range(2):
            for j in range(2):
                H[3 * r + i][3 * r + j] = a * curve * x[i] * x[j] * SHARE
            H[3 * r + i][3 * r + 2] = H[3 * r + 2][3 * r + i] = slope * x[i] * SHARE
        slopes.append(slope)
        curves.append(a * curve * (x @ x))
    values = eigenvalues(H)
    return {
        s.hessian_norm: max(abs(values[0]), abs(values[-1])),
        s.curve_1: curves[0], s.curve_2: curves[1], s.slope_1: slopes[0], s.slope_2: slopes[1],
        s.outer_most: max(abs(second[0]), abs(second[1])), s.input_norm: np.sqrt(x @ x),
    }  # fmt: skip


two_neurons = Experiment(
    id="two_neurons",
    title="Hessian of a network of two tanh neurons",
    axes=(
        Axis("x", vector(2, reals(-2, 2)), [1.0, 0.5], "the input"),
        Axis("first", matrix(2, 2, reals(-1, 1)), [[1.0, 0.5], [-0.5, 1.0]], "w_1, w_2"),
        Axis("second", vector(2, reals(-2, 2)), [1.0, -1.0], "a_1, a_2"),
    ),
    emits=frozenset(
        {
            s.hessian_norm, s.curve_1, s.curve_2, s.slope_1, s.slope_2, s.outer_most,
            s.input_norm,
        }
    ),
    engine=hessian,
)  # fmt: skip
