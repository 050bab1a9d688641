"""An interpolating univariate ReLU network, and SGD at an interpolating minimum, by exact moments.

The network is f(x) = sum_i v_i relu(w_i x + b_i) + c with loss 1/(2N) sum (f(x_j) - y_j)^2 and y = f(x):
its Hessian is the mean of grad f grad f'. SGD draws B of n samples without replacement; sample i has
loss (a_i.x)^2 / 2 in the plane, and the map of E x x' is averaged over all batches.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np

from harness import eigenvalues, solve, spectral_radius
from harness import implicit_bias as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Partial, choice, depending, integers, matrix, reals, vector


def side(points: Any, kink: Any) -> Any:
    """P(X < t)^2 E[t - X | X < t] sqrt(1 + E[X | X < t]^2) for the empirical law of the points."""
    left = [x for x in points if x < kink]
    if not left:
        return 0 * kink
    mean = sum(left) / len(left)
    return (len(left) / len(points)) ** 2 * (kink - mean) * math.sqrt(1 + mean * mean)


def relu_minimum(points: Any, w: Any, b: Any, v: Any, facing: int) -> dict[Any, Any]:
    """Sharpness and the norm that it bounds; the second input weight is ``facing`` times its entry."""
    w = [w[0], facing * w[1]]
    gradients, clear, norm = [], 1, 0 * w[0]
    for x in points:
        active = [one * x + shift > 0 for one, shift in zip(w, b, strict=True)]
        clear = clear * int(all(one * x + shift != 0 for one, shift in zip(w, b, strict=True)))
        of_w = [out * x * on for out, on in zip(v, active, strict=True)]
        of_b = [out * on for out, on in zip(v, active, strict=True)]
        of_v = [(one * x + shift) * on for one, shift, on in zip(w, b, active, strict=True)]
        gradients.append([*of_w, *of_b, *of_v, 1])
    for one, shift, out in zip(w, b, v, strict=True):
        kink = -shift / one
        mirrored = side([-x for x in points], -kink)
        norm = norm + abs(out * one) * min(side(points, kink), mirrored)
    J = np.array(gradients)
    return {
        s.sharpness: eigenvalues(list(J @ J.T / len(points)))[-1], s.path_norm: norm, s.clear: clear,
    }  # fmt: skip


WEIGHTS = vector(2, reals(0.25, 2))
univariate_relu_minimum = Experiment(
    id="univariate_relu_minimum",
    title="Sharpness of an interpolating univariate ReLU network with two neurons",
    axes=(
        Axis("points", vector(4, reals(-2, 2)), [-1.5, -0.5, 0.5, 1.5], "inputs"),
        Axis("w", WEIGHTS, [1.0, 0.75], "input weights"),
        Axis("b", vector(2, reals(-1, 1)), [0.0, 0.5], "biases"),
        Axis("v", WEIGHTS, [1.0, 0.5], "output weights"),
        Axis("facing", choice(1, -1), 1, "-1: the second neuron is on to the left of its kink"),
    ),
    emits=frozenset({s.sharpness, s.path_norm, s.clear}),
    engine=relu_minimum,
)


def moments(n: int, rows: Any, batch: int, step: Any) -> dict[Any, Any]:
    """On symmetric matrices E11, E12 + E21, E22: the map of second moments, C and D."""
    basis = [np.array(one) for one in ([[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]])]
    H = [np.outer(np.array(row), np.array(row)) for row in rows]
    mean = sum(H[1:], H[0]) / n
    p = (n - batch) / (batch * (n - 1))

    def columns(of: Any) -> Any:
        found = [of(one) for one in basis]
        return [[one[i][j] for one in found] for i, j in ((0, 0), (0, 1), (1, 1))]

    picked = [
        sum((H[i] for i in some[1:]), H[some[0]]) / batch for some in combinations(range(n), batch)
    ]
    drawn = columns(
        lambda S: (
            sum((np.eye(2) - step * G) @ S @ (np.eye(2) - step * G) for G in picked) / len(picked)
        )
    )
    C = columns(lambda S: (mean @ S + S @ mean) / 2)
    D = columns(lambda S: (1 - p) * mean @ S @ mean + p * sum(G @ S @ G for G in H) / n)
    regular = mean[0, 0] * mean[1, 1] - mean[0, 1] * mean[1, 0]
    return {
        s.step: step, s.radius: spectral_radius(drawn), s.mean_determinant: regular,
        # without a regular mean there is no such number, and the theorem does not speak
        s.threshold: 2 / spectral_radius(solve(C, D)) if regular > 0 else 0 * step, s.mean_curvature: eigenvalues(list(mean))[-1],
    }  # fmt: skip


def _rows(partial: Partial) -> Any:
    return matrix(int(partial["n"]), 2, reals(-2, 2))


interpolating_sgd = Experiment(
    id="interpolating_sgd",
    title="SGD without replacement at an interpolating minimum in the plane, exact second moments",
    axes=(
        Axis("n", integers(2, 5), 3, "number of samples"),
        Axis("rows", depending(_rows), [[1.0, 0.0], [0.5, 1.0], [1.0, -0.5]], "the a_i"),
        Axis("batch", depending(lambda before: integers(1, before["n"])), 1, "batch size B"),
        Axis("step", reals(0.01, 4, log=True), 0.5, "step size"),
    ),
    emits=frozenset({s.step, s.radius, s.threshold, s.mean_curvature, s.mean_determinant}),
    engine=moments,
)
