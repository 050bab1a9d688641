"""Any features of four points, in rationals: all training sets of n points are gone through."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from harness import interpolation as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals

POINTS = 4


def solved(matrix: Any, right: Any) -> Any:
    """matrix^-1 right by elimination, or None for a singular matrix."""
    rows = np.concatenate([matrix, right], axis=1)
    for i in range(len(rows)):
        pivot = next((k for k in range(i, len(rows)) if rows[k, i] != 0), None)
        if pivot is None:
            return None
        rows[[i, pivot]] = rows[[pivot, i]]
        rows[i] /= rows[i, i]
        for k in range(len(rows)):
            if k != i:
                rows[k] -= rows[k, i] * rows[i]
    return rows[:, len(rows) :]


def weights(Z: Any, ridge: Fraction) -> Any:
    """The matrix A (p x n) that turns labels into weights, or None where it takes a pseudo-inverse."""
    rows, columns = Z.shape
    wide = rows <= columns
    gram = (Z @ Z.T if wide else Z.T @ Z) + ridge * np.eye(min(rows, columns), dtype=int)
    if wide:
        found = solved(gram, Z)
        return None if found is None else found.T
    return solved(gram, Z.T)


def all_training_sets(
    features: Any, dim: int, train: int, noise: Any, ridge: Any
) -> dict[Any, Any]:
    """Means over all training sets, as fractions."""
    Z = np.vectorize(Fraction, otypes=[object])(np.array(features))[:, :dim]
    sigma2, lam = Fraction(noise), Fraction(ridge)
    known: dict[Any, Any] = {
        s.train_size: train, s.feature_dim: dim, s.pool_size: POINTS, s.noise_level: sigma2,
        s.penalty: lam, s.spanning: int(weights(Z, Fraction(0)) is not None),
    }  # fmt: skip
    sets = list(combinations(range(POINTS), train))
    found = [weights(Z[list(one)], lam) for one in sets]
    if any(one is None for one in found):
        return known | {s.independent: 0, s.held_out_noise: 0, s.pool_noise: 0}
    left_out = everywhere = Fraction(0)
    for chosen, A in zip(sets, found, strict=True):
        spread = ((Z @ A) ** 2).sum(axis=1)
        everywhere += spread.sum() / POINTS
        others = [i for i in range(POINTS) if i not in chosen]
        left_out += sum(spread[i] for i in others) / Fraction(len(others))
    return known | {
        s.independent: 1,
        s.held_out_noise: sigma2 * left_out / len(sets),
        s.pool_noise: sigma2 * everywhere / len(sets),
    }


four_points = Experiment(
    id="four_points",
    title="Least squares on any features of four points, exact mean over training sets",
    axes=(
        Axis(
            "features",
            matrix(POINTS, 4, reals(-2, 2)),
            [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, -1.0, 1.0, 0.0],
             [1.0, 2.0, 1.0, 1.0]],
            "a row for each point",
        ),
        Axis("dim", integers(1, 4), 2, "p: the first columns"),
        Axis("train", integers(1, 3), 2, "n"),
        Axis("noise", reals(0.25, 4), 1.0, "variance of the label noise"),
        Axis("ridge", choice(0.0, 0.0, 0.0, 1.0), 0.0, "lambda"),
    ),
    emits=frozenset(
        {s.train_size, s.feature_dim, s.pool_size, s.noise_level, s.penalty, s.independent,
         s.spanning, s.held_out_noise, s.pool_noise}
    ),
    engine=all_training_sets,
)  # fmt: skip
