"""Chance: exact binomial tests, their sample sizes, Holm's correction, and a test of a mean.

All of it is exact at the given number of runs (no normal approximation), so the promised error
rates hold for every sample size. The number of runs must be fixed before they are looked at.
scipy is imported at the first use, since that takes longer than most checks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext

import numpy as np
import numpy.typing as npt

BETS = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95)
"""Shares of the stake put on "the mean is above its bound" in the mixture of `mean_evalue`."""


def binomial_p_value(violations: int, runs: int, delta: float) -> float:
    """P(Bin(runs, delta) >= violations): how likely so many are where the claim is just true."""
    _check_counts(violations, runs)
    _check_share(delta=delta)
    return _tail(violations, runs, delta)


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
        if p_values[index] > level / (len(p_values) - rank):
            break
        fallen[index] = True
    return fallen


def mean_evalue(samples: npt.ArrayLike, bound: float) -> float:
    """Evidence against "E X <= bound" for independent samples of some X >= 0, no other condition.

    The mean over the bets l of prod (1 + l (X / bound - 1)) has expectation <= 1 where the claim is
    true, so by Markov it is >= 1 / alpha with probability <= alpha, at any fixed sample size.
    Summed in log space; inf where the evidence, or a sample, exceeds every double.
    """
    x = np.asarray(samples, dtype=np.float64).ravel()
    if not 0 < bound < math.inf:
        raise ValueError(f"a bound of {bound} on a nonnegative mean cannot be tested")
    if not (x >= 0).all():
        raise ValueError("mean_evalue wants nonnegative samples")
    with np.errstate(over="ignore"):
        logs = np.array([np.log1p(bet * (x / bound - 1)).sum() for bet in BETS])
        return float(np.exp(np.logaddexp.reduce(logs) - math.log(len(BETS))))


def _tail(critical: int, runs: int, share: float) -> float:
    """P(Bin(runs, share) >= critical), as an incomplete beta function."""
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


def _check_share(**shares: float) -> None:
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{name} = {share} is not between 0 and 1")
