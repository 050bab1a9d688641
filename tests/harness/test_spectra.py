"""Certified spectra against spectra known exactly: repeated, zero, clustered and negative ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.expressions import spectra
from harness.expressions.balls import lower, precision, upper
from harness.expressions.spectra import (
    eigenvalues,
    frobenius,
    from_array,
    singular_values,
    spectral_norm,
)


@pytest.fixture(autouse=True)
def _at_128_bits() -> Iterator[None]:
    with precision(128):
        yield


def diagonal(values: Sequence[int | Fraction]) -> fmpq_mat:
    n = len(values)
    entries = [Fraction(values[i]) if i == j else Fraction(0) for i in range(n) for j in range(n)]
    return fmpq_mat(n, n, [fmpq(entry.numerator, entry.denominator) for entry in entries])


def reflection(*v: int) -> fmpq_mat:
    """The rational orthogonal matrix I - 2 v v' / v'v."""
    size = sum(x * x for x in v)
    n = len(v)
    return fmpq_mat(
        n, n, [fmpq((i == j) * size - 2 * v[i] * v[j], size) for i in range(n) for j in range(n)]
    )


def rotated(values: Sequence[int | Fraction]) -> arb_mat:
    """A dense matrix with exactly these eigenvalues, enclosed at the present precision."""
    n = len(values)
    q = reflection(*range(1, n + 1)) * reflection(*(1 + i * i for i in range(n)))
    return arb_mat(q * diagonal(values) * q.transpose())


def widest(found: Sequence[arb]) -> float:
    return max(upper(ball.rad()) for ball in found)


def is_enclosed(found: Sequence[arb], values: Sequence[int | Fraction | arb]) -> bool:
    """The i-th largest value lies in ball i."""

    def ball(value: int | Fraction | arb) -> arb:
        return value if isinstance(value, arb) else arb(fmpq(value.numerator, value.denominator))

    with precision(4000):
        return len(found) == len(values) and all(
            one.overlaps(ball(value)) for one, value in zip(found, values, strict=True)
        )


KNOWN: dict[str, list[int | Fraction]] = {
    "repeated and zero": [2, 1, 1, 1, 0, 0],
    "indefinite": [5, 3, 3, 0, -2, -2, -7],
    "clustered": [*(1 + Fraction(1, 10**k) for k in (3, 9, 15, 21, 27)), 1, Fraction(1, 2)],
    "graded": [Fraction(1, 10 ** (4 * k)) for k in range(8)],
    "negative": [-Fraction(1, 3), -1, -1],
    "one": [Fraction(7, 3)],
    "all equal": [Fraction(1, 3)] * 5,
    "all zero": [0, 0, 0],
}


@pytest.mark.parametrize("bits", [53, 128, 400])
@pytest.mark.parametrize("name", KNOWN)
def test_known_spectra_are_enclosed_ever_more_narrowly(name: str, bits: int) -> None:
    values = KNOWN[name]
    with precision(bits):
        found = eigenvalues(rotated(values))
    assert is_enclosed(found, values)
    assert widest(found) <= 2.0 ** (10 - bits)


def test_a_diagonal_matrix_is_its_own_spectrum() -> None:
    found = eigenvalues(from_array(np.diag([1.0, 1.0, 1.0, 2.0, 0.0, 0.0])))
    assert [float(value) for value in found] == [2.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    assert all(value.is_exact() for value in found)


def test_a_block_of_exactly_repeated_pairs() -> None:
    """The first residual is exactly zero here, while the numpy vectors are not orthonormal."""
    pair = np.kron(np.eye(3), np.ones((2, 2)))
    found = eigenvalues(from_array(pair))
    assert is_enclosed(found, [2, 2, 2, 0, 0, 0])
    assert widest(found) < 1e-30


@pytest.mark.parametrize("n", [5, 12, 31])
def test_circulant_spectra(n: int) -> None:
    """Eigenvalues 2 cos(2 pi k / n) of a ring, all but the first (and, n even, the last) double."""
    ring = np.zeros((n, n))
    for i in range(n):
        ring[i, (i + 1) % n] = ring[(i + 1) % n, i] = 1.0
    exact = sorted((2 * (2 * arb.pi() * k / n).cos() for k in range(n)), key=float, reverse=True)
    found = eigenvalues(from_array(ring))
    assert is_enclosed(found, exact)
    assert widest(found) < 1e-30


def test_hilbert_matrix() -> None:
    """Trace and determinant are known exactly; the smallest of twelve eigenvalues is 1e-16."""
    n = 12
    found = eigenvalues(arb_mat.hilbert(n, n))
    determinant, trace = arb(1), arb(0)
    for value in found:
        determinant, trace = determinant * value, trace + value
    exact = fmpq_mat(n, n, [fmpq(1, i + j + 1) for i in range(n) for j in range(n)])
    assert determinant.overlaps(arb(exact.det()))
    assert trace.overlaps(arb(sum((exact[i, i] for i in range(n)), fmpq(0))))
    assert all(value > 0 for value in found)
    assert widest(found) < 1e-36
    assert all(above > below for above, below in pairwise(found))


def test_a_gram_matrix_of_low_rank_keeps_its_zero_modes() -> None:
    b = from_array(np.random.default_rng(3).integers(-4, 5, (24, 4)).astype(np.float64))
    found = eigenvalues(b * b.transpose())
    inner = eigenvalues(b.transpose() * b)
    assert is_enclosed(found[4:], [0] * 20)
    assert all(one.overlaps(two) for one, two in zip(found, inner, strict=False))
    assert widest(found) < 1e-30


@pytest.mark.parametrize("n", [2, 8, 32])
def test_random_spectra_have_the_invariants_of_their_matrix(n: int) -> None:
    a = np.random.default_rng(n).standard_normal((n, n))
    m = from_array(a + a.T)
    found = eigenvalues(m)
    assert widest(found) < 1e-33
    assert all(above > below for above, below in pairwise(found))
    first, squares, cubes = arb(0), arb(0), arb(0)
    for value in found:
        first, squares, cubes = first + value, squares + value**2, cubes + value**3
    assert first.overlaps(m.trace())
    assert squares.overlaps((m * m).trace())
    assert cubes.overlaps((m * m * m).trace())


@settings(max_examples=100, deadline=None)
@given(*[st.floats(-1e150, 1e150) | st.floats(-2, 2) | st.sampled_from([0.0, 1.0])] * 3)
def test_two_by_two_against_the_closed_form(a: float, b: float, c: float) -> None:
    with precision(90):
        found = eigenvalues(arb_mat([[a, b], [b, c]]))
    with precision(4000):
        mean, half = (arb(a) + c) / 2, ((arb(a) - c) ** 2 + 4 * arb(b) ** 2).sqrt() / 2
        size = (arb(a) ** 2 + arb(b) ** 2 + arb(c) ** 2).sqrt()
        assert is_enclosed(found, [mean + half, mean - half])
        assert all(value.rad() <= size * arb(2) ** -80 for value in found)


@pytest.mark.parametrize("exponent", [-3000, 3000])
def test_magnitudes_beyond_the_doubles(exponent: int) -> None:
    scale = arb(2) ** exponent
    found = eigenvalues(rotated([3, 1, 1, -2]) * scale)
    assert is_enclosed([value / scale for value in found], [3, 1, 1, -2])
    assert widest([value / scale for value in found]) < 1e-30


POOR: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "not normalised": lambda q: q * 1.001,
    "one column too long": lambda q: q * np.array([1.03, 1, 1, 1]),
    "slightly turned": lambda q: q + 1e-3,
    "not independent": lambda q: np.ones_like(q),
    "zero": lambda q: 0 * q,
    "not finite": lambda q: q * math.nan,
}


@pytest.mark.parametrize("passes", [1, 2, 12])
@pytest.mark.parametrize("poor", POOR)
def test_poor_vectors_widen_but_never_mislead(
    poor: str, passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = spectra._eigenvectors
    monkeypatch.setattr(spectra, "_eigenvectors", lambda m: POOR[poor](vectors(m)))
    monkeypatch.setattr(spectra, "PASSES", passes)
    for values in ([7, 2, -1, -4], [5, 5, 0, 0], [-1, -2, -2, -9]):
        found = eigenvalues(rotated(values))
        assert is_enclosed(found, values)
        assert widest(found) < 40


@pytest.mark.parametrize("poor", ["not normalised", "one column too long", "slightly turned"])
def test_refinement_recovers_from_a_poor_start(poor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, spoilt = spectra._eigenvectors, iter([POOR[poor]])
    monkeypatch.setattr(spectra, "_eigenvectors", lambda m: next(spoilt, lambda q: q)(vectors(m)))
    assert widest(eigenvalues(rotated([7, 2, -1, -4]))) < 1e-25
    assert next(spoilt, None) is None


def test_every_symmetric_member_of_a_ball_matrix_is_covered() -> None:
    values, shift = [3, 1, 1, 0, -2], Fraction(1, 64)
    ball = rotated(values) + arb_mat(5, 5, [arb(0, 2.0**-6)] * 25)
    found = eigenvalues(ball)
    for sign in (-1, 0, 1):
        assert is_enclosed(found, [value + sign * shift for value in values])
    ones = arb_mat(5, 5, [arb(2.0**-6)] * 25)
    extreme = eigenvalues(rotated(values) + ones)
    assert all(one.contains(two) for one, two in zip(found, extreme, strict=True))
    assert widest(found) < 5 * float(shift) * 1.01


def test_the_two_triangles_may_be_enclosed_differently() -> None:
    found = eigenvalues(arb_mat([[1, arb(2, 1)], [arb(2.5, 0.5), 1]]))
    assert is_enclosed(found, [4, -2])
    assert is_enclosed(found, [3, -1])
    assert widest(found) < 0.75 * math.sqrt(2) * 1.01


def tall(values: Sequence[int | Fraction], rows: int) -> arb_mat:
    """A dense rows x len(values) matrix with exactly these singular values."""
    columns = len(values)
    middle = fmpq_mat(rows, columns)
    for i, value in enumerate(values):
        middle[i, i] = fmpq(Fraction(value).numerator, Fraction(value).denominator)
    return arb_mat(reflection(*range(1, rows + 1)) * middle * reflection(*range(2, columns + 2)))


@pytest.mark.parametrize("bits", [53, 128, 400])
@pytest.mark.parametrize("rows", [5, 8])
def test_known_singular_values(rows: int, bits: int) -> None:
    cases: list[list[int | Fraction]] = [
        [5, 2, 2, 1, 1],
        [3, 1, Fraction(1, 10**12), 0, 0],
        [0, 0, 0, 0, 0],
    ]
    for values in cases:
        with precision(bits):
            m = tall(values, rows)
            for given_matrix in (m, m.transpose()):
                found = singular_values(given_matrix)
                assert is_enclosed(found, values)
                assert all(lower(value) >= 0 for value in found)
                assert widest(found) <= 2.0 ** (10 - bits)
                norm = spectral_norm(given_matrix)
                assert is_enclosed([norm], values[:1])
                assert widest([norm]) <= 2.0 ** (10 - bits) or values[0] == 0
                assert upper(norm) < 1e-6 or values[0] != 0


def test_a_radius_costs_no_more_than_itself_where_a_singular_value_is_zero() -> None:
    radius = arb(2) ** -60
    m = tall([3, 1, 0], 4) + arb_mat(4, 3, [arb(0, radius)] * 12)
    found = singular_values(m)
    assert is_enclosed(found, [3, 1, 0])
    assert widest(found) < 4 * 2.0**-60
    changed = singular_values(tall([3, 1, 0], 4) + arb_mat(4, 3, [radius] * 12))
    assert all(one.overlaps(two) for one, two in zip(found, changed, strict=True))
    assert spectral_norm(m).overlaps(changed[0])
    assert upper(spectral_norm(m)) >= lower(changed[0])


def test_the_norm_of_a_ball_matrix_covers_its_members() -> None:
    norm = spectral_norm(arb_mat([[arb(3, 1), 0], [0, 1]]))
    assert norm.contains(4)
    assert norm.contains(2)
    assert upper(norm) < 4.0001


def test_what_is_not_finite_has_no_spectrum() -> None:
    for bad in (math.nan, math.inf):
        m = arb_mat([[1, bad], [bad, 1]])
        for found in (eigenvalues(m), singular_values(m), [spectral_norm(m)]):
            assert found
            assert not any(value.is_finite() for value in found)
            assert not any(value > 0 or value < 0 for value in found)


def test_empty_matrices_and_rows() -> None:
    assert eigenvalues(arb_mat(0, 0)) == []
    assert singular_values(arb_mat(0, 3)) == singular_values(arb_mat(3, 0)) == []
    assert spectral_norm(arb_mat(3, 0)) == 0
    assert [float(value) for value in singular_values(arb_mat([[3, 4]]))] == [5.0]


@given(st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=6))
def test_the_frobenius_norm(values: list[float]) -> None:
    found = frobenius(arb_mat(1, len(values), values))
    square = sum(Fraction(value) ** 2 for value in values)
    with precision(4000):
        assert found.overlaps(arb(fmpq(square.numerator, square.denominator)).sqrt())
    assert found.rad() <= found.mid() * arb(2) ** -100


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_arrays_are_taken_exactly(values: list[float]) -> None:
    array = np.array(values).reshape(2, 2)
    with precision(20):
        m = from_array(array)
    assert [[float(entry) for entry in row] for row in m.tolist()] == array.tolist()
    assert all(entry.is_exact() for entry in m.entries())


def test_the_precision_of_the_caller_is_left_alone() -> None:
    eigenvalues(rotated([2, 1]))
    singular_values(rotated([2, 1]))
    assert ctx.prec == 128


def test_a_single_number_with_a_radius_is_its_own_eigenvalue() -> None:
    for ball in (arb(0, 1e-50), arb("3e-60", 1e-70)):
        (found,) = eigenvalues(arb_mat(1, 1, [ball]))
        assert found.contains(ball)
