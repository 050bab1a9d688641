"""Ridge regression before and after one sample more."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import double_descent as s
from harness import eigenvalues
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, matrix, reals, vector


def traces(design: Any, added: Any, loading: Any) -> dict[Any, Any]:
    """tr((X'X + lambda)^-1) for given rows, and with another row."""
    X, row = np.array(design), np.array(added)
    gram = X.T @ X

    def trace(of: Any) -> Any:
        return sum(1 / (one + loading) for one in eigenvalues([list(line) for line in of]))

    return {
        s.loading: loading, s.loaded_trace: trace(gram),
        s.loaded_trace_after: trace(gram + np.outer(row, row)),
    }  # fmt: skip


growing_ridge = Experiment(
    id="growing_ridge",
    title="Ridge regression with three weights and given samples, one sample more",
    axes=(
        Axis("design", matrix(2, 3, reals(-2, 2)), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], "X"),
        Axis("added", vector(3, reals(-2, 2)), [0.0, 0.0, 1.0], "the sample that is added"),
        Axis("loading", reals(0.05, 4), 0.5, "lambda"),
    ),
    emits=frozenset({s.loading, s.loaded_trace, s.loaded_trace_after}),
    engine=traces,
)


def realised(
    rows: int, columns: int, null_risk: float, noise: float, rng: np.random.Generator
) -> dict[Any, Any]:
    """Risks at the optimal lambda for one target, the mean over the label noise taken exactly."""
    X, loading = rng.standard_normal((rows + 1, columns)), columns * noise / null_risk

    def risk(design: Any) -> float:
        values, vectors = np.linalg.eigh(design.T @ design)
        shrunk = loading / (values + loading)
        bias = null_risk * float(np.sum((shrunk * vectors[0]) ** 2))
        return bias + noise * float(np.sum(values / (values + loading) ** 2))

    before, after = risk(X[:-1]), risk(X)
    # eigenvalues are off by a few units in the last place of the largest
    error = 1e-13 * (before + after) * (1 + float(np.sum(X * X)) / loading)
    return {s.risk_now: (before, error), s.risk_change: (after - before, error)}


growing_sample = Experiment(
    id="growing_sample",
    title="Optimally tuned ridge regression on Gaussian samples, one sample more",
    axes=(
        Axis("rows", integers(1, 12), 4, "n"),
        Axis("columns", integers(1, 6), 3, "p"),
        Axis("null_risk", reals(0.25, 4), 1.0, "b2"),
        Axis("noise", reals(0.1, 4), 1.0, "s2"),
    ),
    emits=frozenset({s.rows, s.columns, s.null_risk, s.risk_now, s.risk_change}),
    engine=realised,
    randomness=("rng",),
)
