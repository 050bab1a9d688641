"""Each law has the property its name says, for every shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer.reduction import reduce_width
from experiments.two_layer.setup import problem, weights

SHAPES = [(1, 1, 1), (1, 3, 1), (3, 1, 2), (3, 2, 1), (2, 5, 2), (4, 4, 3), (4, 3, 7), (3, 5, 40)]
LAWS = [
    "gaussian", "imbalanced", "balanced", "balanced_margin", "orthogonal", "spectral",
    "zero_output", "low_rank",
]  # fmt: skip


def made(configure: Any, init: str, shape: tuple[int, int, int], **axes: Any) -> Any:
    features, outputs, width = shape
    configuration = configure(
        samples=12, features=features, outputs=outputs, width=width, init=init, seed=5, **axes
    )
    return configuration, *weights(configuration)


def imbalance(W1: Any, W2: Any) -> Any:
    return W1.T @ W1 - W2 @ W2.T


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("init", LAWS)
def test_every_law_works_for_every_shape_and_repeats_itself(
    configure: Any, init: str, shape: tuple[int, int, int]
) -> None:
    configuration, W1, W2 = made(configure, init, shape)
    assert W1.shape == (shape[0], shape[2])
    assert W2.shape == (shape[2], shape[1])
    assert np.isfinite(W1).all()
    assert np.isfinite(W2).all()
    again = weights(configuration)
    assert np.array_equal(W1, again[0])
    assert np.array_equal(W2, again[1])


@pytest.mark.parametrize("init", LAWS)
def test_another_seed_gives_other_weights(configure: Any, init: str) -> None:
    one, two = (
        weights(configure(features=3, outputs=2, width=6, init=init, seed=seed)) for seed in (1, 2)
    )
    assert not all(np.array_equal(mine, theirs) for mine, theirs in zip(one, two, strict=True))


def test_data_do_not_depend_on_the_law_nor_weights_on_the_data(configure: Any) -> None:
    common = {"features": 3, "outputs": 2, "width": 4, "seed": 9}
    assert np.array_equal(
        problem(configure(init="gaussian", **common)).Y,
        problem(configure(init="orthogonal", **common)).Y,
    )
    one = weights(configure(data="gaussian", **common))
    two = weights(configure(data="orthogonal", **common))
    assert np.array_equal(one[0], two[0])
    assert np.array_equal(one[1], two[1])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("init", ["balanced", "balanced_margin"])
def test_balanced_laws_have_no_imbalance(
    configure: Any, init: str, shape: tuple[int, int, int]
) -> None:
    _, W1, W2 = made(configure, init, shape)
    size = np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2
    assert size > 0
    assert np.linalg.norm(imbalance(W1, W2)) <= 1e-14 * size
    assert np.linalg.norm(imbalance(*reduce_width([(W1, W2)])[0])) <= 1e-14 * size


@pytest.mark.parametrize("margin", [0.05, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 3, 7), (3, 5, 40), (2, 5, 2)])
def test_balanced_margin_leaves_the_margin_it_promises(
    configure: Any, shape: tuple[int, int, int], margin: float
) -> None:
    configuration, W1, W2 = made(configure, "balanced_margin", shape, margin=margin)
    reduced = problem(configuration)
    least = np.linalg.svd(reduced.Y, compute_uv=False)[-1]
    distance = np.linalg.norm(reduced.Y - reduced.X @ W1 @ W2)
    assert distance <= (1 - margin) * least + 1e-13
    assert least - distance > 0


def test_balanced_margin_of_logcosh_leaves_room_for_its_condition_number(configure: Any) -> None:
    configuration, W1, W2 = made(configure, "balanced_margin", (3, 4, 6), loss="logcosh", ratio=25)
    target = problem(configuration).target
    room = np.linalg.svd(target, compute_uv=False)[-1] - 5 * np.linalg.norm(W1 @ W2 - target)
    assert room > 0


@pytest.mark.parametrize("shape", SHAPES)
def test_zero_output_has_zero_product_and_nonzero_weights(
    configure: Any, shape: tuple[int, int, int]
) -> None:
    _, W1, W2 = made(configure, "zero_output", shape)
    assert np.abs(W1 @ W2).max() <= 1e-15 * (1 + np.linalg.norm(W1) * np.linalg.norm(W2))
    assert np.linalg.norm(imbalance(W1, W2)) > 0.001


@pytest.mark.parametrize("shape", SHAPES)
def test_spectral_law_shares_its_singular_vectors_with_the_minimiser(
    configure: Any, shape: tuple[int, int, int]
) -> None:
    configuration, W1, W2 = made(configure, "spectral", shape)
    left, _, right = np.linalg.svd(problem(configuration).target, full_matrices=False)
    core = left.T @ (W1 @ W2) @ right.T
    assert np.linalg.norm(core) > 0.01
    assert np.linalg.norm(core - np.diag(np.diag(core))) <= 1e-13 * np.linalg.norm(core)
    assert np.linalg.norm(W1 @ W2) == pytest.approx(np.linalg.norm(core), rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_low_rank_lowers_the_rank_of_exactly_one_layer(
    configure: Any, shape: tuple[int, int, int]
) -> None:
    _, W1, W2 = made(configure, "low_rank", shape)
    full = [min(one.shape) for one in (W1, W2)]
    ranks = [np.linalg.matrix_rank(one) for one in (W1, W2)]
    assert sorted(f - r > 0 for f, r in zip(full, ranks, strict=True)) == [False, True]


@pytest.mark.parametrize("shape", SHAPES)
def test_orthogonal_layers_are_scaled_isometries(
    configure: Any, shape: tuple[int, int, int]
) -> None:
    _, W1, W2 = made(configure, "orthogonal", shape, scale=0.25)
    for layer in (W1, W2):
        assert np.linalg.svd(layer, compute_uv=False) == pytest.approx(0.25, rel=1e-13)


def test_scale_and_imbalance_scale_the_layers(configure: Any) -> None:
    factors = set()
    for seed in range(8):
        axes = {"features": 4, "outputs": 3, "width": 7, "init": "imbalanced", "seed": seed}
        B1, B2 = weights(configure(scale=2.0, imbalance=10.0, **axes))
        A1, A2 = weights(configure(scale=1.0, imbalance=1.0, **axes))
        first = np.linalg.norm(B1) / np.linalg.norm(A1)
        second = np.linalg.norm(B2) / np.linalg.norm(A2)
        assert first * second == pytest.approx(4)
        factors.add(round(float(first), 6))
    assert factors == {20.0, 0.2}


def test_given_weights_are_taken_as_they_are(configure: Any) -> None:
    W1, W2 = [[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]
    found = weights(
        configure(data="given", X=[[1, 0], [1, 1]], Y=[[1], [2]], init="given", W1=W1, W2=W2)
    )
    assert np.array_equal(found[0], W1)
    assert np.array_equal(found[1], W2)
