"""Our own verdicts on chance, by simulation: false alarms at the level, power where promised.

Seeds are pinned. A count of alarms is accepted up to the quantile that a rule exactly at its
nominal rate exceeds with probability 1e-6 (binomial), a count of successes likewise from below;
so each of these tests fails of itself, over all seeds, with probability below 1e-6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from harness import Claim, Probability, Theorem, Verdict, experiment, integers, stress, symbol
from harness.judging.chance import PLANNING_LEVEL, replicates_for
from harness.judging.evidence import (
    below_by_second_moment,
    catoni,
    fewer_failures,
    mean_above,
    more_failures,
    p_value,
)
from harness.judging.laws import judge_law, law_replicates
from harness.judging.means import Facts, judge_mean, mean_replicates
from harness.judging.nights import Key, enter
from harness.judging.row import Finding, Row
from harness.judging.slopes import judge_exponent
from harness.judging.statistics import LEVEL, binomial_p_value, holm, supports

FALSE_FAILURE = 1e-6
Record = Callable[[str, object], None]
Floats = Any


def at_most_nominal(alarms: int, repetitions: int, nominal: float) -> bool:
    return alarms <= binom.isf(FALSE_FAILURE, repetitions, nominal)


def at_least_promised(successes: int, repetitions: int, promised: float) -> bool:
    return bool(successes >= binom.ppf(FALSE_FAILURE, repetitions, promised))


def p_values(counts: Floats, runs: int, delta: float) -> Floats:
    """The p-value of each count, each worked out once."""
    known = {count: binomial_p_value(int(count), runs, delta) for count in np.unique(counts)}
    return np.vectorize(known.__getitem__)(counts)


def share(values: Iterable[bool]) -> tuple[int, int]:
    found = list(values)
    return sum(found), len(found)


@pytest.mark.parametrize("delta", [0.01, 0.05, 0.2])
def test_a_run_of_true_claims_seldom_has_a_false_alarm(
    record_property: Record, effort: int, delta: float
) -> None:
    """Twenty claims true exactly at delta, Holm: at most one run in a hundred has any alarm."""
    claims, repetitions = 20, 2000 * effort
    runs = replicates_for(delta, 0.9)
    counts = np.random.default_rng(1).binomial(runs, delta, size=(repetitions, claims))
    table = p_values(counts, runs, delta)
    alarms = sum(any(holm(list(row), LEVEL)) for row in table)
    record_property("figure", f"binomial + Holm, delta {delta}: {alarms}/{repetitions}")
    assert at_most_nominal(alarms, repetitions, LEVEL)


@pytest.mark.parametrize("delta", [0.01, 0.05, 0.2])
def test_a_claim_false_by_a_factor_two_is_found_as_promised(
    record_property: Record, effort: int, delta: float
) -> None:
    repetitions, promised = 2000 * effort, 0.9
    runs = replicates_for(delta, promised)
    rng = np.random.default_rng(2)
    power = {}
    for factor in (1.5, 2, 3):
        counts = rng.binomial(runs, factor * delta, size=repetitions)
        power[factor] = int((p_values(counts, runs, delta) <= PLANNING_LEVEL).sum())
    record_property("figure", f"power at delta {delta}, n {runs}: {power} of {repetitions}")
    assert at_least_promised(power[2], repetitions, promised)
    assert at_least_promised(power[3], repetitions, 0.999)
    assert power[1.5] > 0


@pytest.mark.parametrize("delta", [0.01, 0.05, 0.2])
def test_a_claim_just_false_is_seldom_supported(
    record_property: Record, effort: int, delta: float
) -> None:
    repetitions = 2000 * effort
    runs = replicates_for(delta, 0.9)
    rng = np.random.default_rng(3)
    held = {}
    for factor in (1.0, 0.5, 0.25):
        counts = rng.binomial(runs, factor * delta, size=repetitions)
        told = {k: supports(int(k), runs, delta, LEVEL) for k in np.unique(counts)}
        held[factor] = sum(told[k] for k in counts)
    record_property("figure", f"supported at delta {delta}, n {runs}: {held} of {repetitions}")
    assert at_most_nominal(held[1.0], repetitions, LEVEL)
    assert at_least_promised(held[0.25], repetitions, 0.95)


def lognormal(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Mean 1, heavy tail: variance e^4 - 1 is 54."""
    return np.exp(rng.normal(-2.0, 2.0, size))


def pareto(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Tail index 2.05, mean 1: the second moment is finite, and hardly so."""
    return (1 + rng.pareto(2.05, size)) * 1.05 / 2.05


PARETO_SECOND = (1.05 / 2.05) ** 2 * 2.05 / 0.05
LAWS: dict[str, tuple[Any, float]] = {
    "exponential": (lambda rng, size: rng.exponential(size=size), 2.0),
    "lognormal": (lognormal, math.exp(4.0)),
    "pareto": (pareto, PARETO_SECOND),
    "rare": (lambda rng, size: 100.0 * (rng.random(size) < 0.01), 100.0),
}


@pytest.mark.parametrize("law", LAWS)
def test_means_just_true_are_seldom_refuted(record_property: Record, effort: int, law: str) -> None:
    """E X = b exactly; "at most b" by bets on X >= 0, "at least b" by both rules with a moment."""
    draw, second = LAWS[law]
    samples = draw(np.random.default_rng(4), (600 * effort, 300))
    rules = {
        "at most": lambda x: mean_above(x, 1.0),
        "at least, second moment": lambda x: below_by_second_moment(x, 1.0, second),
        "at least, Catoni": lambda x: catoni(x, 1.0, second - 1, -1),
        "at most, Catoni": lambda x: catoni(x, 1.0, second - 1, 1),
    }
    for name, rule in rules.items():
        alarms, repetitions = share(p_value(rule(x)) <= LEVEL for x in samples)
        record_property("figure", f"{law}, {name}: {alarms}/{repetitions}")
        assert at_most_nominal(alarms, repetitions, LEVEL), name


def of_mean(values: Floats, sense: str, facts: Facts) -> Finding:
    return judge_mean([Finding(Verdict.HELD, value=x, bound=1.0) for x in values], sense, facts)


FACTS = Facts(second_moment=2.0, resolution=0.3)


@pytest.mark.parametrize("sense", ["<=", ">=", "=="])
def test_a_mean_at_its_bound_is_supported_as_planned_and_not_beyond(
    record_property: Record, effort: int, sense: str
) -> None:
    repetitions, promised = 40 * effort, 0.9
    runs = mean_replicates(1.0, FACTS, promised)
    samples = np.random.default_rng(5).exponential(size=(repetitions, runs))
    held = sum(of_mean(x, sense, FACTS).verdict is Verdict.HELD for x in samples)
    edge = {"<=": 1.3, ">=": 0.7, "==": 1.3}[sense]
    facts = Facts(second_moment=2.0 * edge**2, resolution=0.3)
    wrong = sum(of_mean(edge * x, sense, facts).verdict is Verdict.HELD for x in samples)
    record_property(
        "figure",
        f"mean {sense} b, n {runs}: at b held {held}, at the edge {wrong}, of {repetitions}",
    )
    assert at_least_promised(held, repetitions, promised)
    assert at_most_nominal(wrong, repetitions, LEVEL)


@pytest.mark.parametrize("sense", ["<=", ">=", "=="])
def test_power_on_means_that_are_off(record_property: Record, effort: int, sense: str) -> None:
    """Off by 1.5, 2 and 3 with 300 exponential samples; by 3 it must be found."""
    samples = np.random.default_rng(6).exponential(size=(100 * effort, 300))
    found = {}
    for factor in (1.5, 2.0, 3.0):
        mean = 1 / factor if sense == ">=" else factor
        facts = Facts(second_moment=2 * mean**2)
        found[factor] = sum(of_mean(mean * x, sense, facts).p_value <= LEVEL for x in samples)
    record_property("figure", f"mean {sense} b, n 300: power {found} of {len(samples)}")
    assert found[3.0] == len(samples)
    assert at_least_promised(found[2.0], len(samples), 0.9)


def night(failures: int, runs: int, delta: float) -> Row:
    finding = Finding(
        Verdict.UNDECIDED, value=failures / runs, bound=delta, samples=runs, failures=failures,
        against=more_failures(failures, runs, delta),
        support=(fewer_failures(failures, runs, delta),),
    )  # fmt: skip
    return Row(
        theorem="t", version=1, reading="", claim="c", experiment="e", expected=Verdict.HELD,
        kind="probability", quantity="x", sense="<=", fingerprint="f", configuration="{}",
        finding=finding,
    )  # fmt: skip


def watched(counts: Floats, runs: int, delta: float) -> tuple[bool, bool]:
    """Whether any claim of a ledger is ever violated, or ever held: counts[night, claim]."""
    keys = [Key("t", 1, str(k), "e", "probability", "s") for k in range(counts.shape[1])]
    processes: list[Any] = []
    violated = held = False
    for index, row in enumerate(counts, start=1):
        # one more statement enters every night
        evidence = [
            (key, [night(int(k), runs, delta)])
            for key, k in list(zip(keys, row, strict=True))[:index]
        ]
        processes = enter(processes, index, evidence)
        verdicts = {one.verdict for one in processes}
        violated |= Verdict.VIOLATED in verdicts
        held |= Verdict.HELD in verdicts
    return violated, held


def test_a_ledger_watched_every_night_seldom_has_a_false_alarm(
    record_property: Record, effort: int
) -> None:
    """Twenty nights, a new claim each night up to five, all true exactly at delta."""
    repetitions, delta, runs = 150 * effort, 0.05, 100
    counts = np.random.default_rng(7).binomial(runs, delta, size=(repetitions, 20, 5))
    told = [watched(one, runs, delta) for one in counts]
    alarms = sum(violated for violated, _ in told)
    alone = [watched(one[:, :1], runs, delta) for one in counts]
    held = sum(supported for _, supported in alone)
    record_property("figure", f"ledger: ever violated {alarms}, ever held {held}/{repetitions}")
    assert at_most_nominal(alarms, repetitions, LEVEL)
    assert at_most_nominal(held, repetitions, LEVEL)


def test_a_ledger_finds_what_is_false_and_supports_what_is_true(
    record_property: Record, effort: int
) -> None:
    repetitions, delta, runs = 50 * effort, 0.05, 100
    rng = np.random.default_rng(8)
    found = {}
    for factor in (0.25, 0.5, 1.5, 2.0, 3.0):
        counts = rng.binomial(runs, factor * delta, size=(repetitions, 20, 1))
        told = [watched(one, runs, delta) for one in counts]
        found[factor] = sum(one[0] if factor > 1 else one[1] for one in told)
    record_property("figure", f"ledger, 20 nights of 100: decided {found} of {repetitions}")
    assert found[3.0] == repetitions
    assert at_least_promised(found[2.0], repetitions, 0.9)
    assert at_least_promised(found[0.25], repetitions, 0.99)


WIDTHS = (8.0, 16.0, 32.0, 64.0, 128.0, 256.0)


def growing(rng: np.random.Generator, slope: float, spread: float) -> list[list[Finding]]:
    """Forty replicates of width^slope with lognormal noise."""
    noise = np.exp(rng.normal(0.0, spread, size=(len(WIDTHS), 40)))
    return [
        [Finding(Verdict.HELD, value=width**slope * z, bound=1.0) for z in row]
        for width, row in zip(WIDTHS, noise, strict=True)
    ]


def test_an_exponent_at_its_limit_is_seldom_refuted_or_supported(
    record_property: Record, effort: int
) -> None:
    repetitions, rng = 100 * effort, np.random.default_rng(9)
    for sense, slope in (("<=", 0.05), (">=", -0.05), ("==", 0.05)):
        told = [
            judge_exponent(growing(rng, slope, 0.5), WIDTHS, sense, 0.05)
            for _ in range(repetitions)
        ]
        alarms = sum(one.p_value <= LEVEL for one in told)
        held = sum(one.verdict is Verdict.HELD for one in told)
        record_property("figure", f"slope {sense}: alarms {alarms}, held {held}/{repetitions}")
        assert at_most_nominal(alarms, repetitions, LEVEL)
        assert at_most_nominal(held, repetitions, LEVEL)


def test_an_exponent_off_by_a_half_is_found(record_property: Record, effort: int) -> None:
    repetitions, rng = 40 * effort, np.random.default_rng(10)
    found = {
        slope: sum(
            judge_exponent(growing(rng, slope, 0.3), WIDTHS, "<=", 0.05).p_value <= LEVEL
            for _ in range(repetitions)
        )
        for slope in (0.15, 0.25, 0.5)
    }
    record_property("figure", f"slope too large by: found {found} of {repetitions}")
    assert found[0.5] == repetitions


def of_law(values: Floats, levels: Floats) -> Finding:
    return judge_law([Finding(Verdict.HELD, value=x) for x in values], levels, 0.1)


def test_a_true_law_is_seldom_refuted_and_supported_as_planned(
    record_property: Record, effort: int
) -> None:
    """Uniform numbers: against their own law, one 0.1 away from it, and one three times as far."""
    repetitions, promised = 60 * effort, 0.9
    runs = law_replicates(0.1, promised)
    samples = np.random.default_rng(12).random((repetitions, runs))
    true = [of_law(x, x) for x in samples]
    alarms = sum(one.p_value <= LEVEL for one in true)
    held = sum(one.verdict is Verdict.HELD for one in true)
    edge = sum(of_law(x, np.clip(x - 0.1, 0, 1)).verdict is Verdict.HELD for x in samples)
    far = sum(of_law(x, np.clip(x - 0.3, 0, 1)).p_value <= LEVEL for x in samples)
    record_property(
        "figure",
        f"law, n {runs}: alarms {alarms}, held {held}, at the edge {edge}, of {repetitions}",
    )
    assert at_most_nominal(alarms, repetitions, LEVEL)
    assert at_most_nominal(edge, repetitions, LEVEL)
    assert at_least_promised(held, repetitions, promised)
    assert far == repetitions


def test_the_worst_of_many_configurations_is_judged_on_fresh_runs(
    record_property: Record, effort: int
) -> None:
    """Fifty configurations, all true exactly at delta, forty runs each; then fresh ones."""
    repetitions, delta = 2000 * effort, 0.1
    rng = np.random.default_rng(11)
    explored = p_values(rng.binomial(40, delta, size=(repetitions, 50)), 40, delta).min(axis=1)
    runs = replicates_for(delta, 0.95)
    fresh = p_values(rng.binomial(runs, delta, size=repetitions), runs, delta)
    own, confirmed = int((explored <= LEVEL).sum()), int((fresh <= LEVEL).sum())
    record_property("figure", f"own runs {own}, fresh runs {confirmed}, of {repetitions}")
    assert own > 0.1 * repetitions
    assert at_most_nominal(confirmed, repetitions, LEVEL)


n = symbol("n", "which coin", "configuration")
fails = symbol("fails", "1 when the coin fails", "run")


@experiment(emits=[n, fails], n=integers(1, 500))
def fair_coin(n: int, rng: Any) -> dict[Any, Any]:
    """Fails with probability 1/2, whatever n."""
    return {fails: int(rng.random() < 0.5) ^ (n % 2)}


def test_a_search_over_configurations_raises_no_false_alarm(
    record_property: Record, effort: int
) -> None:
    """The search itself, on a claim true exactly at delta everywhere."""
    law = Theorem(
        title="L", id="law", claims=[Claim("c", fails <= 0, kind=Probability(0.5, "rng"))]
    )
    repetitions = 5 * effort
    alarms = 0
    for seed in range(repetitions):
        row = stress(law, "c", fair_coin, seed=seed, budget=15).confirmation
        assert row is not None
        alarms += row.finding.verdict is Verdict.VIOLATED
    record_property("figure", f"searches: {alarms}/{repetitions}")
    assert at_most_nominal(alarms, repetitions, LEVEL)
