"""Infinite-width kernels against an independent implementation, exact integrals and wide networks."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import erf

from experiments.kernels.infinite import infinite_kernels
from experiments.kernels.layers import empirical_ntk_by_layers
from experiments.kernels.network import Network
from harness.errors import UsageError

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "infinite_width.json").read_text())
"""Made by neural-tangents; its field ``provenance`` says how."""


@pytest.mark.parametrize(
    "one",
    TABLE["kernels"],
    ids=lambda k: f"{k['activation']}-{k['hidden_layers']}-{k['bias_variance']}",
)
def test_the_public_implementation_agrees(one: dict[str, Any]) -> None:
    K, T = infinite_kernels(
        np.array(TABLE["X"]),
        one["hidden_layers"],
        one["activation"],
        one["weight_variance"],
        one["bias_variance"],
    )
    for found, table in ((K, one["nngp"]), (T, one["ntk"])):
        # relative to the pair's own size: nearly orthogonal inputs have a K of rounding errors
        size = np.sqrt(np.diag(found))
        assert (np.abs(found - np.array(table)) <= 1e-12 * np.outer(size, size)).all()


def by_hand(x: Any, y: Any, layers: int, w: Any, b: Any) -> tuple[Any, Any]:
    """The relu kernels of one pair in 60 digits, straight from the arc cosine."""
    size = len(x)
    kxx, kyy, kxy = (
        w * mpmath.fdot(map(mpmath.mpf, u), map(mpmath.mpf, v)) / size + b
        for u, v in ((x, x), (y, y), (x, y))
    )
    T = kxy
    for _ in range(layers):
        s = mpmath.sqrt(kxx * kyy)
        a = mpmath.acos(kxy / s)
        kxy = w * s * (mpmath.sin(a) + (mpmath.pi - a) * mpmath.cos(a)) / (2 * mpmath.pi) + b
        kxx, kyy = w * kxx / 2 + b, w * kyy / 2 + b
        T = kxy + w * T * (mpmath.pi - a) / (2 * mpmath.pi)
    return kxy, T


@pytest.mark.parametrize("apart", [1e-2, 1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize("bias", [0.0, 0.25])
def test_near_inputs_keep_their_distance(apart: float, bias: float) -> None:
    """K(x,x) + K(y,y) - 2 K(x,y) is what an arc cosine of a number near 1 would lose."""
    X = np.array([[1.0, 0.5], [1.0, 0.5 + apart]])
    with mpmath.workdps(60):
        w, b = mpmath.mpf(2), mpmath.mpf(bias)
        expected = [by_hand(x, y, 3, w, b) for x, y in ((X[0], X[0]), (X[1], X[1]), (X[0], X[1]))]
        K, T = infinite_kernels(X, 3, "relu", 2.0, bias)
        for found, at in ((K, 0), (T, 1)):
            assert float(expected[2][at]) == pytest.approx(found[0, 1], rel=1e-14)
        # NTK: the leading loss at a small angle is of its first order, far above rounding
        lost = (expected[0][1] + expected[1][1]) / 2 - expected[2][1]
        kept = (T[0, 0] + T[1, 1]) / 2 - T[0, 1]
        assert kept == pytest.approx(float(lost), abs=1e-14)


NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(100)


def integral(phi: Any, k: float, kk: float, c: float) -> float:
    """E phi(u) phi(v) for normal (u, v) with variances k, kk and covariance c, by quadrature."""
    p, q = np.meshgrid(NODES, NODES)
    v = c / math.sqrt(k) * p + math.sqrt(kk - c * c / k) * q
    weights = np.outer(WEIGHTS, WEIGHTS) / (2 * math.pi)
    return float((phi(math.sqrt(k) * p) * phi(v) * weights).sum())


@pytest.mark.parametrize(
    ("name", "phi", "slope"),
    [
        ("erf", erf, lambda z: 2 / math.sqrt(math.pi) * np.exp(-z * z)),
        ("sin", np.sin, np.cos),
    ],
)
def test_one_layer_is_its_integral(name: str, phi: Any, slope: Any) -> None:
    X = np.array([[0.5, 0.25], [-0.25, 0.75]])
    K, T = infinite_kernels(X, 1, name, 0.5, 0.125)
    k, kk, c = (0.25 * float(u @ v) + 0.125
                for u, v in ((X[0], X[0]), (X[1], X[1]), (X[0], X[1])))  # fmt: skip
    above = 0.5 * integral(phi, k, kk, c) + 0.125
    assert K[0, 1] == pytest.approx(above, rel=1e-12)
    assert T[0, 1] == pytest.approx(above + 0.5 * c * integral(slope, k, kk, c), rel=1e-12)


def test_relu_on_the_diagonal() -> None:
    """(L + 1) 2 |x|^2 / d at s_w^2 = 2, whatever the depth."""
    X = np.random.default_rng(3).normal(size=(5, 4))
    for depth in range(6):
        K, T = infinite_kernels(X, depth)
        np.testing.assert_allclose(np.diag(K), (X**2).sum(axis=1) / 2, rtol=1e-14)
        np.testing.assert_allclose(np.diag(T), (depth + 1) * (X**2).sum(axis=1) / 2, rtol=1e-14)


def test_opposite_and_vanishing_inputs() -> None:
    X = np.array([[1.0, 2.0], [-2.0, -4.0], [0.0, 0.0]])
    K, T = infinite_kernels(X, 1)
    assert abs(K[0, 1]) < 1e-15
    assert abs(T[0, 1]) < 1e-7 * T[0, 0]
    assert (K[2] == 0).all()
    assert (T[2] == 0).all()


def test_kernels_far_out_do_not_overflow() -> None:
    for name in ("relu", "erf", "sin"):
        for found in infinite_kernels(np.array([[1e150, 0.0], [1e150, 1.0]]), 2, name):
            assert np.isfinite(found).all(), name


def test_wide_networks_come_near() -> None:
    """The mean over 40 networks of width 400 lies within five standard errors."""
    X = np.array([[1.0, 0.5], [-0.25, 2.0], [0.3, -1.0]])
    _, T = infinite_kernels(X, 2, "relu", 2.0, 0.0)
    rng, found = np.random.default_rng(11), []
    for _ in range(40):
        weights = tuple(rng.normal(size=pair) for pair in ((2, 400), (400, 400), (400, 1)))
        scales = tuple(math.sqrt(2.0 / len(W)) for W in weights)
        found.append(empirical_ntk_by_layers(Network(weights, activation="relu", scales=scales), X))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(39)
    assert (np.abs(mean - T) < 5 * error).all()
    assert (error < 0.05 * T.max()).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.ones((2, 2)), 1, "gelu"), "activation=gelu"),
        ((np.ones((2, 2)), -1), "hidden_layers=-1"),
        ((np.ones((2, 2)), 1, "relu", 0.0), "weight_variance=0.0"),
        ((np.ones((2, 2)), 1, "relu", 1.0, -1.0), "bias_variance=-1.0"),
        ((np.ones(2), 1), "X has shape"),
        ((np.array([[np.nan]]), 1), "finite"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        infinite_kernels(*arguments)
