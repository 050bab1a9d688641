"""One step of gradient descent on three small networks, in rationals.

Two layers W2 W1 and three layers W3 W2 W1 under 1/2 |W - M|_F^2, and hidden ReLU neurons
x -> sum_j a_j relu(w_j.x) on two samples; weight decay lambda/2 |weights|^2 on all of them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from harness import large_steps as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector


def exact(rows: Any) -> Any:
    """The array of the fractions that the floats are."""
    return np.vectorize(Fraction, otypes=[object])(np.array(rows))


def layers(
    W1: Any, W2: Any, W3: Any, target: Any, samples: Any, out: Any, bias: int, probe: Any,
    step: Any, decay: Any,
) -> dict[Any, Any]:  # fmt: skip
    """Imbalances before and after the step, and what the gradients say of their change."""
    A, B, C, M, P, X, a = map(exact, (W1, W2, W3, target, probe, samples, out))
    eta, shrink = Fraction(step), 1 - Fraction(step) * Fraction(decay)
    E = B @ A - M
    G1, G2 = B.T @ E, E @ A.T
    A1, B1 = shrink * A - eta * G1, shrink * B - eta * G2
    E = C @ B @ A - M
    H2, H3 = C.T @ E @ A.T, E @ (B @ A).T
    B2, C2 = shrink * B - eta * H2, shrink * C - eta * H3
    w, b = A.copy(), Fraction(bias, 2)
    active = np.array([[one > 0 for one in row] for row in X @ w.T + b], dtype=object)
    hidden = active * (X @ w.T + b)
    residual = hidden @ a - M[0]
    g_a = (hidden.T @ residual)[0]
    g_w = a[0] * ((active[:, 0] * residual) @ X)
    w1, a1 = shrink * w[0] - eta * g_w, shrink * a[0] - eta * g_a
    return {
        s.step: eta, s.weight_decay: Fraction(decay), s.homogeneous: 1 - bias,
        s.imbalance: (P * (B.T @ B - A @ A.T)).sum(),
        s.imbalance_after: (P * (B1.T @ B1 - A1 @ A1.T)).sum(),
        s.skew: (P * (G2.T @ G2 - G1 @ G1.T)).sum(),
        s.deep_imbalance: (P * (C.T @ C - B @ B.T)).sum(),
        s.deep_imbalance_after: (P * (C2.T @ C2 - B2 @ B2.T)).sum(),
        s.deep_skew: (P * (H3.T @ H3 - H2 @ H2.T)).sum(),
        s.neuron: w[0] @ w[0] - a[0] ** 2, s.neuron_after: w1 @ w1 - a1**2,
        s.neuron_skew: g_w @ g_w - g_a**2,
    }  # fmt: skip


SQUARE = matrix(2, 2, reals(-2, 2))

imbalance_after_a_step = Experiment(
    id="imbalance_after_a_step",
    title="Imbalance of linear and ReLU networks after one step, exact",
    axes=(
        Axis("W1", SQUARE, [[1.0, 0.0], [0.5, 1.0]], "first layer; its rows are the w_j"),
        Axis("W2", SQUARE, [[1.0, -1.0], [0.0, 2.0]], "second layer"),
        Axis("W3", SQUARE, [[1.0, 1.0], [-1.0, 0.5]], "third layer"),
        Axis("target", SQUARE, [[1.0, 0.0], [0.0, 1.0]], "M; its first row the ReLU targets"),
        Axis("samples", SQUARE, [[1.0, 1.0], [1.0, -0.5]], "inputs of the ReLU network"),
        Axis("out", vector(2, reals(-2, 2)), [1.0, -1.0], "output weights a_j"),
        Axis("bias", choice(0, 0, 0, 1), 0, "1: hidden neurons have a bias of 1/2"),
        Axis("probe", matrix(2, 2, integers(-3, 3)), [[1, 0], [0, 1]], "P"),
        Axis("step", reals(0.001, 1), 0.25, "step size"),
        Axis("decay", choice(0.0, 0.5), 0.0, "weight decay"),
    ),
    emits=frozenset(
        {
            s.step, s.weight_decay, s.homogeneous, s.imbalance, s.imbalance_after, s.skew,
            s.deep_imbalance, s.deep_imbalance_after, s.deep_skew, s.neuron, s.neuron_after,
            s.neuron_skew,
        }
    ),
    engine=layers,
)  # fmt: skip
