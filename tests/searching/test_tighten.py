"""Tighten: constants known in closed form, certified, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from harness import Claim, Eq, Min, Parameter, Theorem, UsageError
from harness.discovery import finder
from harness.searching.tighten import tighten
from harness.vocabulary.verdict import Verdict
from tests.conftest import Cli, Write
from tests.searching.conftest import Case, left_side, peak, right_side, sums, three_numbers, twins

FILE = '''
"""x <= 2 y where x = y."""
from harness import Claim, Eq, Theorem, experiment, reals, symbol

x = symbol("x_there", "a number", "run")
y = symbol("y_there", "the same number", "run")


@experiment(emits=[x, y], a=reals(0.5, 3))
def same(a):
    return {x: a, y: a}


doubled = Theorem(title="At most twice", claims=[Claim("twice", x <= 2 * y), Claim("eq", Eq(x, y))])
'''


def test_the_factor_of_an_upper_bound(twice: Case) -> None:
    bracket = tighten(twice[0], "twice", twice[1], budget=200)
    assert 0.4999 <= bracket.needed < 0.5
    assert bracket.gap == pytest.approx(2, rel=1e-3)
    assert bracket.example is not None
    assert bracket.example.finding.verdict is Verdict.VIOLATED
    assert bracket.row is not None
    assert bracket.row.finding.verdict is Verdict.HELD
    assert bracket.alive == 1


def test_the_worst_configuration_is_searched_for() -> None:
    # on [-4, 4]^3 the sum is at most 3 times the largest entry, if that is positive: needed 1
    claim = Claim("mean", sums <= 20)
    theorem = dataclasses.replace(Theorem(title="t", claims=[claim]), id="t")
    bracket = tighten(theorem, "mean", three_numbers, budget=1500)
    assert bracket.needed == pytest.approx(12 / 20, rel=1e-3)
    assert bracket.needed < 12 / 20


def test_the_factor_of_a_lower_bound() -> None:
    theorem = dataclasses.replace(
        Theorem(title="t", claims=[Claim("below", left_side >= right_side / 4)]), id="t"
    )
    bracket = tighten(theorem, "below", twins, budget=200)
    # needed: a guarantee a / (4 c) fails as soon as c < 1/4
    assert 0.2499 <= bracket.needed < 0.25


def test_beyond_a_trivial_value_the_progress_counts() -> None:
    claim = Claim("gain", left_side <= 3 * right_side, trivial=5 * right_side)
    theorem = dataclasses.replace(Theorem(title="t", claims=[claim]), id="t")
    bracket = tighten(theorem, "gain", twins, budget=200)
    # promised 5a - 3a, measured 5a - a: half of it is certainly needed
    assert 0.4999 <= bracket.needed < 0.5


def test_where_nothing_is_promised_no_guarantee_is_scaled() -> None:
    # gained u = a - 1, promised u/2; for u < 0 as much as 2u is allowed, which is no promise
    u = right_side - 1
    bound = 5 - Min(u / 2, 2 * u)
    claim = Claim("gain", 6 - left_side <= bound, trivial=5)
    theorem = dataclasses.replace(Theorem(title="t", claims=[claim]), id="t")
    bracket = tighten(theorem, "gain", twins, budget=200)
    assert 0.4999 <= bracket.needed < 0.5


def test_a_false_claim_needs_more_than_is_printed() -> None:
    # promised 1 - 12.4 eta where the loss falls by 1 - 8 eta, with c1 = 0.99: see the theorem
    theorem = finder.theorem("xu23_thm32_linear_rate@1")
    bracket = tighten(theorem, "one-step", budget=20)
    assert 1.4 < bracket.needed < 1.6
    assert bracket.certified
    assert bracket.row is not None
    assert bracket.row.finding.verdict is Verdict.VIOLATED


def test_one_constant_alone() -> None:
    c = Parameter("c_there", 0, 10, grid=(1.0,))
    claim = Claim("both", left_side <= c * right_side + 1)
    theorem = dataclasses.replace(Theorem(title="t", claims=[claim]), id="t")
    pinned = dataclasses.replace(twins, axes=twins.axes)
    bracket = tighten(theorem, "both", pinned, constant="c_there", budget=3000)
    # a <= k c a + 1 on a <= 3, c > 0.01: violated for some c however large k is; the least that
    # certainly breaks it at c near its lower end lies on the printed side
    assert bracket.needed > 0
    assert bracket.example is not None
    assert bracket.example.finding.verdict is Verdict.VIOLATED


@pytest.mark.parametrize("constant", [None, "no_such_constant"])
def test_refusals(constant: str | None) -> None:
    equality = Theorem(title="t", claims=[Claim("eq", Eq(left_side, right_side))])
    bounded = Theorem(title="t", claims=[Claim("le", peak <= 4)])
    theorem, claim = (equality, "eq") if constant is None else (bounded, "le")
    own = twins if constant is None else three_numbers
    with pytest.raises(UsageError, match="constant"):
        tighten(theorem, claim, own, constant=constant, budget=10)


def test_the_command_writes_the_gap_table(cli: Cli, write: Write, tmp_path: Path, table) -> None:
    path = write(FILE, "doubled.py")
    out = tmp_path / "out"
    done = cli("tighten", path, "--budget", 100, "--out", out)
    assert done.code == 0
    assert "printed: C = 2; certified needed: c >= 0.999998, x 0.499999" in done.out
    # the equality has no constant and is left out
    (row,) = table(out / "gap.csv")
    assert (row["theorem"], row["claim"], row["printed"]) == ("doubled", "twice", "1.0")
    assert float(row["gap"]) == pytest.approx(2, rel=1e-3)
    assert float(row["alive_share"]) == 1
    assert row["evaluations"] == "100"
    assert 0.5 <= json.loads(row["config"])["a"] <= 3
    assert row["reproduce"].startswith("boundcheck check ")
    assert (float(row["printed_constant"]), float(row["needed_constant"])) == (2, 0.999998)
    assert (row["certified"], row["rule"]) == ("violated", "ball")


@pytest.mark.parametrize(
    "words",
    [
        ("--budget", 0), ("--seconds", 0), ("--claim", "none"), ("--constant", "none"),
        ("--claim", "eq"), ("--jobs", 0), ("--constant", "7"), ("--constant", "2/0"),
        ("--constant", "^3"), ("--constant", "step"), ("--constant", "0"), ("--constant", "-2"),
        ("--markdown", "no/such/folder/gaps.md"), ("--markdown", "."),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(cli: Cli, write: Write, tmp_path: Path, words) -> None:
    done = cli("tighten", write(FILE, "doubled.py"), *words, "--out", tmp_path / "out")
    assert done.code == 2
    assert done.sentence
    assert not (tmp_path / "out" / "gap.csv").exists()
