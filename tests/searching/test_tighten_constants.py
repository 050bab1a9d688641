"""Single constants whose best values are known in closed form: numbers, exponents, names, steps."""

from __future__ import annotations

import dataclasses
import math

import pytest
import sympy

from harness import Claim, Definition, Eq, Hypothesis, Step, Theorem, UsageError, experiment, reals
from harness.discovery import finder
from harness.searching.constants import leading, located
from harness.searching.tighten import tighten
from harness.symbols import eta, loss
from harness.vocabulary.verdict import Verdict
from tests.searching.conftest import left_side, right_side, twins

two = Definition("two_there", 2)
half = Step(limit=sympy.Rational(1, 2))
short = Hypothesis("short", "the step is at most 1/2", eta <= sympy.Rational(1, 2))


def _alone(statement: sympy.Basic, **more: object) -> Theorem:
    made = Theorem(title="t", claims=[Claim("bound", statement)])
    return dataclasses.replace(made, id="t", **more)


# both sides measure the same number a, anywhere in 0.5 .. 3
SINGLE = [
    # a <= 2 f a + 1 fails at a = 3 for f < 1/3
    (left_side <= 2 * right_side + 1, "2", 1 / 3, 2 / 3, 1),
    # both 2s: a <= 2 f a + 2 f fails at a = 3 for f < 3/8
    (left_side <= 2 * right_side + 2, "2", 3 / 8, 3 / 4, 2),
    # the number in a denominator: a <= a / (2 f) + 1.6 fails at a = 3 for f > 15/14
    (left_side <= right_side / 2 + 1.6, "2", 15 / 14, 15 / 7, 1),
    # a <= 3 a^(2 f) fails at a = 1/2 once f > (1 + log2(3)) / 2
    (left_side <= 3 * right_side**2, "^2", (1 + math.log2(3)) / 2, 1 + math.log2(3), 1),
    (left_side <= two * right_side, "two_there", 1 / 2, 1, 1),
    # not in the bound as written, but in a definition that it is made of
    (left_side <= two * right_side, "2", 1 / 2, 1, 1),
    (left_side <= 1.5 * right_side, "1.5", 2 / 3, 1, 1),
    (left_side <= 1.5 * right_side, "3/2", 2 / 3, 1, 1),
]


@pytest.mark.parametrize(("statement", "name", "factor", "constant", "places"), SINGLE)
def test_a_single_constant(
    statement: sympy.Basic, name: str, factor: float, constant: float, places: int
) -> None:
    bracket = tighten(_alone(statement), "bound", twins, constant=name, budget=300)
    assert bracket.needed == pytest.approx(factor, rel=1e-3)
    # never on the side where the claim is true
    assert bracket.needed <= factor if factor < 1 else bracket.needed >= factor
    assert bracket.needed_constant == pytest.approx(constant, rel=1e-3)
    assert bracket.places == places
    assert bracket.example is not None
    assert bracket.example.finding.verdict is Verdict.VIOLATED
    assert bracket.row is not None
    assert bracket.row.finding.verdict is Verdict.HELD
    assert bracket.gap == pytest.approx(max(factor, 1 / factor), rel=1e-3)


def test_a_false_claim_needs_no_other_constant() -> None:
    bracket = tighten(
        _alone(left_side <= 0.9 * right_side), "bound", twins, constant="0.9", budget=50
    )
    assert bracket.needed == 1
    assert bracket.row is not None
    assert bracket.row.finding.verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("statement", "needed", "constant"),
    [
        # promised -a/2, measured -a: twice as much could be promised
        (-left_side <= -right_side / 2, 1 / 2, 1),
        # -a >= -4 a: a quarter is needed
        (-left_side >= -4 * right_side, 1 / 4, 1),
    ],
)
def test_bounds_below_zero(statement: sympy.Basic, needed: float, constant: float) -> None:
    bracket = tighten(_alone(statement), "bound", twins, budget=200)
    assert needed * 0.999 < bracket.needed < needed
    assert bracket.needed_constant == pytest.approx(constant, rel=1e-3)


def test_zero_against_zero_says_nothing() -> None:
    @experiment(emits=[left_side, right_side], a=reals(0, 1))
    def from_zero(a: float) -> dict[object, float]:
        return {left_side: a, right_side: 2 * a}

    bracket = tighten(_alone(left_side <= right_side), "bound", from_zero, budget=200)
    assert 0.4999 < bracket.needed < 0.5


def test_a_zero_rounded_below_zero_turns_no_claim_around() -> None:
    @experiment(emits=[left_side, right_side], a=reals(0, 1))
    def nearly_nothing(a: float) -> dict[object, float]:
        near = {left_side: -1e-17, right_side: -1.1e-17}
        return {left_side: 2 * a, right_side: a} if a > 0.25 else near

    bracket = tighten(_alone(left_side >= right_side), "bound", nearly_nothing, budget=200)
    # the bound could be twice as large; where both are zeros, rounded, no factor means anything
    assert math.isnan(bracket.needed) or 0.4999 < bracket.needed < 0.5


def test_the_least_step_beyond_the_limit() -> None:
    # the claim speaks of the step alone: 1/2 is allowed, 3/4 would be too
    theorem = _alone(eta <= sympy.Rational(3, 4), hypotheses=(short,), step=half)
    two_layers = next(one for one in finder.experiments() if one.id == "two_layer_linear")
    bracket = tighten(theorem, "bound", two_layers, lambda _: theorem, constant="step", budget=60)
    assert bracket.needed == pytest.approx(1.5, rel=0.02)
    assert bracket.needed > 1.5
    assert bracket.row is not None
    # the theorem as printed does not speak there
    assert bracket.row.finding.verdict is Verdict.VOID
    assert bracket.row.step_size == pytest.approx(bracket.example.step_size, rel=1e-12)


def test_only_what_limits_the_step_is_relaxed() -> None:
    descends = Hypothesis("descends", "the loss falls by eta", loss.next <= loss - eta)
    constant = Hypothesis("constant", "the step never changes", Eq(eta, eta.at(0)))
    theorem = _alone(loss <= 1, hypotheses=(short, descends, constant))
    relaxed = located(theorem, "step").changed(sympy.Integer(2)).hypotheses
    assert relaxed[0].predicate == (eta <= 1)
    assert relaxed[1:] == (descends, constant)
    squared = _alone(loss <= 1, hypotheses=(Hypothesis("s", "squared", eta**2 <= 1),))
    (quarter,) = located(squared, "step").changed(sympy.Integer(2)).hypotheses
    assert quarter.relations[0].rhs == 1
    assert quarter.relations[0].lhs == eta**2 / 4
    with pytest.raises(UsageError, match="no hypothesis that limits the step"):
        located(_alone(loss <= 1, hypotheses=(descends, constant)), "step")


@pytest.mark.parametrize("name", ["7", "0", "2/0", "^3", "-2", "", "^", "nan", "right"])
def test_what_is_no_constant(name: str) -> None:
    with pytest.raises(UsageError, match="no constant"):
        located(_alone(left_side <= 2 * right_side**2), name)


def test_an_exponent_is_no_number_of_the_bound() -> None:
    theorem = _alone(left_side <= 2 * right_side**2)
    halved = sympy.Rational(1, 2)
    assert located(theorem, "2").changed(halved).claims[0].bound == right_side**2
    assert located(theorem, "^2").changed(halved).claims[0].bound == 2 * right_side


@pytest.mark.parametrize(
    ("promised", "number"),
    [
        (60 * right_side, 60), (right_side / 3, 1 / 3), (-2 * right_side, 2), (right_side + 2, 1),
        (sympy.Float(0.49), 0.49), (Definition("d", two), 2), (sympy.Integer(0), 1),
    ],
)  # fmt: skip
def test_the_number_in_front(promised: sympy.Expr, number: float) -> None:
    assert leading(promised) == pytest.approx(number, rel=1e-15)
