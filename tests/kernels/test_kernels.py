"""Kernels against closed forms, finite differences, and each other."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from experiments.kernels.jacobian import empirical_ntk_by_jacobian, jacobian_kernel
from experiments.kernels.layers import empirical_ntk_by_layers
from experiments.kernels.network import ACTIVATIONS, Network
from harness.errors import UsageError


def drawn(seed: int, sizes: tuple[int, ...], biased: bool = True, **more: Any) -> Network:
    rng = np.random.default_rng(seed)
    weights = tuple(rng.normal(size=pair) for pair in pairwise(sizes))
    biases = tuple(rng.normal(size=h) for h in sizes[1:]) if biased else ()
    return Network(weights, biases, **more)


def outputs(network: Network, flat: np.ndarray, X: np.ndarray) -> np.ndarray:
    """vec of the outputs, for the weights and biases in one vector."""
    H, at = X, 0
    parts = []
    for one in (*network.weights, *network.biases):
        parts.append(flat[at : at + one.size].reshape(one.shape))
        at += one.size
    depth = len(network.weights)
    for layer in range(depth):
        H = network.scaled[layer] * (H @ parts[layer])
        if network.biases:
            H = H + parts[depth + layer]
        if layer < depth - 1:
            H, _ = ACTIVATIONS[network.activation](H)
    return H.T.ravel()


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("sizes", [(3, 2), (3, 5, 1), (3, 5, 4, 2), (2, 4, 3, 5, 3)])
def test_both_ways_agree(activation: str, biased: bool, sizes: tuple[int, ...]) -> None:
    scales = tuple(0.5 + 0.25 * layer for layer in range(len(sizes) - 1))
    network = drawn(5, sizes, biased, activation=activation, scales=scales)
    X = np.random.default_rng(6).normal(size=(7, sizes[0]))
    K, reference = empirical_ntk_by_layers(network, X), empirical_ntk_by_jacobian(network, X)
    assert K.shape == (7 * sizes[-1], 7 * sizes[-1])
    np.testing.assert_allclose(K, reference, rtol=0, atol=1e-12 * np.abs(reference).max())
    np.testing.assert_array_equal(K, K.T)


@pytest.mark.parametrize("activation", ["tanh", "erf", "linear"])
def test_finite_differences(activation: str) -> None:
    network = drawn(1, (2, 3, 3, 2), activation=activation, scales=(1.0, 0.7, 0.4))
    X = np.random.default_rng(2).normal(size=(4, 2))
    flat = np.concatenate([one.ravel() for one in (*network.weights, *network.biases)])
    step = 1e-5
    J = np.stack(
        [
            (outputs(network, flat + e, X) - outputs(network, flat - e, X)) / (2 * step)
            for e in step * np.eye(len(flat))
        ],
        axis=1,
    )
    np.testing.assert_allclose(empirical_ntk_by_layers(network, X), J @ J.T, rtol=0, atol=1e-7)


def test_two_layer_relu_by_hand() -> None:
    # two units, two samples; the second unit is off at the second sample
    W1, W2 = np.array([[1.0, 1.0], [0.0, -2.0]]), np.array([[3.0], [5.0]])
    X = np.array([[2.0, 0.5], [1.0, 1.0]])
    # hidden values (2, 1) and (1, 0): the output layer gives 5, 2, 1; the first layer adds
    # x.x' times 9 where unit 1 is on at both and 25 where unit 2 is
    expected = np.array([[5 + 4.25 * 34, 2 + 2.5 * 9], [2 + 2.5 * 9, 1 + 2 * 9]])
    np.testing.assert_array_equal(empirical_ntk_by_layers(Network((W1, W2)), X), expected)


def test_linear_network_in_closed_form() -> None:
    rng = np.random.default_rng(3)
    A, B, X = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(5, 3))
    expected = np.kron(B.T @ B, X @ X.T) + np.kron(np.eye(2), X @ A @ A.T @ X.T)
    K = empirical_ntk_by_layers(Network((A, B), activation="linear"), X)
    np.testing.assert_allclose(K, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def test_a_batch_is_its_members_to_the_last_bit() -> None:
    single = [drawn(seed, (3, 6, 5, 2), activation="tanh") for seed in range(3)]
    stacked = Network(
        tuple(np.stack(one) for one in zip(*(n.weights for n in single), strict=True)),
        tuple(np.stack(one) for one in zip(*(n.biases for n in single), strict=True)),
        "tanh",
    )
    X = np.random.default_rng(9).normal(size=(3, 4, 3))
    for way in (empirical_ntk_by_layers, empirical_ntk_by_jacobian):
        together = way(stacked, X)
        for at, one in enumerate(single):
            np.testing.assert_array_equal(together[at], way(one, X[at]))
        shared = way(stacked, X[0])
        np.testing.assert_array_equal(shared[0], together[0])


def test_blocks_of_rows_and_of_samples_change_rounding_only() -> None:
    network = drawn(4, (3, 8, 8, 3))
    X = np.random.default_rng(8).normal(size=(9, 3))
    whole = empirical_ntk_by_layers(network, X)
    for rows in (1, 4, 5, 26, 27, 100):
        blocks = empirical_ntk_by_layers(network, X, rows=rows)
        np.testing.assert_allclose(blocks, whole, rtol=0, atol=1e-14 * np.abs(whole).max())
        np.testing.assert_array_equal(blocks, blocks.T)
    for samples in (1, 2, 4, 9, 20):
        blocks = empirical_ntk_by_jacobian(network, X, samples=samples)
        np.testing.assert_allclose(blocks, whole, rtol=0, atol=1e-13 * np.abs(whole).max())


def test_groups_beyond_the_memory_limit_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tuple(np.random.default_rng(7).normal(size=(5, *pair)) for pair in ((3, 4), (4, 2)))
    X = np.random.default_rng(8).normal(size=(5, 6, 3))
    whole = empirical_ntk_by_layers(Network(weights), X)
    monkeypatch.setattr("experiments.kernels.layers.GROUP", 2 * 12 * 12)
    np.testing.assert_array_equal(empirical_ntk_by_layers(Network(weights), X), whole)


def test_a_function_of_ones_own() -> None:
    a = torch.tensor([2.0, 3.0], dtype=torch.float64)
    X = torch.tensor([[1.0], [4.0]], dtype=torch.float64)
    # f(x) = a1^2 x + a2: gradient (2 a1 x, 1) = (4 x, 1)
    K = jacobian_kernel(lambda p, x: p["a"][0] ** 2 * x + p["a"][1], {"a": a}, X)
    assert K.tolist() == [[17.0, 65.0], [65.0, 257.0]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weights": ()}, "at least one weight matrix"),
        ({"activation": "sine"}, "activation=sine: must be one of relu, tanh, erf, linear"),
        ({"weights": (np.ones((2, 3)), np.ones((4, 1)))}, "takes 4 value"),
        ({"weights": (np.ones(3),)}, "all (h, h')"),
        ({"weights": (np.ones((2, 2, 3)), np.ones((3, 1)))}, "all (h, h')"),
        ({"biases": (np.ones(3),)}, "1 biases for 2 layer(s)"),
        ({"biases": (np.ones(3), np.ones(2))}, "biases[1] has shape (2,), not (1,)"),
        ({"scales": (1.0,)}, "1 scales for 2 layer(s)"),
    ],
)
def test_networks_that_do_not_fit(change: dict[str, Any], says: str) -> None:
    good: dict[str, Any] = {"weights": (np.ones((2, 3)), np.ones((3, 1)))}
    with pytest.raises(UsageError) as refused:
        Network(**{**good, **change})
    assert says in str(refused.value)


@pytest.mark.parametrize("shape", [(3,), (4, 3), (0, 2), (2, 4, 2)])
def test_data_that_do_not_fit(shape: tuple[int, ...]) -> None:
    network = drawn(0, (2, 3, 1))
    for way in (empirical_ntk_by_layers, empirical_ntk_by_jacobian):
        with pytest.raises(UsageError, match="X h"):
            way(network, np.ones(shape))


def test_chunks_of_nothing() -> None:
    network, X = drawn(0, (2, 3, 1)), np.ones((2, 2))
    with pytest.raises(UsageError, match="rows=0: must be at least 1"):
        empirical_ntk_by_layers(network, X, rows=0)
    with pytest.raises(UsageError, match="samples=-1: must be at least 1"):
        empirical_ntk_by_jacobian(network, X, samples=-1)
