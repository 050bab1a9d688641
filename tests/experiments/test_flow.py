"""Gradient flow against closed forms: one weight a layer obeys a Bernoulli equation."""

import math

import numpy as np
import pytest

from experiments.flow.integrate import flowed
from experiments.flow.two_layer import run
from experiments.symmetric_flow import flow as factorized
from experiments.wide_flow import flow as widely
from experiments.wide_flow import gaussian


def _balanced(y: float, W: float, time: float) -> float:
    """W1 = W2 = sqrt(W): W' = 2 W (y - W), a logistic curve."""
    grown = W * math.exp(2 * y * time)
    return y * grown / (y - W + grown)


@pytest.mark.parametrize(("y", "W", "time"), [(3.0, 0.01, 1.0), (1.0, 2.0, 0.5), (2.0, 1e-6, 3.0)])
def test_one_balanced_weight_follows_the_logistic_curve(y: float, W: float, time: float) -> None:
    weight = np.array([[math.sqrt(W)]])
    found = run(np.ones(1), np.array([[y]]), weight, weight, time)
    value, error = found["flow_loss"]
    expected = (y - _balanced(y, W, time)) ** 2 / 2
    assert abs(value - expected) <= min(error, 1e-10)
    assert error < 1e-8


def test_modes_of_a_diagonal_problem_do_not_meet() -> None:
    # x scales time by x^2 and the target by 1/x
    x, y, W, time = np.array([0.5, 2.0]), np.array([1.5, 1.0]), np.array([0.1, 0.2]), 0.7
    weights = np.diag(np.sqrt(W))
    value, error = run(x, np.diag(y), weights, weights, time)["flow_loss"]
    ends = [_balanced(y[i] / x[i], W[i], time * x[i] ** 2) for i in range(2)]
    expected = sum((y[i] - x[i] * ends[i]) ** 2 for i in range(2)) / 2
    assert abs(value - expected) <= min(error, 1e-10)


def test_the_untrained_row_sees_the_second_layer_grow() -> None:
    # W1 = 1, W2 = 0, target 1: W2 = w with w sqrt(1 + w^2) = 1 in the limit, by conservation
    first = np.array([[1.0], [3.0]])
    found = run(np.ones(1), np.ones((1, 1)), first, np.zeros((1, 1)), 12.0)
    limit = 3 * math.sqrt((math.sqrt(5) - 1) / 2)
    assert found["flow_frozen"][0] == pytest.approx(limit, abs=1e-9)
    assert found["coupling"][0] == pytest.approx(3.0, rel=1e-14)


def test_imbalance_of_given_weights() -> None:
    # D = W1' W1 - W2 W2' = 25 - 4, of which n = 2 has no second eigenvalue
    found = run(np.ones(2), np.ones((2, 1)), np.array([[3.0], [4.0]]), np.array([[2.0]]), 0.1)
    assert found["lam1_D"][0] == pytest.approx(21, rel=1e-14)
    assert found["lam1_mD"][0] == found["lamm_mD"][0] == pytest.approx(-21, rel=1e-14)
    assert found["lamn_D"] == (0.0, 0.0)
    # E = (1 - 6, 1 - 8)
    assert found["loss"][0] == pytest.approx((25 + 49) / 2, rel=1e-14)
    assert found["distance"][0] == pytest.approx(math.sqrt(74), rel=1e-14)


def test_without_untrained_rows_nothing_is_coupled() -> None:
    found = run(np.ones(1), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), 0.1)
    assert found["coupling"] == found["flow_frozen"] == (0.0, 0.0)


def test_a_flow_that_ends_in_finite_time_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="could not be integrated"):
        flowed(lambda _, x: x**2, np.ones(1), 2.0, 1e-10)


def test_a_flow_that_would_take_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # explicit steps are at most of the order of 1/1000, whatever the tolerance
    monkeypatch.setattr("experiments.flow.integrate.EVALUATIONS", 2000)
    assert flowed(lambda _, x: -1000 * x, np.ones(1), 0.1, 1e-10) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ArithmeticError, match="2000 evaluations reached"):
        flowed(lambda _, x: -1000 * x, np.ones(1), 10.0, 1e-10)


@pytest.mark.parametrize("time", [2.0, 7.0, 10.0, 14.0])
def test_modes_from_a_tiny_start_follow_the_riccati_solution(time: float) -> None:
    spectrum, start, scale = [3.0, 1.0], [1.0, 0.5], 1e-13
    modes = [
        s * scale * s0 * math.exp(2 * s * time) / (s + scale * s0 * math.expm1(2 * s * time))
        for s, s0 in zip(spectrum, start, strict=True)
    ]
    # given in the wrong order: the flow sorts the target, not the start
    found = factorized(2, 1, spectrum[::-1], start, scale, 0.1, time)
    value, error = found["rank_gap"]
    expected = max(abs(modes[0] - 3.0), modes[1])
    assert abs(value - expected) <= min(error, 1e-10)
    assert (found["mode_learned"], found["mode_next"]) == (3.0, 1.0)
    assert found["mode_ratio"] == pytest.approx(1 / 3, rel=1e-15)


def test_behind_the_last_mode_nothing_is_left_to_learn() -> None:
    found = factorized(1, 1, [2.0], [1.0], 1e-3, 0.1, 9.0)
    assert found["mode_next"] == found["mode_ratio"] == 0
    assert found["rank_gap"][0] < 1e-10


@pytest.mark.parametrize("width", [2, 3, 9])
def test_wide_weights_have_the_inner_products_of_gaussian_ones(width: int) -> None:
    rng = np.random.default_rng(1)
    drawn = [gaussian(3, width, rng) for _ in range(4000)]
    grams = np.array([one @ one.T for one in drawn])
    # Wishart: mean h I, variance h (2h on the diagonal), E det = h (h - 1) (h - 2)
    assert np.abs(grams.mean(axis=0) - width * np.eye(3)).max() < 0.1 * width
    expected = width * (np.ones((3, 3)) + np.eye(3))
    np.testing.assert_allclose(grams.var(axis=0), expected, rtol=0.15)
    determinant = np.linalg.det(grams).mean()
    assert determinant == pytest.approx(width * (width - 1) * (width - 2), rel=0.15, abs=1e-9)


def test_wide_weights_have_the_variance_asked_for() -> None:
    rng = np.random.default_rng(2)
    found = widely(1, 2, 1, 10**8, 0.4375, [1.0], [[0.5]], 1e-9, rng)
    # |W1|^2 = |W2|^2 = h^(1 - 2a) = 10 to leading order, and D has eigenvalues of both signs
    assert found["lam1_D"][0] == pytest.approx(10, rel=1e-2)
    assert found["lam1_mD"][0] == pytest.approx(10, rel=1e-2)
    assert found["flow_time"] == pytest.approx(1e-9 / 20)


def test_a_weight_beneath_the_tolerance_is_charged_for_it() -> None:
    x, v, y, time = 2.0, -0.5539103873372153, 1e-100, 1.2992744139249899
    parts = (np.array(one) for one in ([x], [[y]], [[1e-271], [0.4]], [[v]]))
    value, error = run(*parts, time)["flow_loss"]
    # W2 stands still, so that the residual decays at the rate (x v)^2
    exact = (y * math.exp(-((x * v) ** 2) * time)) ** 2 / 2
    assert abs(value - exact) <= error
    assert abs(value - exact) > 1e-9 * exact
