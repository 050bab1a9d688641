"""The statements of Xu et al. (2025) against a plain second implementation of their formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from scipy.optimize import brentq

from harness import Verdict
from harness import symbols as s
from harness.vocabulary.definition import substituted
from harness.vocabulary.operators import expm1
from tests.theorems.networks import Network, drawn, evaluator, measured, number, top
from theorems.convergence import (
    xu25_eq104,
    xu25_growth,
    xu25_lem33_alpha_pos,
    xu25_setting,
    xu25_thm31_local_descent_pl,
    xu25_thm31_local_rate,
    xu25_thm32_linear_rate,
)

PARAMETERS = {xu25_growth.c: 0.5, xu25_growth.d: 1.01}
SHAPES = [(1, 1, 1), (2, 2, 9), (3, 3, 30), (2, 1, 4), (1, 3, 12)]


class Card:
    """Table 2 and Theorem E.1 with numpy, written from the paper; c = 1/2."""

    def __init__(self, one: Network, printed: bool = False, d: float = 1.01) -> None:
        v, (n, m) = measured(one, 0.0), one.Y.shape
        self.K, self.mu, self.L, self.d = v[s.K], v[s.mu], one.loss, d
        far = np.sqrt(self.K / self.mu) * v[s.distance]
        self.b1, self.b2 = max(0, v[s.smin_target] - far), v[s.smax_target] + far
        D = one.W1.T @ one.W1 - one.W2 @ one.W2.T
        lp, lm, fp, fm = (max(0, top(*a)) for a in ((D, 1), (-D, 1), (D, n), (-D, m)))
        of_m = self.b1 if printed or m <= n else 0
        of_n = self.b1 if printed or n <= m else 0
        both = fp + fm
        self.a1 = (np.sqrt((lp - fp + both) ** 2 + 4 * of_m**2) - lp + fp) / 2
        self.a1 += (np.sqrt((lm - fm + both) ** 2 + 4 * of_n**2) - lm + fm) / 2
        self.a2 = (lp + lm + sum(np.sqrt(x**2 + 4 * self.b2**2) for x in (lp, lm))) / 2

    def mubar(self, e: float) -> float:
        return float(self.mu * (self.a1 + 2 * self.a2 * (1 - np.exp(np.sqrt(e)))))

    def Kbar(self, e: float, t: int = 0) -> float:
        if t == 0:
            rate = delta = 1.0
        else:
            rate, delta = self.rhobar(e) ** t, self.delta(e) ** t
        inner = 1 + 3 * np.sqrt(2 * self.K * self.L * delta) * e
        value = (
            np.sqrt(2 * self.K * self.L * rate) + 6 * self.K**2 * self.b2 * self.L * e**2 * delta
        )
        return float(value + self.K * np.exp(np.sqrt(e)) * self.a2 * inner)

    def rhobar(self, e: float) -> float:
        return 1 - 2 * self.mubar(e) * e + self.mubar(e) * self.Kbar(e) * e**2

    def delta(self, e: float) -> float:
        return float((1 + e**self.d) * self.rhobar(e))

    def eta_max(self) -> float:
        first = brentq(lambda e: e * self.Kbar(e) - 1, 1e-12, 1.0, xtol=1e-16)
        third = np.log(1 + self.a1 / (2 * self.a2)) ** 2
        top_end = min(first, third)
        grid = np.geomspace(top_end * 1e-9, top_end, 4000)
        left = [
            4 * self.K * self.L * e**2 - (1 - np.exp(-np.sqrt(e))) * (1 - self.delta(e))
            for e in grid
        ]
        crossing = next((k for k, value in enumerate(left) if value > 0), None)
        if crossing is None:
            return float(top_end)
        assert crossing > 0
        return float(
            brentq(
                lambda e: (
                    4 * self.K * self.L * e**2 - (1 - np.exp(-np.sqrt(e))) * (1 - self.delta(e))
                ),
                grid[crossing - 1],
                grid[crossing],
                xtol=1e-16,
            )
        )


def local_smoothness(one: Network, eta: float) -> float:
    """K_t of Theorem 3.1."""
    v = measured(one, eta)
    K, L, T = v[s.K], one.loss, v[s.smax_W1] ** 2 + v[s.smax_W2] ** 2
    value = K * T + np.sqrt(2 * K * L) + 6 * K**2 * v[s.smax_W] * L * eta**2
    return float(value + 3 * K * T * np.sqrt(2 * K * L) * eta)


@pytest.mark.parametrize("eta", [1e-4, 0.03, 2.0])
def test_local_constants(eta: float) -> None:
    for seed, (n, m, h) in enumerate(SHAPES):
        one = drawn(n, m, h, seed)
        evaluate = evaluator([one], eta, {})
        expected = local_smoothness(one, eta)
        assert number(evaluate, xu25_setting.K_t) == pytest.approx(expected, rel=1e-10)
        v = measured(one, eta)
        low = v[s.mu] * v[s.tau_min]
        assert number(evaluate, xu25_setting.mu_t) == pytest.approx(low, rel=1e-10)
        fall = 2 * low * eta - low * expected * eta**2
        assert number(evaluate, xu25_setting.d_t) == pytest.approx(fall, rel=1e-9)
        inverse = brentq(lambda e, net=one: e * local_smoothness(net, e) - 1, 1e-9, 1e3)
        assert number(evaluate, xu25_setting.inverse_K_t) == pytest.approx(inverse, rel=1e-8)


@pytest.mark.parametrize(
    ("n", "m", "h", "printed"),
    [(1, 1, 1, False), (3, 3, 30, False), (2, 1, 4, False), (1, 3, 12, True)],
)
def test_explicit_constants_and_step_limit(n: int, m: int, h: int, printed: bool) -> None:
    one = drawn(n, m, h, seed=4, margin=True)
    card = Card(one, printed)
    alpha1 = xu25_setting.alpha1_printed if printed else xu25_setting.alpha1
    limit = card.eta_max()
    start = 0.7 * limit
    evaluate = evaluator([one, one, one], start, PARAMETERS)
    assert number(evaluate, xu25_setting.beta1) == pytest.approx(card.b1, rel=1e-9)
    assert number(evaluate, xu25_setting.beta2) == pytest.approx(card.b2, rel=1e-9)
    assert number(evaluate, alpha1) == pytest.approx(card.a1, rel=1e-9)
    assert number(evaluate, xu25_setting.alpha2) == pytest.approx(card.a2, rel=1e-9)
    at = xu25_growth.bounds(alpha1, xu25_growth.first_step)
    assert number(evaluate, at.mubar) == pytest.approx(card.mubar(start), rel=1e-9)
    assert number(evaluate, at.q) == pytest.approx(1 - card.rhobar(start), rel=1e-8)
    assert number(evaluate, at.gap) == pytest.approx(1 - card.delta(start), rel=1e-6)
    for step in range(3):
        assert number(evaluate, at.Kbar, step) == pytest.approx(card.Kbar(start, step), rel=1e-8)
    found = evaluate(xu25_growth.step_limit(alpha1))
    assert float(found.lo[0, 0]) == pytest.approx(limit, rel=1e-5)


def test_limit_is_zero_where_no_double_is_small_enough() -> None:
    """alpha1/alpha2 small and d near 1: the second root lies below 2^-60 of the first."""
    one = Network(np.eye(1), np.array([[5.0]]), np.array([[0.1]]), np.array([[0.0]]))
    evaluate = evaluator([one], 0.0, PARAMETERS)
    assert float(evaluate(xu25_setting.alpha1).lo[0, 0]) > 0
    assert float(evaluate(xu25_growth.step_limit(xu25_setting.alpha1)).lo[0, 0]) == 0.0


def greedy_run(one: Network, steps: int) -> tuple[list[Network], list[float], Card]:
    """Gradient descent with the largest steps allowed from 0.99 eta_max on."""
    card, run, sizes = Card(one), [one], []
    first = 0.99 * card.eta_max()
    for t in range(steps):
        best = brentq(lambda e, net=run[-1]: e * local_smoothness(net, e) - 1, 1e-12, 10.0)
        sizes.append(min((1 + first**card.d) ** (t / 2) * first, 0.999 * best))
        run.append(run[-1].after(sizes[-1]))
    return run, sizes, card


def test_equation_104_fails_and_equation_16_holds_on_the_witness() -> None:
    witness = xu25_eq104.PAST_THE_MINIMUM
    one = Network(*(np.array(witness[name], dtype=float) for name in ("X", "Y", "W1", "W2")))
    run, sizes, card = greedy_run(one, 30)
    first = card.rhobar(sizes[0])
    printed, body = [], []
    for t, (state, eta) in enumerate(zip(run, sizes, strict=False)):
        low = card.mubar(sizes[0])
        printed.append(1 - 2 * low * eta + low * card.Kbar(sizes[0], t) * eta**2)
        mu_t = card.mu * measured(state, eta)[s.tau_min]
        body.append(1 - 2 * mu_t * eta + mu_t * local_smoothness(state, eta) * eta**2)
    assert max(printed) > first + 0.03
    assert max(body) <= first
    assert xu25_eq104.appendix.claim("rate-ordered").expected is Verdict.VIOLATED
    assert xu25_eq104.body.claim("rate-ordered").quantity == xu25_setting.d_t


def test_descent_and_pl_hold_for_every_step_and_their_controls_break_them() -> None:
    theorem = xu25_thm31_local_descent_pl.theorem
    changes = {control.id: dict(control.replace) for control in theorem.controls}
    broken = {"K": 0, "mu": 0}
    for seed in range(60):
        n, m, h = [(1, 1, 1), (2, 3, 1), (3, 2, 4), (1, 2, 5)][seed % 4]
        one = drawn(n, m, h, seed)
        eta = [1e-3, 0.02, 0.1, 1.0][(seed // 4) % 4]
        run = [one, one.after(eta)]
        evaluate = evaluator(run, eta, {})
        right_side = theorem.claim("descent").bound
        left, right = evaluate(theorem.claim("descent").quantity), evaluate(right_side)
        assert left.lo[0, 0] <= right.hi[0, 0] * (1 + 1e-10) + 1e-12
        weaker = evaluate(substituted(right_side, changes["K-a-quarter"]))
        broken["K"] += bool(left.lo[0, 0] > weaker.hi[0, 0])
        grad, low = (evaluate(x) for x in theorem.claim("pl").statement.args)
        assert grad.hi[0, 0] >= low.lo[0, 0] * (1 - 1e-10)
        broken["mu"] += bool(grad.hi[0, 0] < 2 * low.lo[0, 0])
    assert broken["K"] >= 5
    assert broken["mu"] >= 10


def test_witness_of_the_printed_alpha1_in_exact_arithmetic() -> None:
    """X = I: W* = Y = (4, 1)', W(0) = (4, 0)', balanced; least eigenvalue 4 at the start."""
    witness = xu25_thm32_linear_rate.UNEQUAL
    W1, W2, Y = (sympy.Matrix(witness[name]) for name in ("W1", "W2", "Y"))
    assert W1.T * W1 == W2 * W2.T
    gap = Y - W1 * W2
    beta1 = sympy.sqrt((Y.T * Y)[0]) - sympy.sqrt((gap.T * gap)[0])
    beta2 = sympy.sqrt((Y.T * Y)[0]) + sympy.sqrt((gap.T * gap)[0])
    least = min((W1 * W1.T).eigenvals()) + (W2.T * W2)[0]
    card = Card(
        Network(np.eye(2), *(np.array(witness[k], dtype=float) for k in ("Y", "W1", "W2"))),
        True,
        2.0,
    )
    e = sympy.Rational(card.eta_max()) / 100
    printed = 2 * beta1 + 2 * (2 * beta2) * (1 - sympy.exp(sympy.sqrt(e)))
    corrected = beta1 + 2 * (2 * beta2) * (1 - sympy.exp(sympy.sqrt(e)))
    assert printed > sympy.Rational(5, 4) * least
    assert corrected < least


@pytest.mark.parametrize(("n", "m", "h"), SHAPES)
def test_corrected_claims_hold_along_plain_runs(n: int, m: int, h: int) -> None:
    one = drawn(n, m, h, seed=11, margin=True)
    eta = Card(one).eta_max()
    run = [one]
    for _ in range(12):
        run.append(run[-1].after(eta))
    evaluate = evaluator(run, eta, PARAMETERS)
    checked = []
    for claim in (*xu25_thm32_linear_rate.corrected.claims, *xu25_thm31_local_rate.theorem.claims):
        if claim.id == "drift":
            continue
        left, right = (
            evaluate(side).broadcast_to((1, 13)).lo[0, claim.start : 12]
            for side in (claim.quantity, claim.bound)
        )
        small, large = (right, left) if claim.sense in (">=", ">") else (left, right)
        assert (small <= large + 1e-10 * np.abs(large)).all(), claim.id
        checked.append(claim.id)
    assert len(checked) == 10


def test_lemma_33_needs_the_width() -> None:
    """No margin: alpha1 > 0 at h = n + m on every draw, and at h = n on few."""
    positive = dict.fromkeys((3, 6), 0)
    for seed in range(40):
        for width in positive:
            rng = np.random.default_rng(seed)
            far = Network(
                np.eye(3), 100 * rng.standard_normal((3, 3)),
                rng.standard_normal((3, width)), rng.standard_normal((width, 3)),
            )  # fmt: skip
            evaluate = evaluator([far], 0.0, {})
            positive[width] += bool(evaluate(xu25_setting.alpha1).lo[0, 0] > 1e-9)
    assert positive[6] == 40
    assert positive[3] <= 4
    assert xu25_lem33_alpha_pos.theorem.claim("positive").kind.name == "almost surely"


def test_expm1_keeps_its_digits() -> None:
    evaluate: Any = evaluator([drawn(1, 1, 1, 0)], 1e-18, {})
    found = evaluate(expm1(s.eta))
    assert float(found.lo[0, 0]) == pytest.approx(1e-18, rel=1e-12)
    assert float(found.hi[0, 0]) == pytest.approx(1e-18, rel=1e-12)
