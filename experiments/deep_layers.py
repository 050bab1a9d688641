"""Deep linear networks at one point: imbalances of neighbouring layers, and the least eigenvalue of T.

T: U -> sum_l A_l A_l' U B_l' B_l with A_l = W_1 ... W_{l-1}, B_l = W_{l+1} ... W_L. The matrix of T is
the sum of the Kronecker products of A_l A_l' and B_l' B_l.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from harness import deep_layers as d
from harness import eigenvalues
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import depending, integers, matrix, reals, vector

LOW, TOP = (d.low_1, d.low_2, d.low_3), (d.top_1, d.top_2, d.top_3)


def kronecker(left: Any, right: Any) -> Any:
    """Of two square matrices."""
    k = len(right)
    return np.array(
        [
            [left[i // k][j // k] * right[i % k][j % k] for j in range(len(left) * k)]
            for i in range(len(left) * k)
        ]
    )


def product(layers: Any, size: int) -> Any:
    """W_i ... W_j; the identity of this size for no layer."""
    found = np.eye(size)
    for one in layers:
        found = found @ one
    return found


def least(layers: Any) -> Any:
    """lambda_min(T)."""
    whole: Any = 0
    for index, one in enumerate(layers):
        A = product(layers[:index], len(layers[0]))
        B = product(layers[index + 1 :], len(one[0]))
        whole = whole + kronecker(A @ A.T, B.T @ B)
    return eigenvalues(whole)[0]


def three(n: int, m: int, W1: Any, W2: Any, W3: Any) -> dict[Any, Any]:
    """n x 3, 3 x 3 and 3 x m."""
    a, b, c = np.array(W1), np.array(W2), np.array(W3)
    x, y = eigenvalues(b @ b.T - a.T @ a), eigenvalues(b.T @ b - c @ c.T)
    return {
        d.rows_in: n, d.columns_out: m, d.operator_min: least([a, b, c]),
        d.d21_1: x[2], d.d21_2: x[1], d.d21_3: x[0], d.d23_1: y[2], d.d23_2: y[1], d.d23_3: y[0],
    }  # fmt: skip


three_layers = Experiment(
    id="three_layers",
    title="Three linear layers of width 3, any weights",
    axes=(
        Axis("n", integers(1, 2), 1, "inputs"),
        Axis("m", integers(1, 2), 1, "outputs"),
        Axis("W1", depending(lambda at: matrix(at["n"], 3, reals(-2, 2))), None, "n x 3"),
        Axis("W2", matrix(3, 3, reals(-1, 1)), None, "3 x 3"),
        Axis("W3", depending(lambda at: matrix(3, at["m"], reals(-2, 2))), None, "3 x m"),
    ),
    emits=frozenset(
        {
            d.rows_in,
            d.columns_out,
            d.operator_min,
            d.d21_1,
            d.d21_2,
            d.d21_3,
            d.d23_1,
            d.d23_2,
            d.d23_3,
        }
    ),
    engine=three,
)


def arranged(valley: int, values: Any) -> list[Any]:
    """The values reordered, falling up to place ``valley`` (from 1) and rising behind; 0: as given."""
    if valley == 0:
        return list(values)
    low, *rest = sorted(values)
    return [*rest[valley - 2 :: -1][: valley - 1], low, *rest[valley - 1 :]]


def square(valley: int, scales: Any, tilts: Any) -> dict[Any, Any]:
    """Four 2 x 2 layers, each a multiple of I + tilt."""
    layers = [
        scale * (np.eye(2) + np.array(tilt))
        for scale, tilt in zip(arranged(valley, scales), tilts, strict=True)
    ]
    spectra = [eigenvalues(one.T @ one - two @ two.T) for one, two in pairwise(layers)]
    return {
        d.operator_min: least(layers),
        **{LOW[i]: one[0] for i, one in enumerate(spectra)},
        **{TOP[i]: one[1] for i, one in enumerate(spectra)},
    }  # fmt: skip


VALLEY = Axis("valley", integers(0, 4), 2, "place of the least layer; 0: any order")
square_layers = Experiment(
    id="square_layers",
    title="Four linear layers of width 2, larger towards both ends",
    axes=(
        VALLEY,
        Axis("scales", vector(4, reals(0, 2)), [1.0, 0.5, 0.75, 1.5], "sizes, in any order"),
        Axis("tilts", vector(4, matrix(2, 2, reals(-0.125, 0.125))), [[[0.0] * 2] * 2] * 4, ""),
    ),
    emits=frozenset({d.operator_min, *LOW, *TOP}),
    engine=square,
)


def homogeneous(valley: int, levels: Any, modes: Any) -> dict[Any, Any]:
    """Four diagonal layers with squares level_l - min level + mode_i: D_l is a multiple of I."""
    e = arranged(valley, [Fraction(one) for one in levels])
    squares = [[one - min(e) + Fraction(mode) for one in e] for mode in modes]
    steps = [one - two for one, two in pairwise(e)]
    return {
        d.operator_min: min(
            sum(math.prod(left[:k]) * math.prod(right[k + 1 :]) for k in range(4))
            for left in squares
            for right in squares
        ),
        d.product_squared: min(math.prod(one) for one in squares),
        **dict(zip(LOW, steps, strict=True)),
        **dict(zip(TOP, steps, strict=True)),
    }  # fmt: skip


homogeneous_layers = Experiment(
    id="homogeneous_layers",
    title="Four diagonal layers of width 2 whose imbalances are multiples of the identity",
    axes=(
        VALLEY,
        Axis("levels", vector(4, reals(0, 2)), [1.0, 0.5, 0.75, 1.5], "squares, in any order"),
        Axis("modes", vector(2, reals(0, 2)), [0.5, 1.0], "what each mode adds"),
    ),
    emits=frozenset({d.operator_min, d.product_squared, *LOW, *TOP}),
    engine=homogeneous,
)
