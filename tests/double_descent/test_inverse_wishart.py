"""Exact moments of inverse Wishart traces and the laws at the threshold, against closed forms and draws."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from experiments.double_descent.gaussian import least_norm
from experiments.double_descent.inverse_wishart import exact_spread, symmetric, trace_moment
from harness import double_descent as s


@pytest.mark.parametrize("d", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_fractions_are_those_of_the_theorem(k: int, d: int) -> None:
    m = k + d
    mean = trace_moment(m, k, 1)
    assert mean == Fraction(k, d - 1)
    if d >= 4:
        variance = trace_moment(m, k, 2) - mean**2
        assert variance == Fraction(2 * k * (m - 1), d * (d - 1) ** 2 * (d - 3))
        assert exact_spread(m, k) == exact_spread(k, m)
        assert exact_spread(k, m) == {s.trace_mean: mean, s.trace_variance: variance}


def test_elementary_symmetric_functions_by_hand() -> None:
    # e_1 of size 2 is the squared norm of 2 m entries, chi-squared with 2 m degrees
    assert symmetric(5, 2, 1) == 10
    assert symmetric(5, 2, 2) == 10 * 12
    # e_2 of size 3 has the mean m (m - 1) for each of the three pairs of columns
    assert symmetric(5, 3, 1) == 3 * 5 * 4


def test_moments_beside_draws() -> None:
    draws = 4000
    X = np.random.default_rng(5).standard_normal((draws, 14, 3))
    traces = np.trace(np.linalg.inv(np.swapaxes(X, 1, 2) @ X), axis1=1, axis2=2)
    found = exact_spread(14, 3)
    mean, variance = float(found[s.trace_mean]), float(found[s.trace_variance])
    assert abs(np.mean(traces) - mean) < 4 * math.sqrt(variance / draws)
    assert np.var(traces) == pytest.approx(variance, rel=0.2)


@pytest.mark.parametrize(("n", "p"), [(4, 4), (5, 4), (4, 5), (3, 7), (7, 3)])
def test_an_entry_of_the_inverse_is_an_inverse_chi_squared(n: int, p: int) -> None:
    """At the threshold as well: |n - p| + 1 degrees; and it is that entry of the pseudo-inverse."""
    runs = [least_norm(n, p, 1.0, 1.0, np.random.default_rng([n, p, one])) for one in range(1500)]
    inverse = [1 / one[s.first_entry] for one in runs]
    assert stats.kstest(inverse, stats.chi2(abs(n - p) + 1).cdf).pvalue > 1e-3
    X = np.random.default_rng([n, p, 0]).standard_normal((n, p))
    small = X.T @ X if p <= n else X @ X.T
    assert runs[0][s.first_entry] == pytest.approx(np.linalg.inv(small)[0, 0], rel=1e-9)


def test_without_noise_the_risk_next_to_the_threshold_is_small() -> None:
    runs = [
        least_norm(6, 7, 2.0, 0.0, np.random.default_rng(one))[s.test_error] for one in range(2000)
    ]
    assert np.mean(runs) == pytest.approx(2 / 7, rel=0.1)
    fitted = [
        least_norm(7, 6, 2.0, 0.0, np.random.default_rng(one))[s.test_error] for one in range(9)
    ]
    assert fitted == [0.0] * 9
