"""Experiments that are plain functions, and quantities a user adds to a shipped experiment."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from harness import (
    Claim,
    Eq,
    Theorem,
    UsageError,
    check,
    depending,
    experiment,
    integers,
    matrix,
    reals,
    solve,
    symbol,
    vector,
)
from harness.running.configuration import canonical, completed
from harness.running.functions import FunctionEngine
from harness.session import Options

n = symbol("n", "size", "configuration")
v = symbol("v", "value", "run")


def measured(returned: Any) -> tuple[float, float]:
    engine = FunctionEngine(lambda n: {v: returned}, ["n"])
    start = engine.initial([{"n": 1}], frozenset({"v"}))
    found = start.measured["v"]
    return float(found.value[0, 0]), float(found.error[0, 0])


def test_a_number_is_taken_to_be_rounded_and_a_whole_one_to_be_exact() -> None:
    assert measured(0.75) == (0.75, 0.75 * 2.0**-44)
    assert measured(3) == (3.0, 0.0)
    assert measured(np.int64(3)) == (3.0, 0.0)
    assert measured(True) == (1.0, 0.0)
    assert measured((0.75, 0.5)) == (0.75, 0.5)


def test_fractions_are_exact_and_a_tiny_one_is_not_taken_for_zero() -> None:
    assert measured(Fraction(3, 8)) == (0.375, 0.0)
    third, error = measured(Fraction(1, 3))
    assert abs(Fraction(third) - Fraction(1, 3)) <= error < 1e-16
    assert measured(Fraction(0)) == (0.0, 0.0)
    assert measured(Fraction(1, 10**400)) == (0.0, 2.0**-1074)
    assert measured(2**60) == (2.0**60, 0.0)
    whole, error = measured(2**60 + 1)
    assert abs(Fraction(whole) - 2**60 - 1) <= error < 2**10


def test_each_configuration_has_a_generator_of_its_own_seed() -> None:
    engine = FunctionEngine(lambda n, rng: {v: float(rng.random())}, ["n"])
    both = [{"n": 1, "seed": 5}, {"n": 2, "seed": 6}]
    together = engine.initial(both, frozenset({"v"})).measured["v"].value[:, 0]
    alone = engine.initial(both[1:], frozenset({"v"})).measured["v"].value[:, 0]
    assert together[1] == alone[0] == np.random.default_rng(6).random()
    assert together[0] == np.random.default_rng(5).random()


def test_the_arguments_of_the_function_are_its_axes() -> None:
    with pytest.raises(UsageError, match="must be the declared axes"):
        experiment(emits=[v], n=integers(1, 2))(lambda m: {v: m})
    declared = experiment(emits=[v], n=integers(1, 2))(lambda n, rng: {v: n})
    assert declared.randomness == ("rng",)


def test_a_symbol_of_the_configuration_needs_its_axis() -> None:
    m = symbol("m", "no axis", "configuration")
    with pytest.raises(UsageError, match="m is a symbol of the configuration and needs an axis"):
        experiment(emits=[m, v], n=integers(1, 2))(lambda n: {v: n, m: n})


@pytest.mark.parametrize(("error", "verdict"), [(0.0, "held"), (0.5, "held"), (2.0, "undecided")])
def test_a_stated_error_decides_between_held_and_undecided(error: float, verdict: str) -> None:
    @experiment(emits=[n, v], n=integers(1, 1))
    def shifted(n: int) -> dict[Any, Any]:
        return {v: (n - 1.0, error)}

    theorem = Theorem(title="T", claims=[Claim("c", v <= n)])
    (row,) = check(theorem, experiments=[shifted], options=Options(configuration={"n": 1})).rows
    assert row.finding.verdict == verdict


def test_a_symbol_that_the_function_forgets_is_named_in_a_broken_row() -> None:
    @experiment(emits=[n, v], n=integers(1, 2))
    def forgetful(n: int) -> dict[Any, Any]:
        return {}

    theorem = Theorem(title="T", claims=[Claim("c", v <= n)])
    report = check(theorem, experiments=[forgetful])
    assert {str(row.finding.verdict) for row in report.rows} == {"broken"}
    assert "v was not measured" in report.rows[0].finding.reason
    assert report.exit_code == 1


def test_the_harness_draws_inside_the_domain() -> None:
    seen: list[float] = []

    @experiment(emits=[v], x=reals(1e-3, 1e3, log=True))
    def spread(x: float) -> dict[Any, Any]:
        seen.append(x)
        return {v: x}

    check(Theorem(title="T", claims=[Claim("c", v <= 1e3)]), experiments=[spread])
    assert len(seen) == 80
    assert 1e-3 <= min(seen) < 1e-2
    assert 1e2 < max(seen) <= 1e3
    below = sum(math.log10(x) < 0 for x in seen)
    assert 25 <= below <= 55


OWN = """
import numpy as np
from harness import Claim, Theorem, symbol
from harness.catalogue import two_layer_linear
from harness.symbols import smax_W

total = symbol("total", "sum of the squares of the entries of W1 W2")

own_lab = two_layer_linear.measuring(
    total, lambda state: np.sum((state.W1 @ state.W2) ** 2, axis=(1, 2))
)
own = Theorem(title="O", claims=[
    Claim("spectral", total >= smax_W**2 * (1 - 1e-9)),
])
"""


def test_a_quantity_of_the_user_is_measured_on_a_shipped_experiment(
    cli: Any, few: Any, write: Any, tmp_path: Any, table: Any
) -> None:
    few(6)
    # a law whose product is far from zero, where both sides would be nothing but rounding
    pins = ("--set", "steps=2", "--set", "init=gaussian")
    found = cli("check", write(OWN, "own.py"), *pins, "--out", tmp_path / "out")
    assert found.code == 0, found.out + found.err
    rows = table(tmp_path / "out" / "checks.csv")
    assert {row["experiment"] for row in rows} == {"two_layer_linear"}
    assert {row["quantity"] for row in rows} == {"total"}
    assert {row["verdict"] for row in rows} == {"held"}


def test_only_what_changes_along_a_run_can_be_added() -> None:
    from harness.catalogue import two_layer_linear

    with pytest.raises(UsageError, match="scope “step”"):
        two_layer_linear.measuring(v, lambda state: state.X)


def test_a_bound_may_be_a_fraction_that_stands_alone() -> None:
    from sympy import Rational

    @experiment(emits=[v], n=integers(0, 2))
    def thirds(n: int) -> dict[Any, float]:
        return {v: n / 2}

    bounded = Theorem(title="T", claims=[Claim("third", v <= Rational(1, 3))])
    report = check(bounded, experiments=[thirds], options=Options(seed=1))
    verdicts = {row.configuration: str(row.finding.verdict) for row in report.rows}
    assert verdicts == {'{"n":0}': "held", '{"n":1}': "violated", '{"n":2}': "violated"}


def test_whole_numbers_on_a_real_axis_are_floats() -> None:
    space = {
        "n": integers(1, 9),
        "x": reals(0, 9),
        "A": matrix(2, 1, reals(0, 9)),
        "b": depending(lambda before: vector(before["n"], reals(0, 9))),
    }
    declared = experiment(emits=[v], **space)(lambda n, x, A, b: {v: x})
    theorem = Theorem(title="A value", provenance="derived", claims=[Claim("c", v <= 9)])
    given = {"n": 2, "x": 3, "A": [[1], [2]], "b": [0, 4]}
    found = canonical(completed(declared, theorem, given))
    assert found == '{"A":[[1.0],[2.0]],"b":[0.0,4.0],"n":2,"x":3.0}'


@pytest.mark.parametrize(
    ("returned", "verdict"),
    [(1 + 1e-10, "undecided"), (1 + 1e-6, "violated"), ((1 + 1e-10, 0.0), "violated")],
)
def test_where_no_balls_can_be_had_assumed_rounding_may_hide_half_of_the_digits(
    returned: Any, verdict: str
) -> None:
    @experiment(emits=[n, v], n=integers(1, 1), x=reals(0, 1))
    def unusual(n: int, x: Any) -> dict[Any, Any]:
        x.is_integer()  # floats only
        return {v: returned}

    theorem = Theorem(title="T", claims=[Claim("c", v <= n)])
    given = Options(configuration={"n": 1, "x": 0.5})
    (row,) = check(theorem, experiments=[unusual], options=given).rows
    assert (row.finding.verdict, row.finding.certified) == (verdict, "")


def test_a_badly_conditioned_system_is_settled_by_balls() -> None:
    @experiment(emits=[n, v], n=integers(1, 1), x=reals(0, 1), y=vector(2, reals(-1, 1)))
    def fitted(n: int, x: Any, y: Any) -> dict[Any, Any]:
        # a scalar product of arrays is a number for balls, too; the exact answer is y.y
        side = np.array([1, x])
        gram = [[side @ side, 1], [1, 1 / (side @ side) + x * x * x * x]]
        w = solve(gram, list(np.array(y)))
        total = sum(y[i] * (gram[i][0] * w[0] + gram[i][1] * w[1]) for i in range(2))
        return {v: total / (np.array(y) @ np.array(y))}

    theorem = Theorem(title="T", claims=[Claim("c", Eq(v, n))])
    given = Options(configuration={"n": 1, "x": 1e-3, "y": [0.7, -0.3]})
    (row,) = check(theorem, experiments=[fitted], options=given).rows
    assert abs(row.finding.value - 1) > 2.0**-40  # floats lose more than is assumed of them
    assert row.finding.verdict == "held"
