"""Gradient descent on a two-layer ReLU network from a small balanced start, early in training.

f(x) = sum_j v_j max(w_j.x, 0), W(0) = eps W_0, v_j(0) = +-|w_j(0)|, both layers trained at once. Loss
sum_i l(y_i, f(x_i)), y_i = +-1, with l = exp(-y f), 2 log(1 + exp(-y f)) or 1/2 (y - f)^2; the
derivative of max(z, 0) at 0 is 0. All steps together take ``share`` of log(1/(sqrt(h) eps)) / (4 n Xm).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from experiments.two_layer.domains import Usual
from harness import finite_width as s
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, depending, integers, matrix, reals, vector


def pull(loss: str, y: Any, f: Any) -> Any:
    """-dl/df."""
    if loss == "exponential":
        return y * np.exp(-y * f)
    return 2 * y / (1 + np.exp(y * f)) if loss == "logistic" else y - f


def size(values: Any) -> Any:
    """Euclidean norm."""
    return np.sqrt((values * values).sum())


def turned(w: Any, v: Any, sign: Any, along: Any, asked: Any) -> tuple[Any, Any]:
    """How far the turning of one neuron is from the one asked for, and | |v| / |w| - 1 |."""
    length = size(w)
    # a neuron at 0 stays there and has no direction
    if not length > 0:
        return 0, 0
    apart = v / length * along - sign * asked
    unit = w / length
    return size(apart - unit * (unit @ apart)), abs(sign * v / length - 1)


def early(
    width: int,
    samples: int,
    X: Any,
    y: Any,
    W: Any,
    signs: Any,
    eps: Any,
    loss: str,
    share: Any,
    steps: int,
) -> dict[Any, Any]:
    """Train, and measure the last state and where it turns to."""
    rows, labels, first = np.array(X), np.array(y), np.array(W)
    longest = max(size(row) for row in rows)
    w, sign = eps * first, np.array(signs)
    v = sign * np.array([size(row) for row in w])
    step = 0 * share
    if longest > 0:
        step = share * math.log(1 / (math.sqrt(width) * eps)) / (4 * samples * longest * steps)

    def forces(w: Any, v: Any) -> tuple[Any, Any, Any]:
        reach = w @ rows.T
        active = (reach > 0).astype(int)
        f = v @ (active * reach)
        return f, active, (active * pull(loss, labels, f)) @ rows

    for _ in range(steps):
        _, _, g = forces(w, v)
        w, v = w + step * v[:, None] * g, v + step * (w * g).sum(axis=1)
    f, active, g = forces(w, v)
    asked = (active * labels) @ rows
    each = [turned(*one) for one in zip(w, v, sign, g, asked, strict=True)]
    return {
        symbols.width: width, symbols.samples: samples, s.small_init: eps, s.step: step,
        s.steps_taken: steps, s.longest_sample: longest,
        s.longest_neuron: max(size(row) for row in first),
        s.neuron_squared: max((row * row).sum() for row in w),
        s.output_largest: max(abs(one) for one in f),
        s.turning_error: max(one for one, _ in each), s.layer_gap: max(one for _, one in each),
    }  # fmt: skip


AXES = (
    Axis("width", integers(1, 4), 1, "hidden width h"),
    Axis("samples", integers(1, 3), 1, "samples n"),
    Axis("X", depending(lambda at: matrix(at["samples"], 2, reals(-2, 2))), [[1.0, 0.0]],
         "samples"),
    Axis("y", depending(lambda at: vector(at["samples"], choice(-1, 1))), [1], "labels"),
    Axis("W", depending(lambda at: matrix(at["width"], 2, reals(-2, 2))), [[1.0, 0.0]],
         "W_0, one neuron a row"),
    Axis("signs", depending(lambda at: vector(at["width"], choice(-1, 1))), [1],
         "signs of the v_j"),
    Axis("eps", Usual(reals(1e-12, 10), reals(1e-5, 0.25, log=True)), 1e-5, "eps"),
    Axis("loss", choice("exponential", "logistic", "squared"), "exponential", "l"),
    Axis("share", Usual(reals(0, 100), reals(0.01, 1)), 0.75, "of the longest time"),
    Axis("steps", integers(1, 20), 10, "number of steps T"),
)  # fmt: skip
BOUNDARY = (
    {"share": 0},
    {"X": [[-1, 0]]},
    {"width": 2, "W": [[1, 0], [0, 0]], "signs": [1, 1]},
)

relu_early = Experiment(
    id="relu_early",
    title="Two-layer ReLU network with two inputs, gradient descent from a small balanced start",
    axes=AXES,
    emits=frozenset(
        {s.small_init, s.longest_sample, s.longest_neuron, s.neuron_squared, s.output_largest,
         s.turning_error, s.layer_gap, s.step, s.steps_taken, symbols.width, symbols.samples}
    ),
    engine=early,
    boundary=BOUNDARY,
)  # fmt: skip
