"""Spectra of linear kernels against dense ones, and the Cholesky test against exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
from flint import fmpq, fmpq_mat

from experiments.kernels.layers import empirical_ntk_by_layers
from experiments.kernels.least import least_eigenvalue_reaches
from experiments.kernels.linear import LinearKernel
from experiments.kernels.network import Network
from harness.errors import UsageError


@pytest.mark.parametrize(
    ("samples", "inputs", "width", "outputs"),
    [(9, 4, 6, 3), (4, 4, 2, 1), (3, 7, 5, 2), (1, 1, 1, 1), (12, 2, 1, 5)],
)
def test_spectrum_of_the_dense_kernel(samples: int, inputs: int, width: int, outputs: int) -> None:
    rng = np.random.default_rng(samples)
    X = rng.normal(size=(samples, inputs)) * np.logspace(0, -3, inputs)
    A, B = rng.normal(size=(inputs, width)), rng.normal(size=(width, outputs))
    dense = empirical_ntk_by_layers(Network((A, B), activation="linear"), X)
    expected = scipy.linalg.eigvalsh(dense)[::-1]
    kernel = LinearKernel(X)
    found = kernel.spectrum(A, B)
    scale = expected[0]
    np.testing.assert_allclose(kernel.matrix(A, B), dense, rtol=0, atol=1e-14 * scale)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * scale)
    zeros = (samples - min(samples, inputs)) * outputs
    assert (found[len(found) - zeros :] == 0).all()
    assert (found >= 0).all()


def test_orthonormal_data_and_diagonal_weights_by_hand() -> None:
    # W1 W1' = diag(4, 9), W2' W2 = diag(1, 25): the sums of one of each
    found = LinearKernel(np.eye(3, 2)).spectrum(np.diag([2.0, 3.0]), np.diag([1.0, 5.0]))
    np.testing.assert_allclose(found, [34, 29, 10, 5, 0, 0], rtol=1e-15)


def test_stacks_are_their_members_to_the_last_bit() -> None:
    rng = np.random.default_rng(0)
    X, A, B = rng.normal(size=(4, 8, 3)), rng.normal(size=(4, 3, 5)), rng.normal(size=(4, 5, 2))
    whole, dense = LinearKernel(X).spectrum(A, B), LinearKernel(X).matrix(A, B)
    for at in range(4):
        one = LinearKernel(X[at])
        np.testing.assert_array_equal(whole[at], one.spectrum(A[at], B[at]))
        np.testing.assert_array_equal(dense[at], one.matrix(A[at], B[at]))
    shared = LinearKernel(X[0]).spectrum(A, B)
    np.testing.assert_array_equal(shared[0], whole[0])


@pytest.mark.parametrize(
    ("X", "A", "B"),
    [
        ((3,), (2, 2), (2, 1)),
        ((0, 2), (2, 2), (2, 1)),
        ((3, 2), (3, 2), (2, 1)),
        ((3, 2), (2, 2), (3, 1)),
        ((3, 2), (2, 2, 2), (2, 1)),
        ((5, 3, 2), (4, 2, 2), (4, 2, 1)),
        ((5, 3, 2), (2, 2), (2, 1)),
    ],
)
def test_shapes_that_do_not_fit(X: tuple[int, ...], A: tuple[int, ...], B: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="has shape"):
        LinearKernel(np.ones(X)).spectrum(np.ones(A), np.ones(B))


def definite(matrix: np.ndarray, shift: Fraction) -> bool:
    """Whether matrix - shift I is positive definite, by its leading minors in exact rationals."""
    n = len(matrix)
    rows = [
        [Fraction(float(matrix[i, j])) - (shift if i == j else 0) for j in range(n)]
        for i in range(n)
    ]
    for size in range(1, n + 1):
        entries = [
            fmpq(rows[i][j].numerator, rows[i][j].denominator)
            for i in range(size)
            for j in range(size)
        ]
        if fmpq_mat(size, size, entries).det() <= 0:
            return False
    return True


@pytest.mark.parametrize("seed", range(6))
def test_every_answer_is_right_near_the_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2 + seed
    G = rng.normal(size=(n, n + 1)) * 10.0 ** rng.uniform(-3, 3)
    K = G @ G.T
    K = (K + K.T) / 2
    least = float(np.linalg.eigvalsh(K)[0])
    scale = np.trace(K) * 2.0**-53
    answers = []
    for away in (0.0, *(sign * 2.0**k for k in range(-2, 14) for sign in (-1, 1))):
        bound = least + away * scale
        answer = int(least_eigenvalue_reaches(K, bound))
        answers.append(answer)
        if answer:
            assert (answer > 0) == definite(K, Fraction(bound))
    assert {-1, 1} <= set(answers)
    wide = n * n * 64 * scale
    assert least_eigenvalue_reaches(K, least - wide) == 1
    assert least_eigenvalue_reaches(K, least + wide) == -1


def test_the_matrix_error_opens_a_band() -> None:
    K, bounds = np.diag([3.0, 2.0]), [1.4, 1.6, 2.4, 2.6]
    stack = np.broadcast_to(K, (4, 2, 2))
    assert least_eigenvalue_reaches(stack, bounds, 0.5).tolist() == [1, 0, 0, -1]
    assert least_eigenvalue_reaches(stack, bounds, [0, 0, 0, 0]).tolist() == [1, 1, -1, -1]


def test_an_indefinite_matrix_and_negative_bounds() -> None:
    K = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert [int(least_eigenvalue_reaches(K, b)) for b in (-1.1, -0.9, 0.0)] == [1, -1, -1]
    assert least_eigenvalue_reaches(np.zeros((3, 3)), 0.0) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_open(bad: float) -> None:
    K = np.diag([1.0, bad])
    assert least_eigenvalue_reaches(K, 0.5) == 0
    assert least_eigenvalue_reaches(K, 5.0) == 0
    assert least_eigenvalue_reaches(np.eye(2), bad) == 0
    assert least_eigenvalue_reaches(np.eye(2), 0.5, bad) == 0
    assert least_eigenvalue_reaches(np.eye(2), 0.5, -1.0) == 0


@pytest.mark.parametrize("shape", [(3,), (2, 3), (0, 0), (2, 2, 3)])
def test_what_is_no_square_matrix(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="K "):
        least_eigenvalue_reaches(np.ones(shape), 0.0)


def test_bounds_of_another_length() -> None:
    with pytest.raises(UsageError, match="one number, or 2 of them"):
        least_eigenvalue_reaches(np.ones((2, 3, 3)), [1.0, 2.0, 3.0])
