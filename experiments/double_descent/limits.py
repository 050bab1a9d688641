"""Finite samples beside their limits: the ridgeless variance, and the risk along the epochs."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq

from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, reals

DESIGNS = 150
STEPS = (1, 2, 4, 8, 16, 32, 64, 128)


def ridgeless(rows: int, ratio: int, spread: float, rng: np.random.Generator) -> dict[Any, Any]:
    """Gaussian inputs in ratio * rows dimensions, spectrum geometric from 1 down to 1/spread."""
    columns = ratio * rows
    spectrum = np.geomspace(1.0, 1.0 / spread, columns)
    X = rng.standard_normal((DESIGNS, rows, columns)) * np.sqrt(spectrum)
    # tr((XX')^-1 X S X' (XX')^-1)
    gram, loaded = X @ np.swapaxes(X, 1, 2), (X * spectrum) @ np.swapaxes(X, 1, 2)
    half = np.linalg.solve(gram, loaded)
    variance = np.trace(np.linalg.solve(gram, np.swapaxes(half, 1, 2)), axis1=1, axis2=2)

    def excess(c: float) -> float:
        return float(np.mean(1 / (1 + c * ratio * spectrum))) - 1 + 1 / ratio

    dilation = brentq(excess, 1e-9, 1e9, xtol=1e-14, rtol=1e-14)
    shrunk = spectrum / (1 + dilation * ratio * spectrum) ** 2
    return {
        s.mean_variance: float(variance.mean()), s.dilation: dilation,
        s.shrunk_once: float(shrunk.mean()), s.shrunk_twice: float((spectrum * shrunk).mean()),
    }  # fmt: skip


ridgeless_designs = Experiment(
    id="ridgeless_designs",
    title="Variance of ridgeless least squares on correlated Gaussian inputs, 150 designs a run",
    axes=(
        Axis("rows", choice(6, 9, 14, 20, 32), 6, "n"),
        Axis("ratio", choice(2, 3), 2, "g = p/n"),
        Axis("spread", reals(1, 10), 1.0, "condition number of the inputs"),
    ),
    emits=frozenset(
        {s.rows, s.ratio, s.mean_variance, s.dilation, s.shrunk_once, s.shrunk_twice}
    ),
    engine=ridgeless,
    randomness=("rng",),
)  # fmt: skip


def epochs(
    rows: int, slow: float, noise: float, rate: float, rng: np.random.Generator
) -> dict[Any, Any]:
    """Two fast features of scale 1 and two of scale ``slow``, target 1 over the scale; start at 0."""
    scales = np.array([1.0, 1.0, slow, slow])
    X = rng.standard_normal((rows, 4)) * scales
    values, vectors = np.linalg.eigh(X.T @ X / rows)
    second, offset = vectors.T @ np.diag(scales**2) @ vectors, vectors.T @ (1 / scales)
    gaps = []
    for k in STEPS:
        q, ideal = (1 - rate * values) ** k, (1 - rate * scales**2) ** k
        fitted = noise / rows * np.sum(np.diag(second) * (1 - q) ** 2 / values)
        risk = (q * offset) @ second @ (q * offset) + fitted
        gaps.append(abs(risk - np.sum(ideal**2) - noise / rows * np.sum((1 - ideal) ** 2)))
    return {s.epoch_gap: float(max(gaps))}


two_scales = Experiment(
    id="two_scales",
    title="Gradient descent on features of two scales beside its spectral sum",
    axes=(
        Axis("rows", choice(32, 64, 128, 256, 512), 32, "n"),
        Axis("slow", reals(0.15, 1), 0.25, "scale of the slow features"),
        Axis("noise", reals(0.1, 2), 1.0, "s2"),
        Axis("rate", reals(0.05, 0.3), 0.1, "eta"),
    ),
    emits=frozenset({s.rows, s.epoch_gap}),
    engine=epochs,
    randomness=("rng",),
)
