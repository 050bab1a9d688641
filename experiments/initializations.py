"""Initialization laws of a two-layer linear network: W1 (n x h), W2 (h x m).

Each law works for any n, m, h >= 1. n is the number of inputs after the reduction of the data: the
part of W1 outside the row space of the data never moves, so the laws choose the part that does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.data import orthonormal

Array = NDArray[np.float64]
Weights = tuple[Array, Array]


@dataclass(frozen=True)
class Setting:
    """What a law may use: its generator, the shapes, the axes, and the problem's minimiser.

    ``X`` (n x n, invertible) and ``target`` = W* (n x m) are those of the reduced problem.
    ``sharpness`` is sqrt(K/mu).
    """

    rng: np.random.Generator
    width: int
    scale: float
    imbalance: float
    margin: float
    X: Array
    target: Array
    sharpness: float

    @property
    def inputs(self) -> int:
        return len(self.target)

    @property
    def outputs(self) -> int:
        return len(self.target[0])

    def normal(self, rows: int, columns: int) -> Array:
        return np.asarray(self.rng.standard_normal((rows, columns)))

    def coin(self) -> bool:
        return bool(self.rng.random() < 0.5)


def gaussian(setting: Setting) -> Weights:
    """Independent Gaussian entries of standard deviation ``scale``."""
    return (
        setting.scale * setting.normal(setting.inputs, setting.width),
        setting.scale * setting.normal(setting.width, setting.outputs),
    )


def imbalanced(setting: Setting) -> Weights:
    """Gaussian, one layer larger by ``imbalance``, the other smaller; a coin says which."""
    factor = setting.imbalance if setting.coin() else 1 / setting.imbalance
    first, second = gaussian(setting)
    return first * factor, second / factor


def factored(setting: Setting, left: Array, values: Array, right: Array) -> Weights:
    """Balanced factors of left diag(values) right: W1' W1 = W2 W2'."""
    hidden = orthonormal(setting.rng, setting.width, len(values))
    roots = np.sqrt(values)
    return left * roots @ hidden.T, hidden * roots @ right


def balanced(setting: Setting) -> Weights:
    """W1' W1 = W2 W2', random singular values between 0.3 and 1.5 times ``scale``."""
    rank = min(setting.inputs, setting.outputs, setting.width)
    values = (setting.scale * setting.rng.uniform(0.3, 1.5, rank)) ** 2
    left = orthonormal(setting.rng, setting.inputs, rank)
    return factored(setting, left, values, orthonormal(setting.rng, rank, setting.outputs))


def balanced_margin(setting: Setting) -> Weights:
    """Balanced, and W(0) near W*: a share ``margin`` of the possible margin is left.

    |X (W(0) - W*)|_F <= (1 - margin) sigma_min(Y), so that the margin sigma_min(Y) - |E(0)|_F is
    positive, and sqrt(K/mu) |W(0) - W*|_F <= (1 - margin) sigma_min(W*) likewise. Where the width
    is below min(n, m), W(0) is the best approximation of that rank and has no margin.
    """
    direction = setting.normal(setting.inputs, setting.outputs)
    images = setting.X @ setting.target
    room = min(
        np.linalg.svd(images, compute_uv=False)[-1] / np.linalg.norm(setting.X @ direction),
        np.linalg.svd(setting.target, compute_uv=False)[-1]
        / (setting.sharpness * np.linalg.norm(direction)),
    )
    product = setting.target + (1 - setting.margin) * room * direction
    left, values, right = np.linalg.svd(product, full_matrices=False)
    rank = min(len(values), setting.width)
    return factored(setting, left[:, :rank], values[:rank], right[:rank])


def orthogonal(setting: Setting) -> Weights:
    """``scale`` times orthonormal rows or columns, in both layers."""
    return (
        setting.scale * orthonormal(setting.rng, setting.inputs, setting.width),
        setting.scale * orthonormal(setting.rng, setting.width, setting.outputs),
    )


def spectral(setting: Setting) -> Weights:
    """Singular vectors aligned with those of W*; singular values random in both layers."""
    left, values, right = np.linalg.svd(setting.target, full_matrices=False)
    rank = min(len(values), setting.width)
    hidden = orthonormal(setting.rng, setting.width, rank)
    first, second = setting.scale * setting.rng.uniform(0.5, 1.5, (2, rank))
    return left[:, :rank] * first @ hidden.T, hidden * second @ right[:rank]


def zero_output(setting: Setting) -> Weights:
    """W1 W2 = 0: antisymmetric doubling [A, A], [B; -B]; width 1: one layer is zero."""
    first, second = gaussian(setting)
    half = setting.width // 2
    if half == 0:
        return (0 * first, second) if setting.coin() else (first, 0 * second)
    first[:, half : 2 * half] = first[:, :half]
    second[half : 2 * half] = -second[:half]
    first[:, 2 * half :] = 0
    return first, second


def low_rank(setting: Setting) -> Weights:
    """One layer Gaussian, the other of a rank below its full one; a coin says which.

    A layer with a single row or column has no such rank but 0, and is zero.
    """

    def deficient(rows: int, columns: int) -> Array:
        full = min(rows, columns)
        rank = int(setting.rng.integers(1, full)) if full > 1 else 0
        spread = setting.normal(rows, rank) @ setting.normal(rank, columns)
        return np.asarray(setting.scale / np.sqrt(max(rank, 1)) * spread)

    first, second = gaussian(setting)
    if setting.coin():
        return deficient(setting.inputs, setting.width), second
    return first, deficient(setting.width, setting.outputs)


LAWS: dict[str, Callable[[Setting], Weights]] = {
    "gaussian": gaussian,
    "imbalanced": imbalanced,
    "balanced": balanced,
    "balanced_margin": balanced_margin,
    "orthogonal": orthogonal,
    "spectral": spectral,
    "zero_output": zero_output,
    "low_rank": low_rank,
    "narrow": gaussian,
}
"""Every law but "given"; "narrow" is Gaussian with a width below min(n, m)."""
