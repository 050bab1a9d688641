"""Sharper claims about chance: which the replicates refute, and which they cannot."""

from __future__ import annotations

from collections.abc import Callable

from harness.controls.session import weigh
from harness.controls.worth import Worth
from harness.options import Options
from harness.session import selected
from tests.conftest import Write

COINS = '''"""A uniform number u: P(u > b) = 1 - b exactly."""
from sympy import Rational

from harness import Claim, Probability, Theorem, experiment, integers, symbol

k = symbol("k", "one", "configuration")
u = symbol("u", "a uniform number", "run")


@experiment(emits=[k, u], k=integers(1, 1))
def uniform(k, rng):
    return {u: float(rng.random())}


coins = Theorem(
    title="Coins",
    claims=[
        Claim("tight", 10 * u <= 9 * k, Probability(Rational(1, 8), "rng")),
        Claim("loose", u <= 2 * k, Probability(Rational(1, 8), "rng")),
        Claim("false", 10 * u <= 5 * k, Probability(Rational(1, 8), "rng")),
    ],
)
'''


def worths(write: Write, few: Callable[..., None]) -> dict[str, Worth]:
    few(1, 1, 0.9)
    options = Options()
    selection = selected([str(write(COINS, "coins.py"))], (), options)
    return {one.claim: one for one in weigh(selection, options)[1]}


def refuted(worth: Worth, kind: str) -> dict[str, bool]:
    return {
        o.change: o.refuted > 0 for o in worth.outcomes if o.control == "mutant" and o.kind == kind
    }


def test_mutants_of_a_probability(write: Write, few: Callable[..., None]) -> None:
    found = worths(write, few)
    # 10 % fail: half of 12.5 % is refuted, 99 % of it is not
    tight = refuted(found["tight"], "delta")
    assert tight["delta x 0.5"]
    assert not tight["delta x 0.99"]
    # with half the bound 55 % fail
    assert refuted(found["tight"], "scaled")["guarantee x 2"]
    # nothing fails at all, whatever the share
    assert not any(refuted(found["loose"], "delta").values())
    # at half of 2 k nothing fails yet either
    assert not any(refuted(found["loose"], "scaled").values())


def test_a_false_claim_credits_no_mutant(write: Write, few: Callable[..., None]) -> None:
    false = worths(write, few)["false"]
    assert not any(o.refuted for o in false.outcomes if o.control == "mutant")
