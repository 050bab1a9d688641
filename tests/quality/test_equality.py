"""No false alarm where both sides are equal: attained bounds, identities, one value by two routes.

Equality is never a violation, whatever rounding makes of the two sides; an excess that rounding
cannot explain is one, however small.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import Claim, Eq, Theorem, check, experiment, integers, sqrt, symbol
from harness.catalogue import two_layer_linear
from harness.discovery import finder
from harness.judging.row import Finding
from harness.options import Options
from harness.sampling.plan import PROFILES, missing
from harness.symbols import (
    K,
    distance,
    grad_norm,
    loss,
    product_grad,
    residual,
    smax_W,
    smax_W1,
    smax_W2,
    tau_min,
)
from harness.vocabulary.theorem import Theorem as Record

n = symbol("n", "size", "configuration")
a = symbol("a", "one route", "run")
b = symbol("b", "another route", "run")
LATEST = list({one.id: finder.theorem(one.ref) for one in finder.installed().theorems}.values())
SENSES: dict[str, Any] = {"<=": a <= b, ">=": a >= b, "==": Eq(a, b), "<": a < b, ">": a > b}
UNIT = 2.0**-53

Pair = tuple[float, float]


def judged(sense: str, left: Pair, right: Pair) -> str:
    """The verdict on two numbers with their rounding bounds."""

    @experiment(emits=[n, a, b], n=integers(1, 1))
    def planted(n: int) -> Mapping[Any, Any]:
        return {a: left, b: right}

    theorem = Theorem(title="T", claims=[Claim("c", SENSES[sense])])
    report = check(theorem, experiments=[planted], options=Options(configuration={"n": 1}))
    return str(report.rows[0].finding.verdict)


def examples(count: int) -> Callable[[Any], Any]:
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


NUMBERS = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
SIZES = st.sampled_from([1e-250, 1e-30, 1.0, 1e30, 1e250])
ERRORS = st.sampled_from([0.0, 1e-16, 1e-13, 1e-9, 0.1])
SHIFTS = st.sampled_from([0.0, 2.0**-52, 1e-15, 1e-13, 1e-12, 1e-9, 1e-3])


def test_the_verdict_follows_from_the_exact_ranges_of_both_sides(effort: int) -> None:
    """Reference in rational arithmetic: where the difference lies, given both rounding bounds."""

    @examples(40 * effort)
    @given(NUMBERS, SIZES, ERRORS, ERRORS, SHIFTS, st.sampled_from([-1, 1]))
    def checked(x: float, size: float, e: float, f: float, shift: float, sign: int) -> None:
        left, right = (
            (x * size, abs(x * size) * e),
            (x * size * (1 + sign * shift), abs(x * size) * f),
        )
        middle = Fraction(right[0]) - Fraction(left[0])
        reach = Fraction(left[1]) + Fraction(right[1])
        low, high = middle - reach, middle + reach
        # the harness rounds outward: allow it a few units in the last place to be sure
        slack = 8 * Fraction(UNIT) * (abs(Fraction(left[0])) + abs(Fraction(right[0])) + reach)
        for sense in SENSES:
            verdict = judged(sense, left, right)
            apart = {"<=": high, "<": high, ">=": -low, ">": -low}.get(sense)
            if sense == "==":
                outside, surely = low > 0 or high < 0, low > slack or high < -slack
            else:
                strict = sense in ("<", ">")
                outside = apart <= 0 if strict else apart < 0
                surely = apart < -slack
            if verdict == "violated":
                assert outside
            if surely:
                assert verdict == "violated"
            if sense in ("<", ">") and low <= 0 <= high:
                assert verdict != "held"

    checked()


def test_one_sum_by_two_routes_is_never_violated(effort: int) -> None:
    """math.fsum is correctly rounded; n additions from left to right err by gamma_n sum |x|."""

    @examples(25 * effort)
    @given(st.lists(NUMBERS, min_size=2, max_size=30), SIZES)
    def summed(numbers: list[float], size: float) -> None:
        terms = [one * size for one in numbers]
        total = 0.0
        for one in terms:
            total += one
        count = len(terms) * UNIT
        left = total, 1.01 * count / (1 - count) * math.fsum(map(abs, terms))
        right = math.fsum(terms), abs(math.fsum(terms)) * UNIT
        for sense in ("<=", ">=", "=="):
            assert judged(sense, left, right) != "violated"
            assert judged(sense, right, left) != "violated"
        # what lies beyond those bounds is no rounding any more
        beyond = 1e-9 * math.fsum(map(abs, terms))
        assert judged("<=", (left[0] + beyond, left[1]), right) == "violated"
        assert judged("==", (left[0] - beyond, left[1]), right) == "violated"

    summed()


@pytest.mark.parametrize("size", [1e-300, 1e-5, 1.0, 3e7, 1e300])
def test_one_unit_in_the_last_place_inside_the_rounding_is_no_violation(size: float) -> None:
    next_up = math.nextafter(size, math.inf)
    for left, right in ((next_up, size), (size, next_up)):
        for sense in ("<=", ">=", "=="):
            tracked = judged(sense, (left, 2 * (next_up - size)), (right, 0.0))
            assert tracked == "held"
    assert judged("<=", (next_up, 0.0), (size, 0.0)) == "violated"
    assert judged("<=", (size, 0.0), (size, 0.0)) == "held"
    assert judged("<", (size, 0.0), (size, 0.0)) == "violated"
    assert judged(">", (size, 0.0), (size, 0.0)) == "violated"
    assert judged("<", (size, size * UNIT), (size, 0.0)) == "undecided"


WEIGHTS = st.floats(-2, 2).map(lambda one: round(one, 3)).filter(lambda one: abs(one) > 0.01)


def one_weight_each(x: float, y: float, w1: float, w2: float) -> dict[str, Any]:
    return {
        "data": "given", "X": [[x]], "Y": [[y]], "init": "given", "W1": [[w1]], "W2": [[w2]],
    }  # fmt: skip


def finding(theorem: Record, claim: str, **configuration: Any) -> Finding:
    alone = dataclasses.replace(theorem, claims=(theorem.claim(claim),), controls=())
    report = check(alone, options=Options(configuration=configuration))
    return report.rows[0].finding


def test_pl_is_an_equality_for_single_weights(effort: int) -> None:
    """1/2 |grad L|^2 = x^2 (w1^2 + w2^2) (y - x w1 w2)^2 / 2 = mu_t L, for every x, y, w1, w2."""
    theorem = finder.theorem("xu25_thm31_local_descent_pl")

    @examples(25 * effort)
    @given(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS)
    def equal(x: float, y: float, w1: float, w2: float) -> None:
        found = finding(theorem, "pl", **one_weight_each(x, y, w1, w2), step_size=0.01, steps=3)
        assert found.verdict in ("held", "vacuous"), found

    equal()


def test_the_drift_bound_is_attained_with_one_layer_at_zero(effort: int) -> None:
    """|D(1) - D(0)| = eta^2 (x y w)^2 = 2 eta^2 K w^2 L(0) for w1 = 0 or w2 = 0."""
    theorem = finder.theorem("xu25_thm31_local_descent_pl")

    @examples(25 * effort)
    @given(WEIGHTS, WEIGHTS, WEIGHTS, st.booleans())
    def attained(x: float, y: float, w: float, first: bool) -> None:
        layers = (w, 0.0) if first else (0.0, w)
        found = finding(theorem, "drift", **one_weight_each(x, y, *layers), step_size=0.01)
        assert found.verdict == "held"
        assert found.certified == "equality"

    attained()


@pytest.mark.parametrize(
    ("claim", "target", "weight"),
    [("largest-singular-value", 1.0, 3.0), ("least-singular-value", 3.0, 1.0)],
)
def test_margin_and_reach_are_attained_at_the_start(
    claim: str, target: float, weight: float
) -> None:
    """n = m = h = 1, x = 1: p2 = y + (w - y) = w for w > y, and p1 = y - (y - w) = w for w < y."""
    theorem = finder.theorem("xu23_thm31_spectral")
    configuration = one_weight_each(1.0, target, weight, 1.0)
    found = finding(theorem, claim, **configuration, step_size=1e-6, steps=3)
    assert (found.verdict, found.ratio) == ("held", 1.0)


SINGLE = {"features": 1, "outputs": 1, "width": 1, "init": "gaussian"}
IDENTITIES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "loss": (loss, residual**2 / 2, {}),
    "rank one": (smax_W, smax_W1 * smax_W2, {"width": 1, "init": "gaussian"}),
    "one input": (residual, sqrt(K) * distance, {"features": 1, "init": "gaussian"}),
    "single weights": (grad_norm, product_grad * sqrt(smax_W1**2 + smax_W2**2), SINGLE),
    "least of T": (tau_min, smax_W1**2 + smax_W2**2, SINGLE),
}
"""Equal by algebra; measured and certified by different routes."""


def all_senses(left: Any, right: Any) -> Record:
    senses = {"above": left >= right, "below": left <= right, "equal": Eq(left, right)}
    return Theorem(title="T", claims=[Claim(name, one) for name, one in senses.items()])


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Counter[str]]:
    """Verdicts of every claim of a theorem on draws with some axes pinned."""

    def call(theorem: Record, draws: int, pins: Mapping[str, Any]) -> Counter[str]:
        profile = dataclasses.replace(PROFILES["quick"], draws=draws)
        monkeypatch.setitem(PROFILES, "quick", profile)
        report = check(theorem, options=Options(fixed=pins))
        return Counter(str(row.finding.verdict) for row in report.rows)

    return call


@pytest.mark.parametrize(("left", "right", "pins"), IDENTITIES.values(), ids=IDENTITIES.keys())
def test_an_identity_holds_in_every_sense(
    counted: Any, effort: int, left: Any, right: Any, pins: dict[str, Any]
) -> None:
    pins = {"loss": "squared", "data": "gaussian", **pins, "steps": 2, "step_size": 0.01}
    found = counted(all_senses(left, right), 15 * effort, pins)
    assert found.keys() == {"held"}


@pytest.mark.parametrize("excess", [1e-12, 1e-9])
@pytest.mark.parametrize(("left", "right", "pins"), IDENTITIES.values(), ids=IDENTITIES.keys())
def test_an_excess_that_rounding_cannot_explain_is_violated(
    counted: Any, effort: int, left: Any, right: Any, pins: dict[str, Any], excess: float
) -> None:
    pins = {"loss": "squared", "data": "gaussian", **pins, "steps": 2, "step_size": 0.01}
    theorem = Theorem(title="T", claims=[Claim("c", left * (1 + excess) <= right)])
    found = counted(theorem, 15 * effort, pins)
    assert found.keys() == {"violated"}


ON_NETWORKS = [one for one in LATEST if not missing(one, two_layer_linear)]


@pytest.mark.parametrize("theorem", ON_NETWORKS, ids=lambda theorem: theorem.ref)
def test_no_theorem_fails_where_its_inequalities_are_equalities(
    counted: Any, effort: int, theorem: Record
) -> None:
    """n = m = h = 1: most of the inequalities that the proofs chain together are equalities."""
    pins = {
        "features": 1, "outputs": 1, "samples": 1, "width": 1, "data": "given", "init": "given",
        "loss": "squared",
    }  # fmt: skip
    found = counted(theorem, 3 * effort, pins)
    assert not found.keys() & {"violated", "broken"}
