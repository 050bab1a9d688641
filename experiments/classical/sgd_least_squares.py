"""Stochastic gradient descent on least squares with two weights: exact second moments.

f_i(x) = 1/2 (a_i.x - b_i)^2, f their mean over four samples, one sample a step, uniformly and
independently. With e = x - x*, r_i = a_i.x* - b_i: e+ = e - g a_i (a_i.e + r_i), so that m = E e and
S = E e e' obey linear recursions. No path is simulated.
"""

from __future__ import annotations

import math
from typing import Any

from experiments.two_layer.domains import Mixed
from harness.first_order import (
    gamma,
    mean_dist_squared,
    noise_at_minimum,
    rounds,
    sample_smooth,
    start_squared,
    strong,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, matrix, reals, vector


def moments(
    rows: Any, labels: Any, noisy: int, start: Any, share: Any, passes: int
) -> dict[Any, Any]:
    """E|x_N - x*|^2 after ``passes`` steps of size share / max |a_i|^2, from x* + start."""
    count = len(rows)
    hxx, hxy, hyy = (
        sum(row[i] * row[j] for row in rows) / count for i, j in ((0, 0), (0, 1), (1, 1))
    )
    det, half = hxx * hyy - hxy * hxy, (hxx + hyy) / 2
    errors = _residuals(rows, labels, (hxx, hxy, hyy), det) if noisy else [0] * count
    most = max(row[0] ** 2 + row[1] ** 2 for row in rows)
    greatest = half + math.sqrt(((hxx - hyy) / 2) ** 2 + hxy * hxy)
    # without any input nothing moves, whatever the step
    least, step = (det / greatest, share / most) if most > 0 else (0, share)
    mx, my = start
    sxx, sxy, syy = mx * mx, mx * my, my * my
    for _ in range(passes):
        # E (a.e + r)^2 of each sample
        squares = [
            a * a * sxx + 2 * a * b * sxy + b * b * syy + 2 * r * (a * mx + b * my) + r * r
            for (a, b), r in zip(rows, errors, strict=True)
        ]
        drawn = [
            step**2 * sum(row[i] * row[j] * q for row, q in zip(rows, squares, strict=True)) / count
            for i, j in ((0, 0), (0, 1), (1, 1))
        ]
        sxx, sxy, syy = (
            sxx - 2 * step * (hxx * sxx + hxy * sxy) + drawn[0],
            sxy - step * ((hxx + hyy) * sxy + hxy * (sxx + syy)) + drawn[1],
            syy - 2 * step * (hyy * syy + hxy * sxy) + drawn[2],
        )
        mx, my = mx - step * (hxx * mx + hxy * my), my - step * (hxy * mx + hyy * my)
    noise = (
        sum((row[0] ** 2 + row[1] ** 2) * r**2 for row, r in zip(rows, errors, strict=True)) / count
    )
    return {
        rounds: passes, gamma: step, sample_smooth: most, strong: least,
        noise_at_minimum: noise, mean_dist_squared: sxx + syy,
        start_squared: start[0] ** 2 + start[1] ** 2,
    }  # fmt: skip


def _residuals(rows: Any, labels: Any, hessian: Any, det: Any) -> list[Any]:
    """a_i.x* - b_i at the minimiser x*."""
    hxx, hxy, hyy = hessian
    cx, cy = (
        sum(row[i] * label for row, label in zip(rows, labels, strict=True)) / len(rows)
        for i in (0, 1)
    )
    if not det > 0:
        # mu = 0: no claim speaks, and any point may stand for the minimiser
        return [-label for label in labels]
    x, y = (hyy * cx - hxy * cy) / det, (hxx * cy - hxy * cx) / det
    return [row[0] * x + row[1] * y - label for row, label in zip(rows, labels, strict=True)]


sgd_on_least_squares = Experiment(
    id="sgd_on_least_squares",
    title="Stochastic gradient descent on least squares with two weights, exact second moments",
    axes=(
        Axis("rows", matrix(4, 2, reals(-1, 1)), [[1.0, 0.0], [0.0, 1.0]] * 2, "the inputs a_i"),
        Axis("labels", vector(4, reals(-1, 1)), [1.0, 1.0, -1.0, -1.0], "b_i, where they count"),
        Axis("noisy", integers(0, 1), 1, "1: the labels count; 0: every sample is fitted"),
        Axis("start", vector(2, reals(-3, 3)), [1.0, 0.0], "x_0 - x*"),
        Axis("share", Mixed(reals(0.05, 1.25), reals(0.05, 0.5), 0.5), 0.5, "step size times max |a_i|^2"),
        Axis("passes", integers(1, 40), 1, "number of steps"),
    ),
    emits=frozenset(
        {
            rounds, gamma, sample_smooth, strong, noise_at_minimum, mean_dist_squared,
            start_squared,
        }
    ),
    engine=moments,
)  # fmt: skip
