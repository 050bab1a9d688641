"""Flows of symmetric matrix factorization: the power series against an integrator, and by hand."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from experiments.flow.integrate import flowed
from experiments.mixed_flow import flow as mixed
from experiments.riccati_flow import riccati
from experiments.symmetric_flow import flow as spectral
from harness import flows, symbols

ENDS = (flows.first_end, flows.mixed_end, flows.second_end)


@pytest.mark.parametrize(
    ("spectrum", "B", "periods"),
    [
        ([0.5, 2.0], [[0.5, 0.25], [-0.75, 1.0]], 4.0),
        ([1.5, 1.25], [[1.0, 0.0], [1.0, 0.0]], 0.5),
        ([2.0, 0.25], [[0.0, 0.0], [0.5, 0.25]], 2.0),
    ],
)
def test_the_power_series_is_the_square_of_the_flow_of_the_factor(
    spectrum: Any, B: Any, periods: float
) -> None:
    found = riccati(spectrum, B, periods)
    s = np.array(sorted(spectrum, reverse=True))

    def field(_: float, state: Any) -> Any:
        U = state.reshape(2, 2)
        return ((np.diag(s) - U @ U.T) @ U).ravel()

    time = periods / (2 * s[0])
    assert float(found[symbols.flow_time]) == time
    # the starts are exact, to be told apart from what cancels
    starts = (flows.first_start, flows.mixed_start, flows.second_start_entry)
    (p, q), (r, u) = (map(Fraction, row) for row in B)
    assert [found[one] for one in starts] == [p * p + q * q, p * r + q * u, r * r + u * u]
    U = flowed(field, np.array(B).ravel(), time, 1e-13).reshape(2, 2)
    W = U @ U.T
    measured = [found[one] for one in ENDS]
    assert [one[0] for one in measured] == pytest.approx([W[0, 0], W[0, 1], W[1, 1]], abs=1e-11)
    assert all(error < 1e-12 for _, error in measured)


def test_one_mode_of_the_series_follows_the_logistic_curve() -> None:
    found = riccati([2.0, 1.0], [[0.5, 0.0], [0.0, 1.0]], 3.0)
    grown = 0.25 * math.exp(3.0)
    value, error = found[flows.first_end]
    assert abs(value - 2 * grown / (2 - 0.25 + grown)) <= error
    assert found[flows.mixed_end][0] == 0
    assert found[flows.second_end][0] == pytest.approx(1, rel=1e-14)


def test_without_tilt_the_flow_is_that_of_a_spectral_start() -> None:
    given = {"tolerance": 0.1, "scale": 1e-6, "time": 3.0}
    one = mixed(2, 1, [1.0, 3.0], [[0.0, 0.0]] * 2, **given)
    two = spectral(2, 1, [1.0, 3.0], [1.0, 1.0], **given)
    assert one[flows.spread][0] == 1
    assert one["rank_gap"][0] == pytest.approx(two["rank_gap"][0], rel=1e-8)
    for name in (symbols.mode_first, symbols.mode_next, symbols.mode_ratio):
        assert one[name] == two[name.name]


def test_the_spread_counts_both_ends_of_the_spectrum() -> None:
    # (I + tilt)(I + tilt)' = diag(9/4, 1/16)
    found = mixed(2, 2, [1.0, 3.0], [[0.5, 0.0], [0.0, -0.75]], 0.1, 1e-6, 0.1)
    assert found[flows.spread][0] == pytest.approx(16, rel=1e-14)
    found = mixed(2, 2, [1.0, 3.0], [[0.5, 0.0], [0.0, 0.0]], 0.1, 1e-6, 0.1)
    assert found[flows.spread][0] == pytest.approx(2.25, rel=1e-14)


def test_tilted_weights_move_as_one_step_moves_them() -> None:
    # for a short time W(T) = W + T (W Y + Y W - 2 W^2), with an error of T^2
    tilt, time = [[0.25, 0.5], [-0.5, 0.0]], 1e-5
    found = mixed(2, 1, [3.0, 1.0], tilt, 0.1, 0.5, time)
    shape = np.eye(2) + tilt
    W, Y = 0.5 * shape @ shape.T, np.diag([3.0, 1.0])
    moved = W + time * (W @ Y + Y @ W - 2 * W @ W)
    gap = np.abs(np.linalg.eigvalsh(moved - np.diag([3.0, 0.0]))).max()
    assert found["rank_gap"][0] == pytest.approx(gap, abs=1e-8)
    assert abs(gap - np.abs(np.linalg.eigvalsh(W - np.diag([3.0, 0.0]))).max()) > 1e-6
