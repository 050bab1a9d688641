"""Faults of the kind that slip into the transcription of a theorem."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import sympy

from harness import Max, sqrt
from harness.symbols import (
    K,
    eta,
    grad_norm,
    lam1_D,
    lam1_mD,
    lamm_mD,
    lamn_D,
    loss,
    mu,
    norm_Y,
    product_grad,
    residual,
    smax_W,
    smax_W1,
    smax_W2,
    smin_W,
    smin_Y,
    tau_min,
)
from harness.vocabulary.definition import Definition, closure, substituted
from harness.vocabulary.symbol import Named
from harness.vocabulary.theorem import Theorem
from tests.quality.records import Alter, Fault
from theorems.convergence.imbalance import flat, tall, tau_max
from theorems.convergence.witnesses import ONE_WEIGHT_EACH, TIGHT
from theorems.convergence.xu23_setting import alpha0, alpha0_printed

DESCENT, LOCAL = "xu25_thm31_local_descent_pl@1", "xu25_thm31_local_rate@1"
SPECTRAL, LINEAR = "xu23_thm31_spectral@2", "xu23_thm32_linear_rate@2"
LEMMA, DRIFT, PROP31 = "xu23_lem31_onestep@1", "xu23_drift@1", "xu23_prop31@1"

SMALL_STEP: dict[str, Any] = {**ONE_WEIGHT_EACH, "step_size": 1e-6, "parameters": TIGHT}
UNBALANCED: dict[str, Any] = {**SMALL_STEP, "W1": [[2]], "W2": [[0.5]]}
"""n = m = h = 1, D = 3.75, W = 1, Y = 2: alpha0 = sqrt(D^2 + 4 W^2) = w1^2 + w2^2 = lambda_min."""
ABOVE: dict[str, Any] = {**SMALL_STEP, "W1": [[3]], "Y": [[1]]}
"""W = 3, Y = 1: sigma_max(W) = |Y| + |E| = p2."""
FITTED: dict[str, Any] = {**SMALL_STEP, "Y": [[1.0001]]}
"""n = m = h = 1, balanced, almost fitted: 2 W = lambda_max(tau) = upper(p2) almost."""


def definition(theorem: Theorem, name: str) -> Definition:
    """The definition of that name."""
    everything = closure(*theorem.expressions())
    return next(one for one in everything if isinstance(one, Definition) and one.name == name)


def redefined(name: str, change: Callable[[sympy.Expr], sympy.Expr]) -> Alter:
    """The theorem with one definition changed wherever it is used."""

    def alter(theorem: Theorem) -> Theorem:
        old = definition(theorem, name)
        return theorem.replacing({old: old.rebuilt(change)})

    return alter


def everywhere(changes: Mapping[Named, Any]) -> Alter:
    """The theorem with symbols replaced at every depth, all at once."""
    return lambda theorem: theorem.replacing(changes)


def restated(claim: str, change: Callable[[Theorem, Any], Any]) -> Alter:
    """The theorem with one claim stated otherwise."""

    def alter(theorem: Theorem) -> Theorem:
        claims = (
            dataclasses.replace(one, statement=change(theorem, one)) if one.id == claim else one
            for one in theorem.claims
        )
        return dataclasses.replace(theorem, claims=tuple(claims))

    return alter


def without(hypothesis: str) -> Alter:
    """The theorem with a hypothesis lost."""
    return lambda theorem: dataclasses.replace(
        theorem, hypotheses=tuple(one for one in theorem.hypotheses if one.id != hypothesis)
    )


def looser_bound(factor: float) -> Callable[[Theorem, Any], Any]:
    return lambda theorem, one: one.statement.func(one.quantity, factor * one.bound)


STRONGER = (
    Fault(
        "sign", "+ for - before the second-order term of the descent lemma", "draws", DESCENT,
        restated("descent", lambda t, c: (
            loss.next <= loss - eta * (1 + definition(t, "K_t") * eta / 2) * grad_norm**2)),
    ),
    Fault(
        "quarter-for-half", "K_t/4 for K_t/2 in the descent lemma", "draws", DESCENT,
        restated("descent", lambda t, c: (
            loss.next <= loss - eta * (1 - definition(t, "K_t") * eta / 4) * grad_norm**2)),
    ),
    Fault(
        "two-lost-in-drift", "eta^2 for 2 eta^2 in the one-step drift", "draws", DESCENT,
        restated("drift", looser_bound(0.5)),
    ),
    Fault(
        "eta-cubed", "eta^3 for eta^2 in the one-step drift", "draws", DESCENT,
        restated("drift", lambda t, c: c.quantity <= c.bound * eta),
    ),
    Fault(
        "loss-at-t", "the bound on L(t+1) stated for L(t)", "draws", LOCAL,
        restated("one-step", lambda t, c: substituted(c.statement, {loss.next: loss})),
    ),
    Fault(
        "product-to-t", "the product of rates runs to t instead of t-1", "draws", LINEAR,
        restated("product", lambda t, c: c.quantity <= c.bound * definition(t, "f")),
        pins={"steps": 3},
    ),
    Fault(
        "power-t-plus-1", "f^(t+1) for f^t", "draws", LINEAR,
        restated("geometric", lambda t, c: c.quantity <= c.bound * definition(t, "f0").at(0)),
        pins={"steps": 3},
    ),
    Fault("mu-and-K", "mu and K swapped", "draws", LOCAL, everywhere({mu: K, K: mu})),
    Fault(
        "square-lost", "sigma_max instead of sigma_max^2 in lambda_max(tau)", "draws", LOCAL,
        redefined("tau_max", lambda old: smax_W1 + smax_W2),
    ),
    Fault(
        "layer-lost", "lambda_max(tau) of one layer only", "draws", LOCAL,
        redefined("tau_max", lambda old: smax_W1**2),
    ),
    Fault(
        "factor-two-in-rate", "4 mu for 2 mu in the first coefficient of f", "draws", LINEAR,
        redefined("a1", lambda old: 2 * old),
    ),
    Fault(
        "residual-lost-in-reach", "p2 without the residual", "draws", SPECTRAL,
        redefined("p2", lambda old: norm_Y / sqrt(mu)),
    ),
    Fault(
        "residual-lost-in-margin", "p1 without the residual", "draws", SPECTRAL,
        redefined("p1", lambda old: smin_Y / sqrt(K)),
    ),
    Fault(
        "margin-sign", "+ for - before the residual in p1", "draws", SPECTRAL,
        redefined("p1", lambda old: Max(smin_Y + residual.at(0), 0) / sqrt(K)),
    ),
    Fault(
        "margin-by-sigma-min", "p1 divided by sigma_min(X)", "draws", SPECTRAL,
        redefined("p1", lambda old: Max(smin_Y - residual.at(0), 0) / sqrt(mu)),
    ),
    Fault(
        "reach-by-sigma-max", "p2 divided by sigma_max(X)", "draws", SPECTRAL,
        redefined("p2", lambda old: (norm_Y + residual.at(0)) / sqrt(K)),
    ),
    Fault(
        "wrong-norm", "sigma_min(Y) for |Y|_F in p2", "draws", SPECTRAL,
        redefined("p2", lambda old: (smin_Y + residual.at(0)) / sqrt(mu)),
    ),
    Fault(
        "lambda-n-for-lambda-m", "lambda_n(D) and lambda_m(-D) swapped", "draws", SPECTRAL,
        everywhere({lamn_D: lamm_mD, lamm_mD: lamn_D}),
    ),
    Fault(
        "D-sign", "lambda_1(D) and lambda_1(-D) swapped", "draws", SPECTRAL,
        everywhere({lam1_D: lam1_mD, lam1_mD: lam1_D}), draws=80,
    ),
    Fault(
        "sigma-n-for-sigma-m", "the margin counted in the wrong root of alpha0", "draws", SPECTRAL,
        everywhere({tall: flat, flat: tall}), draws=80,
    ),
    Fault(
        "alpha0-doubled", "the 1/2 lost in alpha0", "draws", SPECTRAL,
        redefined("alpha0", lambda old: 2 * old),
    ),
    Fault(
        "beta0-halved", "1/2 twice in beta0", "draws", SPECTRAL,
        redefined("beta0", lambda old: old / 2),
    ),
    Fault(
        "largest-for-least", "lambda_max(tau) for lambda_min(tau)", "draws", LEMMA,
        everywhere({tau_min: tau_max}),
    ),
    Fault(
        "skewness-lost", "the terms with |grad l| sigma_max(W) lost", "draws", LEMMA,
        everywhere({product_grad: 0 * product_grad}),
    ),
    Fault(
        "sign-of-r2", "- for + before eta^2 in rho", "draws", LEMMA,
        redefined("r2", lambda old: -old),
    ),
    Fault(
        "step-limit-hundredfold", "eta_max a hundred times too large", "draws", LINEAR,
        redefined("eta_max", lambda old: 100 * old),
    ),
    Fault(
        "kappa-squared", "1/kappa^2 for 1/kappa", "draws", PROP31,
        restated("rate", lambda t, c: c.quantity <= (mu / K) ** 2),
    ),
    Fault(
        "hypothesis-lost-lemma", "the condition on the step lost", "at the controls", LEMMA,
        without("short step"),
    ),
    Fault(
        "hypothesis-lost-rate", "eta K_t < 2 lost", "at the controls", LOCAL, without("short step"),
    ),
    Fault(
        "hypothesis-lost-linear", "eta <= eta_max lost", "at the controls", LINEAR,
        without("step limit"),
    ),
    Fault("c2-lost", "beta0 for c2 beta0", "formula", SPECTRAL, restated(
        "largest-eigenvalue", lambda t, c: c.quantity <= definition(t, "beta0"))),
    Fault("least-for-largest", "sigma_min(W) for sigma_max(W) in Lemma 3.1", "draws", LEMMA,
          everywhere({smax_W: smin_W}), draws=640),
)  # fmt: skip

WEAKER = (
    Fault(
        "half-lost-in-pl", "|grad|^2 for |grad|^2/2", "controls", DESCENT,
        restated("pl", lambda t, c: 2 * c.quantity >= c.bound),
    ),
    Fault(
        "factor-lost-in-rate", "mu for 2 mu in the first coefficient of rho", "controls", LEMMA,
        redefined("r1", lambda old: old / 2),
    ),
    Fault(
        "drift-four", "4 eta^2 for 2 eta^2 in the one-step drift", "controls", DESCENT,
        restated("drift", looser_bound(2.0)),
    ),
    Fault(
        "tau-halved", "lambda_min(tau)/2 for lambda_min(tau) in mu_t", "controls", LOCAL,
        everywhere({tau_min: tau_min / 2}),
    ),
    Fault(
        "delta-lost", "[lambda_n(D)]_+ + [lambda_m(-D)]_+ lost in alpha0", "attained", SPECTRAL,
        redefined("alpha0", lambda old: old.subs(
            next(one for one in old.free_symbols if one.name == "Delta_0"), 0)),
        claim="least-eigenvalue", witness=UNBALANCED,
    ),
    Fault(
        "alpha0-halved", "1/2 twice in alpha0", "attained", SPECTRAL,
        redefined("alpha0", lambda old: old / 2),
        claim="least-eigenvalue", witness=UNBALANCED,
    ),
    Fault(
        "beta0-doubled", "the 1/2 lost in beta0", "attained", SPECTRAL,
        redefined("beta0", lambda old: 2 * old),
        claim="largest-eigenvalue", witness=FITTED,
    ),
    Fault(
        "residual-twice", "the residual twice in p2", "attained", SPECTRAL,
        redefined("p2", lambda old: (norm_Y + 2 * residual.at(0)) / sqrt(mu)),
        claim="largest-singular-value", witness=ABOVE,
    ),
    Fault(
        "index-test-known-false", "the printed reading repaired by accident", "known false",
        "xu23_thm31_spectral@1", everywhere({alpha0_printed: alpha0}),
    ),
    Fault(
        "margin-dropped", "the printed reading with no margin at all", "known false",
        "xu23_thm32_linear_rate@1", redefined("p1", lambda old: 0 * old),
    ),
    Fault("step-limit-hundredth", "eta_max a hundred times too small", "nothing", LINEAR,
          redefined("eta_max", lambda old: old / 100)),
    Fault("eta-lost-in-K_t", "sqrt(2 K L) sigma^2 without its eta in K_t", "homogeneity", LOCAL,
          redefined("K_t", lambda old: (
              K * tau_max * (1 + 3 * sqrt(2 * K * loss)) + sqrt(2 * K * loss)
              + 6 * K**2 * smax_W * loss * eta**2))),
)  # fmt: skip
