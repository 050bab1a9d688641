"""The statements of Xu et al. (2023) against a plain second implementation of their formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from harness import Max, Min, Verdict
from harness import symbols as s
from harness.vocabulary.definition import closure, substituted
from tests.theorems.networks import Network, drawn, evaluator, measured, number, top
from theorems.convergence import (
    xu23_claim_e1,
    xu23_drift,
    xu23_lem31_onestep,
    xu23_prop31,
    xu23_prop32_adaptive,
    xu23_thm31_spectral,
    xu23_thm32_linear_rate,
)
from theorems.convergence.xu23_rates import d_rho, rates, rho_quartic
from theorems.convergence.xu23_setting import alpha0, alpha0_printed, beta0, c1, c2, p1, p2

SHAPES = [(1, 1, 1), (2, 2, 5), (3, 3, 4), (2, 1, 2), (1, 3, 6), (4, 2, 3), (3, 2, 9)]
PARAMETERS = {c1: 0.99, c2: 1.01}


def reference(one: Network, printed: bool, room: tuple[float, float]) -> dict[str, Any]:
    """Table 2, (27), (28) and (30) with numpy, written from the paper."""
    n, m = one.Y.shape
    values, error = np.linalg.svd(one.X, compute_uv=False), np.linalg.norm(one.E)
    K, kappa = values[0] ** 2, (values[0] / values[-1]) ** 2
    p1 = max(np.linalg.svd(one.Y, compute_uv=False)[min(n, m) - 1] - error, 0) / values[0]
    p2 = (np.linalg.norm(one.Y) + error) / values[-1]
    D = one.W1.T @ one.W1 - one.W2 @ one.W2.T
    lp, lm = max(top(D, 1), 0), max(top(-D, 1), 0)
    full_p, full_m = max(top(D, n), 0), max(top(-D, m), 0)
    delta = full_p + full_m
    of_m = p1 if printed or m <= n else 0
    of_n = p1 if printed or n <= m else 0
    gap_p, gap_m = lp - full_p, lm - full_m
    alpha = (-gap_p + np.sqrt((gap_p + delta) ** 2 + 4 * of_m**2)) / 2
    alpha += (-gap_m + np.sqrt((gap_m + delta) ** 2 + 4 * of_n**2)) / 2
    beta = (lp + np.sqrt(lp**2 + 4 * p2**2) + lm + np.sqrt(lm**2 + 4 * p2**2)) / 2
    smin, (c1, c2), L = values[-1], room, one.loss
    a = [
        2 * c1 * alpha * smin**2,
        2 * np.sqrt(2 * kappa * L * smin**6) * p2 + kappa * smin**4 * (c2 * beta) ** 2,
        2 * np.sqrt(2 * kappa**3 * L * smin**10) * c2 * beta * p2,
        2 * kappa**2 * smin**6 * p2**2 * L,
    ]
    limits = []
    for extra in (4 * c2 * L * K / (c2 - 1), 8 * c2 * beta * L * K / ((1 - c1) * alpha)):
        found = np.roots([a[3], a[2], a[1] + extra, -a[0]])
        limits += [float(r.real) for r in found if abs(r.imag) < 1e-9 * abs(r) and r.real > 0]
    return {"p1": p1, "p2": p2, "alpha0": alpha, "beta0": beta, "a": a, "eta_max": min(limits)}


@pytest.mark.parametrize("printed", [True, False])
@pytest.mark.parametrize("margin", [True, False])
@pytest.mark.parametrize(("n", "m", "h"), SHAPES)
def test_notation_agrees_with_numpy(n: int, m: int, h: int, margin: bool, printed: bool) -> None:
    one = drawn(n, m, h, seed=10 * n + m, margin=margin and h >= min(n, m))
    evaluate = evaluator([one], 1e-3, PARAMETERS)
    alpha = alpha0_printed if printed else alpha0
    # alpha0 = 0 up to rounding: no limit to speak of
    if float(evaluate(alpha).lo[0, 0]) <= 1e-9:
        assert h < n + m - 1
        return
    expected = reference(one, printed, (0.99, 1.01))
    built = rates(alpha)
    found = {
        "p1": number(evaluate, p1), "p2": number(evaluate, p2), "alpha0": number(evaluate, alpha),
        "beta0": number(evaluate, beta0), "eta_max": number(evaluate, built.eta_max),
    }  # fmt: skip
    for name, value in found.items():
        assert value == pytest.approx(expected[name], rel=1e-7), name
    for coefficient, value in zip(built.a, expected["a"], strict=True):
        assert number(evaluate, coefficient) == pytest.approx(value, rel=1e-9)
    eta = 1e-3
    rate = 1 - sum(
        value * eta ** (k + 1) * (1 if k == 0 else -1) for k, value in enumerate(expected["a"])
    )
    assert number(evaluate, built.f) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(("n", "m", "h"), SHAPES)
def test_versions_differ_only_where_n_is_not_m(n: int, m: int, h: int) -> None:
    if h < min(n, m):
        h = n + m
    evaluate = evaluator([drawn(n, m, h, seed=3, margin=True)], 0.0, PARAMETERS)
    printed, corrected = number(evaluate, alpha0_printed), number(evaluate, alpha0)
    if n == m:
        assert printed == corrected
    else:
        assert printed > 1.5 * corrected > 0


def test_alpha0_with_the_index_test_bounds_tau_and_the_printed_one_does_not() -> None:
    excess = {True: 0, False: 0}
    for seed in range(60):
        n, m = [(2, 1), (3, 2), (1, 4), (2, 2)][seed % 4]
        one = drawn(n, m, n + m, seed, margin=seed % 3 > 0)
        tau = measured(one, 0.0)[s.tau_min]
        evaluate = evaluator([one], 0.0, PARAMETERS)
        for printed, alpha in ((True, alpha0_printed), (False, alpha0)):
            excess[printed] += float(evaluate(alpha).lo[0, 0]) > tau * (1 + 1e-9)
    assert excess[False] == 0
    assert excess[True] >= 20


def test_rho_is_the_quartic_of_lemma_31() -> None:
    for seed in range(5):
        one, eta = drawn(3, 2, 6, seed), 0.003
        v = measured(one, eta)
        low, high = v[s.tau_min], v[s.smax_W1] ** 2 + v[s.smax_W2] ** 2
        K, mu, sg = v[s.K], v[s.mu], v[s.smax_W] * v[s.product_grad]
        rho = 1 - 2 * eta * mu * low + K * mu * eta**2 * high**2 + 2 * eta**2 * mu * sg
        rho += 2 * eta**3 * mu * K * high * sg + eta**4 * mu * K * sg**2
        evaluate = evaluator([one], eta, {})
        assert number(evaluate, 1 - d_rho) == pytest.approx(rho, rel=1e-12)
        room = low - eta * sg - K * eta / 2 * (high + eta * sg) ** 2
        assert number(evaluate, xu23_lem31_onestep.room) == pytest.approx(room, rel=1e-9)
        assert number(evaluate, d_rho) == pytest.approx(2 * eta * mu * room, rel=1e-9)


def test_step_rules_minimise_their_rate_below_the_limit() -> None:
    one = drawn(3, 3, 40, seed=1)
    evaluate = evaluator([one], 1e-3, {c1: 0.5, c2: 1.5})
    theorem = xu23_prop32_adaptive.theorem
    limit = number(evaluate, rates(alpha0).eta_max)
    quartics = {
        "rho": rho_quartic,
        "rho_hat": xu23_prop32_adaptive.hat_quartic,
        "f": xu23_prop32_adaptive.reading.a,
        "f0": xu23_prop32_adaptive.reading.a0,
    }
    assert theorem.step is not None
    assert set(theorem.step.rules) == set(quartics)
    for name, rule in theorem.step.rules.items():
        h1, h2, h3, h4 = (number(evaluate, one) for one in quartics[name])
        best = max(
            float(r.real) for r in np.roots([4 * h4, 3 * h3, 2 * h2, -h1]) if abs(r.imag) < 1e-9
        )
        assert number(evaluate, rule) == pytest.approx(min(best, limit), rel=1e-7)


def test_fractional_c2_is_the_one_of_equation_124() -> None:
    one, small = drawn(2, 3, 9, seed=5), 0.5
    v, expected = measured(one, 0.0), reference(one, False, (0.5, 1.5))
    a, b, reach, L = expected["alpha0"], expected["beta0"], expected["p2"], one.loss
    mu, kappa = v[s.mu], v[s.K] / v[s.mu]
    M = 2 * a**3 * reach**2 * L / (b**6 * kappa)
    M += 2 * np.sqrt(2 * mu * L) * reach * a**2 / (np.sqrt(kappa) * b**3)
    M += 2 * np.sqrt(2 * mu * L) * reach * a / (b**2 * np.sqrt(kappa))
    least = max((M + 16 * L / b) / (small * a * mu), np.sqrt((M + 8 * a * L / b**2) / (a * mu)), 2)
    evaluate = evaluator([one], 0.0, {xu23_claim_e1.small_c1: small, xu23_claim_e1.slack: 2.0})
    assert number(evaluate, xu23_claim_e1.large_c2) == pytest.approx(2 * least, rel=1e-9)
    limit = reference(one, False, (small, 2 * least))["eta_max"]
    assert number(evaluate, xu23_claim_e1.eta_max) == pytest.approx(limit, rel=1e-6)


def test_witness_of_the_printed_alpha0_in_exact_arithmetic() -> None:
    """W1 = diag(2, 0), W2 = (2, 0)', X = I, Y = (4, 1)': everything is rational but sqrt(17)."""
    witness = xu23_thm31_spectral.UNEQUAL
    W1, W2, X, Y = (sympy.Matrix(witness[name]) for name in ("W1", "W2", "X", "Y"))
    assert W1.T * W1 == W2 * W2.T
    E = Y - X * W1 * W2
    margin = sympy.sqrt((Y.T * Y)[0]) - sympy.sqrt((E.T * E)[0])
    assert margin == sympy.sqrt(17) - 1
    tau_min = min((W1 * W1.T).eigenvals()) + (W2.T * W2)[0]
    assert tau_min == 4
    share = sympy.Rational(99, 100)
    # balanced: each square root of alpha0 is twice the margin it is given
    assert share * (margin + margin) > tau_min
    assert share * margin < tau_min


def test_witness_of_the_printed_rate_in_exact_arithmetic() -> None:
    """One exact step at a hundredth of eta_max: the loss falls by less than f promises."""
    witness = xu23_thm32_linear_rate.UNEQUAL
    matrices = (np.array(witness[name], dtype=float) for name in ("X", "Y", "W1", "W2"))
    one = Network(*matrices)
    expected = reference(one, True, (0.99, 1.01))
    eta = Fraction(expected["eta_max"]) / 100
    exact = [sympy.Matrix(witness[name]) for name in ("X", "Y", "W1", "W2")]
    step = sympy.Rational(eta.numerator, eta.denominator)
    X, Y, W1, W2 = exact
    G = X.T * (X * W1 * W2 - Y)
    E0, E1 = Y - X * W1 * W2, Y - X * (W1 - step * G * W2.T) * (W2 - step * W1.T * G)
    ratio = Fraction(int((E1.T * E1)[0].p), int((E1.T * E1)[0].q)) / int((E0.T * E0)[0])
    a1, a2, a3, a4 = (Fraction(float(value)) for value in expected["a"])
    promised = 1 - a1 * eta + a2 * eta**2 + a3 * eta**3 + a4 * eta**4
    assert ratio > promised + Fraction(1, 10**6)
    b1, b2, b3, b4 = (Fraction(float(v)) for v in reference(one, False, (0.99, 1.01))["a"])
    assert ratio < 1 - b1 * eta + b2 * eta**2 + b3 * eta**3 + b4 * eta**4


@pytest.mark.parametrize(("n", "m", "h"), [(1, 1, 1), (3, 3, 40), (2, 1, 3), (1, 3, 8)])
def test_corrected_claims_hold_along_plain_runs(n: int, m: int, h: int) -> None:
    start = drawn(n, m, h, seed=7, margin=h < 8)
    limit = number(evaluator([start], 0.0, PARAMETERS), rates(alpha0).eta_max)
    run = [start]
    for _ in range(20):
        run.append(run[-1].after(limit))
    evaluate = evaluator(run, limit, PARAMETERS)
    checked = 0
    for theorem in (xu23_thm31_spectral.corrected, xu23_thm32_linear_rate.corrected,
                    xu23_prop31.theorem, xu23_prop32_adaptive.theorem):  # fmt: skip
        for claim in theorem.claims:
            assert claim.expected is Verdict.HELD
            left, right = (
                evaluate(side).broadcast_to((1, 21)).lo[0, claim.start : 20]
                for side in (claim.quantity, claim.bound)
            )
            small, large = (right, left) if claim.sense in (">=", ">") else (left, right)
            assert (small <= large + 1e-10 * np.abs(large)).all(), claim.id
            checked += 1
    assert checked == 20


def test_nothing_is_simplified_away() -> None:
    """Index tests and positive parts survive sympy, and versions differ in alpha0 alone."""
    tall = {one.name: one for one in closure(alpha0)}["tall"]
    assert tall.expression == Min(1, Max(0, s.inputs - s.outputs + 1))
    for module in (xu23_thm31_spectral, xu23_thm32_linear_rate):
        first, second = module.printed, module.corrected
        assert first.fingerprint != second.fingerprint
        for old, new in zip(first.claims, second.claims, strict=True):
            assert substituted(old.statement, {alpha0_printed: alpha0}) == new.statement


def test_drift_bound_is_an_equality_for_one_layer() -> None:
    one = Network(*(np.array([[v]]) for v in (1.0, 1.0, 1.0, 0.0)))
    after = one.after(0.01)
    change = (after.W1**2 - after.W2**2) - (one.W1**2 - one.W2**2)
    bound = xu23_drift.theorem.claim("one-step").bound
    assert number(evaluator([one], 0.01, {}), bound) == pytest.approx(abs(float(change[0, 0])))
