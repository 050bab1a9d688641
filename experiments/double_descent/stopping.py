"""Early stopping beside its flow and beside ridge regression, with w* - w_0 drawn from a sphere."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def decays(x: Any, steps: int) -> dict[Any, Any]:
    """One direction of H: what the flow leaves of it, less what descent leaves."""
    left: Any = 1
    for _ in range(steps):
        left = left * (1 - x)
    return {s.pace: x, s.steps_taken: steps, s.decay_gap: np.exp(-x * steps) - left}


one_direction = Experiment(
    id="one_direction",
    title="Gradient descent beside its flow in one direction of the curvature",
    axes=(
        Axis("x", Mixed(reals(0, 2), reals(0, 1), 0.25), 1.0, "eta s"),
        Axis("steps", integers(0, 40), 1, "T"),
    ),
    emits=frozenset({s.pace, s.steps_taken, s.decay_gap}),
    engine=decays,
)


def averaged(
    spectrum: Any, weights: Any, prior: Any, noise: Any, most: Any, steps: int
) -> dict[Any, Any]:
    """Risks averaged over w* - w_0 ~ N(0, prior I), with step size ``most`` / max s."""
    rate = most / max(spectrum)
    time, totals = rate * steps, [0, 0, 0]
    for one, weight in zip(spectrum, weights, strict=True):
        descent = decays(rate * one, steps)
        flow = np.exp(-time * one)
        left = flow - descent[s.decay_gap], flow, 1 / (1 + time * one)
        for index, q in enumerate(left):
            totals[index] += weight * (prior * q * q + noise * (1 - q) * (1 - q) / one)
    return {
        s.pace_most: most, s.steps_taken: steps, s.bayes_descent: totals[0],
        s.bayes_flow: totals[1], s.bayes_ridge: totals[2],
    }  # fmt: skip


stopped_early = Experiment(
    id="stopped_early",
    title="Descent and flow stopped early beside ridge, three directions, mean over the target",
    axes=(
        Axis(
            "spectrum", vector(3, reals(0.001, 1, log=True)), [1.0, 0.5, 0.25], "eigenvalues of H"
        ),
        Axis("weights", vector(3, reals(0, 1)), [1.0, 1.0, 1.0], "test second moment along each"),
        Axis("prior", reals(0, 1), 1.0, "r2: variance of each coordinate of w* - w_0"),
        Axis("noise", reals(0.001, 4, log=True), 1.0, "s2/n"),
        Axis(
            "most",
            Mixed(reals(0.05, 1.25), reals(0.5, 1), 0.25),
            1.0,
            "h: step size times the largest eigenvalue",
        ),
        Axis("steps", integers(1, 60), 4, "T"),
    ),
    emits=frozenset({s.pace_most, s.steps_taken, s.bayes_descent, s.bayes_flow, s.bayes_ridge}),
    engine=averaged,
)
