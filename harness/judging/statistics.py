"""Chance: exact binomial tests, their sample sizes, and corrections for many of them.

All of it is exact at the given number of runs (no normal approximation), so the promised error
rates hold for every sample size. The number of runs must be fixed before they are looked at.
Whatever enters a verdict is rounded away from it (see `harness.judging.binomial`); sample sizes
and displayed bounds are plain floating point. scipy is imported at the first use, since that
takes longer than most checks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from harness.judging.binomial import Share, at_least, at_most

LEVEL = 0.01
"""Chance that a whole run calls any true claim violated, and error of each "held"."""


def binomial_p_value(violations: int, runs: int, delta: Share) -> float:
    """P(Bin(runs, delta) >= violations): how likely so many are where the claim is just true.

    Rounded up; delta is taken exactly, a double as well as a rational number.
    """
    _check_counts(violations, runs)
    _check_share(delta=delta)
    return at_least(violations, runs, delta)


def supports(violations: int, runs: int, delta: Share, alpha: float) -> bool:
    """Whether `upper_confidence` is at most delta, decided exactly: so few have chance <= alpha."""
    _check_counts(violations, runs)
    _check_share(delta=delta, alpha=alpha)
    return at_most(violations, runs, delta) <= alpha


def upper_confidence(violations: int, runs: int, alpha: float) -> float:
    """The Clopper-Pearson bound: with confidence 1 - alpha, violations are no likelier than this.

    It is the p at which P(Bin(runs, p) <= violations) = alpha, and 1 if every run violates.
    """
    _check_counts(violations, runs)
    _check_share(alpha=alpha)
    if violations == runs:
        return 1.0
    from scipy import special

    return float(special.betaincinv(violations + 1, runs - violations, 1 - alpha))


def runs_needed(delta: float, alternative: float, alpha: float, power: float) -> int:
    """The least number of runs whose level-alpha test of delta has that power.

    A test refutes from some c violations on. For each c the power only grows with the runs n, so
    let n(c) be the least n with P(Bin(n, alternative) >= c) >= power; n(c) grows with c, and the
    first c whose test at n(c) keeps the level gives the least n. (Power is a saw-tooth in n: some
    larger n may fall short again by a little.)
    """
    _check_share(delta=delta, alternative=alternative, alpha=alpha, power=power)
    if not (delta < alternative and 0 < alpha < 1 and 0 < power < 1):
        raise ValueError("runs_needed wants delta < alternative, alpha and power inside (0, 1)")
    critical, runs = 1, _least_runs(1, 1, alternative, power)
    while _tail(critical, runs, delta) > alpha:
        critical += 1
        runs = _least_runs(critical, runs + 1, alternative, power)
    return runs


def runs_to_support(delta: float, alpha: float) -> int:
    """The least number of runs that, all without violation, make `upper_confidence` <= delta.

    That is the least n with (1 - delta)^n <= alpha; sixty digits keep ties such as
    (1/2)^2 <= 1/4 on the right side.
    """
    if not 0 < delta < 1 or not 0 < alpha < 1:
        raise ValueError("runs_to_support wants delta and alpha strictly between 0 and 1")
    with localcontext() as context:
        context.prec = 60
        ratio = Decimal(alpha).ln() / (1 - Decimal(delta)).ln()
        return math.ceil(round(ratio, 40))


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which hypotheses fall, in the given order; one true one falls with probability <= level.

    Holds under any dependence: the smallest p is held against level / K, the next one against
    level / (K - 1), and so on until the first that is too large.
    """
    _check_share(level=level)
    for p_value in p_values:
        _check_share(p_value=p_value)
    fallen = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if (len(p_values) - rank) * Fraction(p_values[index]) > Fraction(level):
            break
        fallen[index] = True
    return fallen


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the given order: the least level at which each falls by that rule.

    The share of false alarms among those with a value <= q is at most q under independence; used
    to rank, never for a verdict.
    """
    adjusted = [1.0] * len(p_values)
    least = 1.0
    for rank, index in reversed(
        list(enumerate(sorted(range(len(p_values)), key=p_values.__getitem__), start=1))
    ):
        least = min(least, p_values[index] * len(p_values) / rank)
        adjusted[index] = least
    return adjusted


def _tail(critical: int, runs: int, share: float) -> float:
    """P(Bin(runs, share) >= critical) in floating point, for sample sizes."""
    if critical == 0:
        return 1.0
    from scipy import special

    return float(special.betainc(critical, runs - critical + 1, share))


def _least_runs(critical: int, start: int, share: float, power: float) -> int:
    """The least number of runs, from `start` on, that reach `critical` with that probability."""
    low = high = max(start, critical)
    while _tail(critical, high, share) < power:
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        if _tail(critical, middle, share) >= power:
            high = middle
        else:
            low = middle + 1
    return high


def _check_counts(violations: int, runs: int) -> None:
    if not 0 <= violations <= runs or runs < 1:
        raise ValueError(f"{violations} violations in {runs} runs")


def _check_share(**shares: Share) -> None:
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{name} = {share} is not between 0 and 1")
