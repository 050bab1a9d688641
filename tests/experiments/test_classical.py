"""The first-order experiments against closed forms, enumeration and other ways to the same numbers."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.linalg import eigvalsh, lstsq
from scipy.optimize import minimize_scalar

from experiments.classical.adaptive_steps import adaptive
from experiments.classical.averaged_sgd import averaged
from experiments.classical.bent import Bent, with_minimum_at_zero, zigzag
from experiments.classical.gradient_descent import gradient_descent_on_functions, orbit
from experiments.classical.heavy_ball import ball
from experiments.classical.noisy_descent import cloud
from experiments.classical.scheduled_descent import scheduled
from experiments.classical.sgd_least_squares import moments
from harness import first_order as first

F = Fraction
DEFAULTS = {axis.name: axis.default for axis in gradient_descent_on_functions.axes}
KINKED = Bent((F(-1), F(1, 2), F(2)), (F(3), F(-1), F(2), F(1)), F(-1, 2))


def descended(**changes: Any) -> dict[str, Any]:
    return {one.name: value for one, value in orbit(**{**DEFAULTS, **changes}).items()}


def named(found: dict[Any, Any]) -> dict[str, Any]:
    return {one.name: value for one, value in found.items()}


def by_quadrature(f: Bent, x: Fraction) -> tuple[float, float]:
    """f and f' at x from f'' alone, by the midpoint rule on a grid that holds the breaks."""
    grid = np.linspace(float(f.breaks[0]), float(x), 20_001)
    middle, width = (grid[1:] + grid[:-1]) / 2, np.diff(grid)
    second = np.array([float(s) for s in f.slopes])[
        np.searchsorted([float(b) for b in f.breaks], middle)
    ]
    slope = float(f.tilt) + np.concatenate([[0.0], np.cumsum(second * width)])
    return float(np.sum((slope[1:] + slope[:-1]) / 2 * width)), float(slope[-1])


@pytest.mark.parametrize("x", [F(-3), F(-1), F(0), F(1, 2), F(1), F(2), F(7, 2)])
def test_a_bent_function_is_the_integral_of_its_slopes(x: Fraction) -> None:
    value, slope = KINKED.at(x)
    assert by_quadrature(KINKED, x) == pytest.approx((float(value), float(slope)), abs=1e-3)


def test_the_lowest_value_and_the_pl_constant_are_those_of_a_fine_grid() -> None:
    rng = np.random.default_rng(5)
    for _ in range(12):
        f = with_minimum_at_zero(
            sorted(F(int(b), 8) for b in rng.integers(-12, 12, 2)),
            [F(int(s), 8) for s in rng.integers(1, 9, 3)],
        )
        points = [F(k, 64) for k in range(-256, 257)]
        gaps = [(f.at(x)[0] - f.lowest, f.at(x)[1]) for x in points]
        shares = [g * g / (2 * gap) for gap, g in gaps if gap > 0]
        assert min(gap for gap, _ in gaps) == 0
        assert f.pl <= min(shares)
        # the least is attained at a break, which lies on the grid, or far out
        assert f.pl in (min(shares), f.slopes[0], f.slopes[-1])


def test_a_function_with_another_valley_has_no_pl_constant() -> None:
    f = Bent((F(-1), F(1)), (F(1), F(-1), F(1)), F(1, 4))
    assert f.bounded
    assert f.pl == 0
    assert not Bent((F(0),), (F(1), F(-1))).bounded
    assert not Bent((F(0),), (F(0), F(1)), F(1)).bounded


def test_the_nearest_minimiser_of_a_flat_valley() -> None:
    f = with_minimum_at_zero((F(-1), F(2)), (F(1), F(0), F(1)))
    assert [f.nearest_minimiser(F(x)) for x in (-3, 0, 1, 5)] == [-1, 0, 1, 2]
    half = with_minimum_at_zero((F(-1), F(2)), (F(1), F(0), F(0)))
    assert [half.nearest_minimiser(F(x)) for x in (-3, 7)] == [-1, 7]


@pytest.mark.parametrize("share", [0.25, 1.0, 1.75])
def test_gradient_descent_on_a_quadratic_has_its_closed_form(share: float) -> None:
    found = descended(share=share, count=7, curvature=2.0, across=0.5, start=[1.5, -2.0])
    u, v = F(3, 2) * (1 - F(share)) ** 7, -2 * (1 - F(share) / 2) ** 7
    assert found["gap"] == u**2 + v**2 / 2
    assert found["grad_squared"] == (2 * u) ** 2 + v**2
    assert found["dist_squared"] == u**2 + v**2
    assert (found["strong"], found["pl"], found["gamma"]) == (1, 1, F(share) / 2)


def test_the_zigzag_has_slope_one_at_every_iterate() -> None:
    L, gamma = F(2), F(3, 10)
    f = zigzag(L, gamma, 5)
    assert [f.at(-gamma * k)[1] for k in range(6)] == [1] * 6
    falls = [f.at(-gamma * k)[0] - f.at(-gamma * (k + 1))[0] for k in range(5)]
    assert falls == [gamma - L * gamma**2 / 4] * 5
    assert f.at(-gamma * 5)[0] - f.lowest == 1 / (2 * L)
    assert max(abs(s) for s in f.slopes) == L


@pytest.mark.parametrize("number", [1, 3, 6])
def test_the_huber_function_attains_the_rate_of_drori_and_teboulle(number: int) -> None:
    bend = 1 / F(2 * number + 1)
    f = with_minimum_at_zero((-bend, bend), (F(0), F(1), F(0)))
    x = F(1)
    for _ in range(number):
        x -= f.at(x)[1]
    assert f.at(x)[0] - f.lowest == F(1, 4 * number + 2)


def test_the_valley_and_its_constants() -> None:
    def share(x: float) -> float:
        return (2 * x + 3 * math.sin(2 * x)) ** 2 / (2 * (x**2 + 3 * math.sin(x) ** 2))

    least = min(
        minimize_scalar(share, bounds=(a, a + 0.5), method="bounded").fun
        for a in np.arange(0.25, 12, 0.5)
    )
    found = descended(shape="valley", curvature=4.0, start=[1.25, 0.0], share=0.5, count=1)
    assert found["pl"] == pytest.approx(4 * 0.175 / 8)
    assert 0.175 < least == pytest.approx(0.175531, abs=1e-6)
    x = 1.25 - 0.125 * 0.5 * (2.5 + 3 * math.sin(2.5))
    assert found["gap"] == pytest.approx((x**2 + 3 * math.sin(x) ** 2) / 2, rel=1e-14)


def test_the_heavy_ball_cycles_where_lessard_recht_and_packard_say() -> None:
    given: dict[str, Any] = {
        "shape": "bends", "low": 1.0, "ratio": 5.0, "slopes": [1.0, 0.0, 1.0],
        "breaks": [1.0, 2.0], "start": 3.3,
    }  # fmt: skip
    found = sorted(math.sqrt(named(ball(**given, count=n))["ball_squared"]) for n in (90, 91, 92))
    assert found == pytest.approx([792 / 1225, 2208 / 1225, 2592 / 1225], rel=1e-6)


def test_the_heavy_ball_on_a_quadratic_is_a_linear_recurrence() -> None:
    found = named(ball("quadratic", 0.5, 3.0, [0.25, 0.0, 0.0], [0.0, 1.0], 2.0, 9))
    mu, L = 0.25, 2.25
    a, b = 4 / (0.5 + 1.5) ** 2, ((1.5 - 0.5) / (1.5 + 0.5)) ** 2
    step = np.array([[1 + b - a * (mu + 0.25 * (L - mu)), -b], [1.0, 0.0]])
    x = (np.linalg.matrix_power(step, 9) @ [2.0, 2.0])[0]
    assert float(found["ball_squared"]) == pytest.approx(x**2, rel=1e-12)
    assert (found["strong"], found["smooth"], found["quadratic"]) == (F(1, 4), F(9, 4), 1)


def test_noise_adds_its_variance_on_a_quadratic() -> None:
    found = named(cloud([1.0] * 3, [-1.0, 1.0], 2.0, 4.0, 0.5, 1.5, 4))
    kept = F(1, 4)
    second = kept**4 * 4 + F(9, 4) / 64 * sum(kept**k for k in range(4))
    assert found["mean_dist_squared"] == second
    assert found["mean_gap"] == 2 * second
    assert found["noise_squared"] == F(9, 4)


@pytest.mark.parametrize("noisy", [0, 1])
def test_the_moments_are_those_of_all_sequences_of_samples(noisy: int) -> None:
    rng = np.random.default_rng(7)
    rows, labels = rng.uniform(-1, 1, (4, 2)), rng.uniform(-1, 1, 4)
    start, share, steps = np.array([1.5, -0.5]), 0.75, 3
    found = named(moments(rows.tolist(), labels.tolist(), noisy, list(start), share, steps))
    target = lstsq(rows, labels, rcond=None)[0]
    seen = labels if noisy else rows @ target
    gamma = share / max((rows**2).sum(1))
    squares = []
    for drawn in itertools.product(range(4), repeat=steps):
        x = target + start
        for i in drawn:
            x = x - gamma * rows[i] * (rows[i] @ x - seen[i])
        squares.append(((x - target) ** 2).sum())
    assert found["mean_dist_squared"] == pytest.approx(np.mean(squares), rel=1e-12)
    assert found["strong"] == pytest.approx(eigvalsh(rows.T @ rows / 4)[0], rel=1e-12)
    residuals = rows @ target - seen
    noise = np.mean((rows**2).sum(1) * residuals**2)
    assert found["noise_at_minimum"] == pytest.approx(noise, abs=1e-15)


def test_the_sums_of_a_schedule_are_those_of_its_definition() -> None:
    steps = [0.5, 1.25, 0.25, 1.0]
    found = named(scheduled(0.5, [0.5, 0.25, 1.0], [-1.0, 0.5], 2.0, [*steps, 1.0], 4))
    x, moves = 2.0, []
    for gamma in steps:
        # f'' is 1 above 1/2, 1/4 from -1 to 1/2, 1/2 below
        rise = min(max(x, -1), 0.5) / 4 + max(x - 0.5, 0) + min(x + 1, 0) / 2
        last, x = x, x - gamma * (rise + 0.5 * np.sign(x))
        moves.append((last - x) ** 2)
    tail = sum(steps[k] * sum(moves[k:]) / (sum(steps[k:]) * sum(steps[k + 1 :])) for k in range(3))
    assert float(found["tail_sum"]) == pytest.approx(tail, rel=1e-12)
    assert float(found["moves_squared"]) == pytest.approx(sum(moves), rel=1e-12)
    assert found["schedule_sum"] == 3


def test_the_first_two_adaptive_steps() -> None:
    found = named(adaptive([2.0, 1.0], [1.0, 0.5], [1.0, -0.5], 0.25, 0.125, 0.5, 2))
    G, L = 2.0, 2.0
    R, eps, beta = 1.5 * G, 1.0, 0.875
    alpha = 0.25 * R / L
    sums = {"adagrad_mean": 0.0, "adam_mean": 0.0}
    for c, w, x in ((2.0, 1.0, 1.0), (1.0, 0.5, -0.5)):
        g = c * w * math.sin(w * x)
        # both methods take the same first step
        g2 = c * w * math.sin(w * (x - alpha * g / math.sqrt(eps + g * g)))
        for name in sums:
            sums[name] += (g * g + g2 * g2) / 2
    assert {name: found[name] for name in sums} == pytest.approx(sums, rel=1e-14)
    third = named(adaptive([2.0, 1.0], [1.0, 0.5], [1.0, -0.5], 0.25, 0.125, 0.5, 3))
    for name, keep, last in (
        ("adagrad_mean", 1.0, alpha),
        ("adam_mean", beta, alpha * math.sqrt(1 + beta)),
    ):
        total = 0.0
        for c, w, x in ((2.0, 1.0, 1.0), (1.0, 0.5, -0.5)):
            g = c * w * math.sin(w * x)
            x1 = x - alpha * g / math.sqrt(eps + g * g)
            g1 = c * w * math.sin(w * x1)
            g2 = c * w * math.sin(w * (x1 - last * g1 / math.sqrt(eps + keep * g * g + g1 * g1)))
            total += (g * g + g1 * g1 + g2 * g2) / 3
        assert third[name] == pytest.approx(total, rel=1e-14)


def test_constant_functions_and_samples_without_inputs_have_no_curvature() -> None:
    found = descended(slopes=[0.0, 0.0, 0.0], across=0.0)
    assert (found["gap"], found["strong"], found["pl"], found["convex"]) == (0, 0, 0, 1)
    for rows in ([[0.0, 0.0]] * 4, [[1.0, 0.5]] * 4):
        still = named(moments(rows, [1.0] * 4, 1, [1.0, 1.0], 0.5, 2))
        assert still["strong"] == 0
    assert (
        named(moments([[0.0, 0.0]] * 4, [1.0] * 4, 1, [1.0, 1.0], 0.5, 2))["mean_dist_squared"] == 2
    )


def test_the_risk_of_one_and_of_two_averaged_iterates_by_hand() -> None:
    # one weight, lam = 1, g = 1/4: E e_1^2 = (9/16 + 1/8) e_0^2 + s^2/16 and E e_0 e_1 = 3/4 e_0^2
    assert averaged(1, [1.0], [2.0], 3.0, 0.25, 1)[first.mean_risk] == 2
    found = averaged(1, [1.0], [2.0], 3.0, 0.25, 2)
    assert found[first.mean_risk] == pytest.approx((4 + 4 * 11 / 16 + 3 / 16 + 2 * 3) / 8)
    assert found[first.effective_dimension] == 0.25
    assert found[first.effective_start] == 2
    assert found[first.effective_bias] == 1


def test_the_mean_risk_is_that_of_many_runs() -> None:
    spectrum, start, noise, steps, runs = [1.0, 0.25], [1.0, -1.0], 0.5, 6, 200_000
    found = averaged(2, spectrum, start, noise, 0.25, steps)
    rng, lam = np.random.default_rng(4), np.array(spectrum)
    e = np.tile(start, (runs, 1))
    total = np.zeros_like(e)
    for _ in range(steps):
        total += e
        x = rng.standard_normal((runs, 2)) * np.sqrt(lam)
        pull = (x * e).sum(axis=1) - rng.normal(0, math.sqrt(noise), runs)
        e = e - 0.2 * pull[:, None] * x
    risks = ((total / steps) ** 2 @ lam) / 2
    assert abs(risks.mean() - found[first.mean_risk]) < 4 * risks.std() / math.sqrt(runs)
