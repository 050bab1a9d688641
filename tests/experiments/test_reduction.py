"""The reduced problem against a direct simulation with the original data and the full width."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.data import draw_data
from experiments.two_layer.reduction import reduce_data
from experiments.two_layer.setup import problem, shapes, weights

CASES = [
    {"data": "gaussian", "samples": 20, "features": 4, "outputs": 2, "width": 3},
    {"data": "gaussian", "samples": 20, "features": 4, "outputs": 2, "width": 50, "noise": 1},
    {"data": "gaussian", "samples": 3, "features": 8, "outputs": 5, "width": 30},
    {"data": "rank_deficient", "samples": 9, "features": 6, "outputs": 2, "width": 9},
    {"data": "duplicates", "samples": 9, "features": 4, "outputs": 3, "width": 11},
    {"data": "conditioned", "samples": 9, "features": 3, "outputs": 3, "width": 1},
    {"data": "diabetes", "width": 20},
]


def lam(eigenvalues: Any, rank: int) -> float:
    """The rank-th largest eigenvalue, 0 beyond the last."""
    ordered = np.sort(eigenvalues)[::-1]
    return float(ordered[rank - 1]) if rank <= len(ordered) else 0.0


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("init", ["gaussian", "imbalanced", "balanced_margin"])
def test_reduced_run_is_the_direct_run(
    configure: Any, train: Any, stable: Any, case: dict[str, Any], init: str
) -> None:
    configuration = configure(**case, init=init, scale=0.4, seed=2)
    X, Y = draw_data(configuration)
    reduced = problem(configuration)
    assert reduced.basis is not None
    W1, W2 = weights(configuration)
    W1 = reduced.basis @ W1
    # a part of W1 outside the row space of X never matters
    noise = np.random.default_rng(0).standard_normal(W1.shape)
    outside = noise - reduced.basis @ (reduced.basis.T @ noise)
    W1 = W1 + outside
    best = Y - X @ np.linalg.lstsq(X, Y)[0]
    eta = stable(configuration, 0.9)
    trace = train([configuration], eta, 20)
    n, m = reduced.rank, Y.shape[1]
    assert trace.notes[0]["rank"] == n == np.linalg.matrix_rank(X)
    for t in range(21):
        inner = reduced.basis.T @ W1
        gradient = X.T @ (X @ W1 @ W2 - Y)
        D = np.linalg.eigvalsh(inner.T @ inner - W2 @ W2.T)
        expected = {
            "loss": (np.sum((Y - X @ W1 @ W2) ** 2) - np.sum(best**2)) / 2,
            "product_grad": np.linalg.norm(gradient),
            "grad_norm": np.hypot(
                np.linalg.norm(gradient @ W2.T),
                np.linalg.norm(inner.T @ reduced.basis.T @ gradient),
            ),
            "smax_W1": np.linalg.norm(inner, 2),
            "smax_W2": np.linalg.norm(W2, 2),
            "lam1_D": lam(D, 1),
            "lamn_D": lam(D, n),
            "lam1_mD": lam(-D, 1),
            "lamm_mD": lam(-D, m),
            "lamn_W1W1": lam(np.linalg.eigvalsh(inner @ inner.T), n),
            "lamm_W2W2": lam(np.linalg.eigvalsh(W2.T @ W2), m),
        }
        expected["tau_min"] = expected["lamn_W1W1"] + expected["lamm_W2W2"]
        for name, value in expected.items():
            found = trace.measured[name].value[0, t]
            assert found == pytest.approx(value, rel=1e-9, abs=1e-12), (name, t)
        W1, W2 = W1 - eta * gradient @ W2.T, W2 - eta * W1.T @ gradient


@pytest.mark.parametrize("shape", [(40, 7, 3), (9, 8, 4), (6, 6, 2), (4, 9, 2), (2, 1, 1)])
@pytest.mark.parametrize("copies", [False, True])
def test_the_reduced_problem_is_the_given_one_in_other_coordinates(
    shape: tuple[int, int, int], copies: bool
) -> None:
    samples, features, outputs = shape
    rng = np.random.default_rng(3)
    X, Y = rng.standard_normal((samples, features)), rng.standard_normal((samples, outputs))
    if copies and features > 1:
        X[:, -1] = X[:, 0]
    (found,) = reduce_data([(X, Y)], True, np.float64)
    assert found.rank == np.linalg.matrix_rank(X)
    assert found.basis is not None
    scale = np.linalg.norm(X) * np.linalg.norm(Y)
    np.testing.assert_allclose(found.basis.T @ found.basis, np.eye(found.rank), atol=1e-14)
    singular = np.linalg.svd(X, compute_uv=False)[: found.rank]
    np.testing.assert_allclose(found.values, singular, rtol=1e-13)
    # gradients: X' X = V S^2 V' and X' Y = V S Y~
    np.testing.assert_allclose(found.basis @ found.X.T @ found.Y, X.T @ Y, atol=1e-14 * scale)
    # of the loss, what no weights reach
    best = Y - X @ np.linalg.lstsq(X, Y)[0]
    assert found.rest == pytest.approx(np.sum(best**2) / 2, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(
        np.sum(found.Y**2) + 2 * found.rest, np.sum(Y**2), rtol=1e-14 * samples
    )


def test_given_square_data_are_not_rotated(configure: Any) -> None:
    X, Y = [[2.0, 1.0], [0.0, 3.0]], [[1.0], [2.0]]
    reduced = problem(configure(data="given", X=X, Y=Y))
    assert reduced.basis is None
    assert reduced.rest == 0
    assert np.array_equal(reduced.X, X)
    assert np.array_equal(reduced.Y, Y)
    singular = problem(configure(data="given", X=[[1.0, 1.0], [1.0, 1.0]], Y=Y))
    assert singular.rank == 1


def test_width_is_cut_to_the_directions_that_matter(configure: Any) -> None:
    narrow = configure(features=3, outputs=2, width=4)
    wide = configure(features=3, outputs=2, width=700)
    assert shapes(narrow) == (3, 2, 4, 0)
    assert shapes(wide) == (3, 2, 5, 5)


def test_balanced_wide_network_has_zero_eigenvalues_only(configure: Any, train: Any) -> None:
    configuration = configure(features=3, outputs=2, width=100, init="gaussian")
    measured = train([configuration], 0.01, 1).measured
    W1, W2 = weights(configuration)
    D = np.linalg.eigvalsh(W1.T @ W1 - W2 @ W2.T)
    assert measured["lamn_D"].value[0, 0] == pytest.approx(D[::-1][2], rel=1e-12)
    # 3 positive, 2 negative and 95 zero eigenvalues
    assert measured["lamm_mD"].value[0, 0] == pytest.approx(-D[1], rel=1e-12)
