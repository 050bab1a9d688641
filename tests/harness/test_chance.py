"""Error rates of the verdict on probabilities, by exact enumeration of the binomial law."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from harness.judging.chance import LEVEL, corrected, judge_probability, replicates_for, usable
from harness.judging.means import judge_mean
from harness.judging.row import Finding, Row
from harness.vocabulary.verdict import Verdict

HELD, VIOLATED, UNDECIDED = Verdict.HELD, Verdict.VIOLATED, Verdict.UNDECIDED


def law(runs: int, share: Fraction) -> list[Fraction]:
    """P(k of the runs fail), exactly."""
    return [math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(runs + 1)]


def findings(failures: int, runs: int, unclear: int = 0) -> list[Finding]:
    verdicts = [VIOLATED] * failures + [UNDECIDED] * unclear
    return [Finding(one) for one in verdicts + [HELD] * (runs - len(verdicts))]


def row(finding: Finding, name: str = "c") -> Row:
    return Row(
        theorem="t", version=1, reading="", claim=name, experiment="e", expected=HELD,
        kind="probability", quantity="x", sense="<=", fingerprint=name, configuration="{}",
        finding=finding,
    )  # fmt: skip


def verdicts(runs: int, delta: Fraction, others: int = 0) -> list[Verdict]:
    """The verdict for each number of failures, beside ``others`` claims that clearly hold."""
    found = []
    for failures in range(runs + 1):
        rows = [row(judge_probability(findings(failures, runs), float(delta)))]
        rows += [
            row(judge_probability(findings(0, runs), float(delta)), f"c{index}")
            for index in range(others)
        ]
        found.append(corrected(rows)[0].finding.verdict)
    return found


def chance_of(verdict: Verdict, told: list[Verdict], share: Fraction) -> Fraction:
    weights = law(len(told) - 1, share)
    return sum((w for w, one in zip(weights, told, strict=True) if one is verdict), Fraction(0))


@pytest.mark.parametrize(("runs", "delta"), [(60, Fraction(1, 10)), (150, Fraction(1, 20))])
def test_a_claim_true_exactly_at_its_level_is_rarely_called_violated(
    runs: int, delta: Fraction
) -> None:
    told = verdicts(runs, delta)
    alarm = chance_of(VIOLATED, told, delta)
    assert 0 < alarm <= Fraction(LEVEL)
    # not needlessly timid: one failure fewer would break the level
    least = told.index(VIOLATED)
    assert sum(law(runs, delta)[least - 1 :]) > Fraction(LEVEL)
    assert all(one is VIOLATED for one in told[least:])


@pytest.mark.parametrize(("runs", "delta"), [(60, Fraction(1, 10)), (150, Fraction(1, 20))])
def test_a_claim_that_is_just_false_is_rarely_called_held(runs: int, delta: Fraction) -> None:
    told = verdicts(runs, delta)
    assert told[0] is HELD
    wrongly = chance_of(HELD, told, delta)
    assert 0 < wrongly <= Fraction(LEVEL)
    most = max(k for k, one in enumerate(told) if one is HELD)
    assert sum(law(runs, delta)[: most + 2]) > Fraction(LEVEL)


def test_the_planned_runs_find_a_failure_share_of_twice_delta() -> None:
    delta = Fraction(1, 10)
    runs = replicates_for(float(delta), 0.9)
    told = verdicts(runs, delta)
    assert chance_of(VIOLATED, told, 2 * delta) >= Fraction(9, 10)
    assert chance_of(HELD, told, delta / 4) >= Fraction(9, 10)
    # and still do so among twenty claims, after the correction
    assert chance_of(VIOLATED, verdicts(runs, delta, others=9), 2 * delta) >= Fraction(9, 10)


def test_holm_holds_the_smallest_p_to_a_share_of_the_level() -> None:
    runs, delta = 60, Fraction(1, 10)
    alone, among = verdicts(runs, delta), verdicts(runs, delta, others=9)
    first, later = alone.index(VIOLATED), among.index(VIOLATED)
    assert later > first
    tail = [sum(law(runs, delta)[k:]) for k in (later, later - 1)]
    assert tail[0] <= Fraction(LEVEL) / 10 < tail[1]


def test_correction_keeps_the_order_and_the_rows_without_chance() -> None:
    delta = 0.1
    plain = row(Finding(VIOLATED), "plain")
    worst = row(judge_probability(findings(40, 60), delta), "worst")
    fine = row(judge_probability(findings(0, 60), delta), "fine")
    found = corrected([fine, plain, worst])
    assert [one.claim for one in found] == ["fine", "plain", "worst"]
    assert [one.finding.verdict for one in found] == [HELD, VIOLATED, VIOLATED]
    assert "corrected over 2" in found[2].finding.reason


def test_the_row_holds_share_and_delta() -> None:
    found = judge_probability(findings(3, 60), 0.1)
    assert (found.value, found.bound, found.samples) == (3 / 60, 0.1, 60)
    assert found.ratio == pytest.approx(0.5)
    assert found.margin == pytest.approx(0.05)
    exact = sum(law(60, Fraction(0.1))[3:])
    assert found.p_value == pytest.approx(float(exact), rel=1e-12)


def test_a_run_that_rounding_leaves_open_counts_against_held_and_not_against_the_claim() -> None:
    assert judge_probability(findings(0, 60), 0.1).verdict is HELD
    unclear = judge_probability(findings(0, 60, unclear=40), 0.1)
    assert unclear.verdict is UNDECIDED
    assert unclear.p_value == 1.0


def test_a_bound_of_one_says_nothing() -> None:
    assert judge_probability(findings(60, 60), 1.0).verdict is Verdict.VACUOUS


def test_a_broken_replicate_breaks_the_row() -> None:
    broken = Finding(Verdict.BROKEN, reason="not a number")
    for judge in (
        lambda found: judge_probability(found, 0.5),
        lambda found: judge_mean(found, "<="),
    ):
        found = usable([*findings(0, 9), broken], judge)
        assert (found.verdict, found.reason) == (Verdict.BROKEN, "not a number")


def test_void_replicates_are_left_out_and_all_void_is_void() -> None:
    void = Finding(Verdict.VOID)

    def judge(spoken: Sequence[Finding]) -> Finding:
        return judge_probability(spoken, 0.1)

    assert usable([*findings(0, 60), void], judge).samples == 60
    assert usable([void, void], judge).verdict is Verdict.VOID


def test_a_mean_is_refuted_by_nonnegative_samples_only() -> None:
    def mean(values: list[float], sense: str = "<=") -> Verdict:
        samples = [Finding(HELD, value=value, bound=1.0) for value in values]
        return corrected([row(judge_mean(samples, sense))])[0].finding.verdict

    assert mean([2.0] * 100) is VIOLATED
    assert mean([0.5] * 100) is UNDECIDED
    assert mean([2.0] * 99 + [-1.0]) is UNDECIDED
    assert mean([0.5] * 100, ">=") is UNDECIDED
    assert mean([1.0] * 100) is UNDECIDED


def test_a_nan_replicate_is_broken_from_end_to_end(cli: Any, write: Any, tmp_path: Any) -> None:
    path = write(
        "import math\n"
        "from harness import Claim, Probability, Theorem, experiment, integers, symbol\n"
        "n = symbol('n', 'size', 'configuration')\n"
        "u = symbol('u', 'uniform, or not a number', 'run')\n"
        "@experiment(emits=[n, u], n=integers(1, 2))\n"
        "def odd(n, rng):\n"
        "    draw = float(rng.random())\n"
        "    return {u: math.nan if draw > 0.99 else draw}\n"
        "from sympy import Rational\n"
        "mine = Theorem(title='M', claims=[\n"
        "    Claim('c', u <= n, Probability(Rational(1, 4), 'rng'))])\n",
        "odd.py",
    )
    found = cli("check", path, "--out", tmp_path / "out", "--json", "--quiet")
    assert found.code == 1
    assert '"broken"' in found.out
