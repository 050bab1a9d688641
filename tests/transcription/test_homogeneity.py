"""Both sides scale alike: planted slips are named, and the rules are those of arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from harness import (
    Claim,
    Definition,
    Hypothesis,
    Max,
    Min,
    Parameter,
    Probability,
    Prod,
    Root,
    Scaling,
    Step,
    Theorem,
    Unknown,
    UsageError,
    exp,
    log,
    sqrt,
    symbol,
)
from harness.discovery import finder
from harness.symbols import K, eta, grad_norm, loss, mu, samples, smoothness, tau_min
from harness.transcription.homogeneity import misfits
from harness.vocabulary.definition import closure
from harness.vocabulary.operators import Sum

THEOREMS = [finder.theorem(header.ref) for header in finder.installed().theorems]

a = symbol("a", "of degree one", "run")
b = symbol("b", "of degree three", "run")
z = symbol("z", "a pure number", "run")
v = symbol("v", "of degree two, along a run")
c = Parameter("c", 0, 1, (0.5,))
x = Unknown("x")
UNITS = Scaling("units", {a: 1, b: 3, v: 2})


def theorem(statement: Any, **more: Any) -> Theorem:
    return Theorem(title="T", claims=[Claim("c", statement, **more)], scalings=[UNITS])


FITS = [
    a**3 <= b,
    a**3 * z <= b / 2,
    sqrt(a * b) <= v,
    a + sqrt(v) <= b ** sympy.Rational(1, 3),
    Max(a, 0) <= a,
    Min(v, a**2) * a <= b,
    exp(a * v / b - 1) <= z,
    log(a / sqrt(v)) ** 2 <= 1 - z,
    v.next <= (1 - z * a / sqrt(v)) * v,
    v <= Prod(1 - a**2 / v) * v.at(0),
    v <= (v / a**2) ** c * v.at(0),
    (a**2) ** c <= v**c,
    Sum(v) <= a**2,
    Definition("d", a * v).at(0) <= b,
    abs(a) <= sqrt(v),
    sympy.cosh(a**3 / b) >= z,
    Root("r", x**3 - b, x) <= a,
    Root("r", x * (1 + x * a) - v / b, x, low=z / a, high=2 / a) <= 1 / a,
    Root("r", exp(x * a) - 2, x, high=1 / a) <= 1 / a,
]


@pytest.mark.parametrize("statement", FITS)
def test_what_scales_alike_is_left_alone(statement: Any) -> None:
    assert misfits(theorem(statement)) == []


SLIPS = [
    (a**2 <= b, "claim c", "units^2 and units^3"),
    (a + v <= z * b, "claim c", "units^1 and units^2"),
    (Max(a, v) <= a, "claim c", "units^1 and units^2"),
    (sqrt(a) <= v, "claim c", "units^(1/2) and units^2"),
    (exp(a) <= z, "claim c", "“a” scales as units^1 where only a pure number"),
    (log(v / a) <= z, "claim c", "scales as units^1 where only"),
    (z ** (a / v) <= z, "claim c", "scales as units^-1 where only"),
    (v <= Prod(v) * v.at(0), "claim c", "units^2 and units^(2*t + 2)"),
    (Sum(v) <= a, "claim c", "units^2 and units^1"),
    (b <= z * Definition("d", a + v), "d", "units^1 and units^2"),
    (v**c <= b**c, "claim c", "units^(2*c) and units^(3*c)"),
    (Root("r", x**2 + x * a - b, x) <= z, "r", "scale as units^"),
    (Root("r", x**3 - b, x, high=v) <= a, "r", "units^2 and units^1"),
    (v >= Root("r", x**3 - b, x), "claim c", "units^2 and units^1"),
    (sympy.floor(a) <= 2 * b, "claim c", "“floor(a)” has no rule"),
]


@pytest.mark.parametrize(("statement", "place", "told"), SLIPS)
def test_a_slip_is_named_with_its_place(statement: Any, place: str, told: str) -> None:
    found = misfits(theorem(statement))
    assert any(one.startswith(f"scaling units, {place}: ") for one in found), found
    assert any(told in one for one in found), found


def test_a_definition_that_slips_is_named_once() -> None:
    d = Definition("d", a + v)
    inner = Definition("inner", d * a)
    both = Theorem(
        title="T",
        claims=[Claim("one", inner <= v), Claim("two", d <= a)],
        hypotheses=[Hypothesis("h", "", inner >= 0)],
        scalings=[UNITS],
    )
    assert len(misfits(both)) == 1


def test_every_part_of_a_theorem_is_looked_at() -> None:
    steady = Scaling("loss", {loss: 2, eta: -1})
    whole = Theorem(
        title="T",
        claims=[
            Claim("vacuous", loss.next <= loss, trivial=loss**2),
            Claim("chance", loss <= loss.at(0), kind=Probability(loss.at(0) / 2, "init")),
        ],
        hypotheses=[Hypothesis("short", "", eta * loss <= 1)],
        step=Step(limit=1 / loss, rules={"own": 1 / sqrt(loss), "bad": loss}),
        scalings=[steady],
    )
    places = [one.split(":")[0] for one in misfits(whole)]
    assert places == [
        "scaling loss, claim vacuous", "scaling loss, claim chance", "scaling loss, hypothesis short",
        "scaling loss, step limit", "scaling loss, step rule bad",
    ]  # fmt: skip


def test_without_scalings_nothing_is_said() -> None:
    assert misfits(Theorem(title="T", claims=[Claim("c", a <= v)])) == []


FIXED_UNITS = {
    "deep_ntk_schur_chain": "inputs of length 1",
    "hinf_spectrum": "inputs of length 1",
    "hinf_antipodal_nullity": "inputs of length 1",
    "hinf_circle_exact": "inputs of length 1",
    "nngp_first_order_correction": "moments over their limits",
    "nngp_fourth_moment_exact": "moments over their limits",
    "relu_layer_norm_law": "a length over another",
    "relu_ntk_diag": "the kernel over its limit",
    "relu_output_moments": "moments over their limits",
    "relu_ntk_diag_second_moment_exact": "the kernel over its limit",
    "two_layer_ntk_moments": "inputs of length 1",
    "two_layer_ntk_concentration": "inputs of length 1",
    "two_layer_ntk_law": "a number of neurons",
    "two_layer_ntk_chernoff": "inputs of length 1",
    "two_layer_ntk_width": "inputs of length 1",
    "hessian_norm_two_layer": "an activation",
    "peak_from_below": "risks over the variance of the noise, counts",
    "peak_from_above": "risks over the variance of the noise, counts",
    "interpolation_peak": "targets of variance 1",
    "interpolation_peak_trained": "targets of variance 1",
    "interpolation_peak_samples": "targets of variance 1",
    "hmrt_ridgeless": "variance over its limit",
    "heckel_yilmaz_epoch": "an order of growth",
    "ntk_drift_exponents": "an order of growth",
    "ntk_drift_root": "an order of growth",
    "mup_exponents": "an order of growth",
    "mei_montanari_rf": "a target of norm 1 and an activation",
    "bhx_trace_law": "inputs of variance 1",
    "bhx_trace_mean": "inputs of variance 1",
    "bhx_trace_variance": "inputs of variance 1",
    "bhx_peak_is_finite": "inputs of variance 1",
    "bhx_bias_law": "bias over its largest value",
    "gd_wishart_closed_form": "inputs of variance 1, risks over their start",
    "gd_flow_gap": "x = eta s is a pure number",
    "mulayoff21_minima_stability": "1 is what the output bias adds to the Hessian",
    "woodworth19_thm2": "exp(-d/(eps B_1)) and powers of B_1 bound the same alpha",
    "wu24_large_step_logistic": "log(1 + exp) fixes the loss, |z_i| <= 1 the data",
    "wu24_phase_transition": "the same loss and data",
}
"""Statements that hold in one system of units only, and what fixes it."""


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda one: one.ref)
def test_shipped_theorems_declare_scalings_and_follow_them(theorem: Theorem) -> None:
    assert bool(theorem.scalings) == (theorem.id not in FIXED_UNITS)
    assert misfits(theorem) == []


def named(theorem: Theorem, name: str) -> Definition:
    return next(
        one
        for one in closure(*theorem.expressions())
        if isinstance(one, Definition) and one.name == name
    )


PLANTED = [
    # a root of K lost, a square lost, a factor L(0) lost, two constants swapped
    ("xu23_thm31_spectral@2", "p1", lambda e: e / sqrt(K), "claim least-singular-value"),
    ("xu23_thm31_spectral@2", "p2", lambda e: e * sqrt(mu), "beta0"),
    ("xu23_thm31_spectral@2", "beta0", sqrt, "claim largest-eigenvalue"),
    ("xu23_thm32_linear_rate@2", "a2", lambda e: e / K, "d"),
    ("xu23_thm32_linear_rate@2", "a3", lambda e: e / sqrt(loss), "d"),
    ("xu23_claim_e1@1", "M", lambda e: e / loss.at(0), "c2"),
    ("xu25_thm31_local_rate@1", "K_t", lambda e: e + tau_min, "K_t"),
    ("xu25_thm32_linear_rate@2", "mubar", lambda e: e / mu, "claim local-pl"),
    ("xu25_eq104@1", "Kbar_t", lambda e: e / K, "d_bar"),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "name", "slip", "place"), PLANTED)
def test_a_slip_planted_in_a_shipped_definition_is_found(
    ref: str, name: str, slip: Any, place: str
) -> None:
    theorem = finder.theorem(ref)
    old = named(theorem, name)
    wrong = Definition(old.name, slip(old.expression), old.text, old.latex_name)
    found = misfits(theorem.replacing({old: wrong}))
    assert any(f", {place}: " in one for one in found), found


def test_a_lost_number_of_samples_is_found() -> None:
    theorem = finder.theorem("xu23_lem31_onestep")
    per_sample = theorem.replacing({K: K / samples})
    assert any(one.startswith("scaling samples, ") for one in misfits(per_sample))
    assert not any(one.startswith("scaling data, ") for one in misfits(per_sample))


@pytest.mark.parametrize(
    ("degrees", "told"),
    [
        ({a: 0.5}, "no exact number"),
        ({a: True}, "no exact number"),
        ({v.at(0): 1}, "without its time"),
        ({"a": 1}, "is no symbol"),
        ({a: 0.5 * z}, "no exact number"),
        ({a: z, z: 1}, "degree of a scales"),
        ({a: 0}, "changes nothing"),
        ({}, "changes nothing"),
    ],
)
def test_a_scaling_that_makes_no_sense_is_refused(degrees: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Scaling("units", degrees)


def test_a_degree_may_hold_a_number_that_stays() -> None:
    """A product of z factors a, to the power of one factor less."""
    layers = Scaling("layers", {a: 1, b: z})
    right = Claim("c", b ** ((z - 1) / z) <= a ** (z - 1))
    wrong = Claim("c", b ** ((z - 1) / z) <= a**z)
    assert misfits(Theorem(title="T", claims=[right], scalings=[layers])) == []
    assert misfits(Theorem(title="T", claims=[wrong], scalings=[layers]))


def test_units_of_the_descent_lemma() -> None:
    """|grad L|^2 must come with a step: the two have the units of a loss together."""
    units = Scaling("data", {loss: 2, grad_norm: 2, eta: -2, smoothness: 2})
    right = Claim("c", loss.next <= loss - eta / 2 * grad_norm**2)
    wrong = Claim("c", loss.next <= loss - eta / 2 * grad_norm)
    assert misfits(Theorem(title="T", claims=[right], scalings=[units])) == []
    assert misfits(Theorem(title="T", claims=[wrong], scalings=[units]))
