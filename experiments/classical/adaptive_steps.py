"""Adagrad, and Adam without momentum, on a function of two variables with many valleys.

f(x) = sum of c_j (1 - cos(w_j x_j)): f* = 0, |df/dx_j| <= c_j w_j, L = max c_j w_j^2. Both divide a step
by the root of eps + v_j. Adagrad: v sums the squared gradients; Adam: v+ = beta_2 v + g^2 with the step
alpha sqrt((1 - beta_2^k) / (1 - beta_2)) at the k-th.
"""

from __future__ import annotations

import math
from typing import Any

from harness.first_order import (
    adagrad_mean,
    adam_mean,
    decay,
    dimension,
    epsilon,
    gap_start,
    grad_bound,
    rate_adaptive,
    rounds,
    smooth,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def adaptive(
    heights: Any, waves: Any, start: Any, share: Any, forget: Any, floor: Any, count: int
) -> dict[Any, Any]:
    """``share`` is alpha L / R, ``forget`` is 1 - beta_2, ``floor`` is sqrt(eps) / G."""
    steepest = max(c * w for c, w in zip(heights, waves, strict=True))
    L = max(c * w**2 for c, w in zip(heights, waves, strict=True))
    eps, R = (floor * steepest) ** 2, (1 + floor) * steepest
    alpha, beta = share * R / L, 1 - forget
    totals = {}
    for name, keep in ((adagrad_mean, 1), (adam_mean, beta)):
        total = 0.0
        for c, w, x in zip(heights, waves, start, strict=True):
            v, power = 0.0, 1.0
            for _ in range(count):
                g = c * w * math.sin(w * x)
                total = total + g**2
                v, power = keep * v + g**2, power * beta
                step = alpha if name is adagrad_mean else alpha * math.sqrt((1 - power) / forget)
                x = x - step * g / math.sqrt(eps + v)
        totals[name] = total / count
    return {
        **totals, rounds: count, dimension: len(waves), rate_adaptive: alpha, decay: beta,
        epsilon: eps, grad_bound: R, smooth: L,
        gap_start: sum(
            c * (1 - math.cos(w * x)) for c, w, x in zip(heights, waves, start, strict=True)
        ),
    }  # fmt: skip


adaptive_steps = Experiment(
    id="adaptive_steps",
    title="Adagrad and Adam without momentum on a function of two variables with many valleys",
    axes=(
        Axis("heights", vector(2, reals(0.25, 4)), [1.0, 1.0], "c_j"),
        Axis("waves", vector(2, reals(0.25, 4)), [1.0, 1.0], "w_j"),
        Axis("start", vector(2, reals(-3, 3)), [1.5, 1.5], "x_0"),
        Axis("share", reals(0.02, 1, log=True), 0.25, "step size alpha times L / R"),
        Axis("forget", reals(0.005, 0.5, log=True), 0.0625, "1 - beta_2"),
        Axis("floor", reals(0.05, 0.5, log=True), 0.25, "sqrt(eps) over the largest derivative"),
        Axis("count", integers(1, 256), 64, "number of steps"),
    ),
    emits=frozenset(
        {
            rounds, dimension, rate_adaptive, decay, epsilon, grad_bound, smooth, gap_start,
            adagrad_mean, adam_mean,
        }
    ),
    engine=adaptive,
)  # fmt: skip
