"""Evidence as the wealth of bets against a statement: it can be multiplied, and watched.

Each function bets on independent samples and returns the log wealth of every bet. Where the
statement bet against is true each factor has expectation <= 1, whatever was seen before, so the
mean wealth exceeds 1/alpha with probability <= alpha, at a sample size fixed beforehand (Markov)
as well as at any time one cares to look (Ville). Vectors of later samples are added entry by
entry. Sources: Waudby-Smith and Ramdas 2023; for `catoni` Wang and Ramdas 2023.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Wealth = tuple[float, ...]

BETS = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95)
"""Shares of the stake put on "the mean is above its bound" by `mean_above`."""
MORE = tuple(1.35**power for power in range(1, 10))
"""Multiples of delta that `more_failures` bets on; capped at 16, so one failure is no refutation."""
FEWER = (0.0, 0.125, 0.25, 0.5, 0.75)
"""Multiples of delta that `fewer_failures` bets on."""
SCALES = tuple(2.0**-power for power in range(1, 11))
"""Bets of `catoni` and `below_by_second_moment`, in units of the inverse root of the moment."""
EXPONENTS = (0.1, 0.25, 0.5, 0.75)
"""Powers kappa of `from_p_value`, whose factors are kappa p^(kappa - 1)."""
_SLACK = 1e-9
"""Far more than summing logarithms of 20 000 doubles may lose; always given to the statement."""


def log_evalue(wealth: Sequence[float]) -> float:
    """log of the mean wealth; 0 without bets."""
    if not wealth:
        return 0.0
    top = max(wealth)
    if math.isinf(top):
        return top
    return top + math.log(math.fsum(math.exp(one - top) for one in wealth) / len(wealth))


def p_value(wealth: Sequence[float]) -> float:
    """min(1, 1 / mean wealth): at most alpha with probability <= alpha where the statement is true."""
    evidence = log_evalue(wealth)
    return 0.0 if evidence == math.inf else max(math.exp(min(0.0, _SLACK - evidence)), 5e-324)


def reaches(wealth: Sequence[float], level: float) -> bool:
    """Whether the mean wealth is at least 1 / level."""
    return bool(wealth) and log_evalue(wealth) >= math.log(1 / level) + _SLACK


def added(first: Sequence[float], second: Sequence[float]) -> Wealth:
    """The wealth after both; one without entries adds nothing."""
    if not first or not second:
        return tuple(first or second)
    return tuple(a + b for a, b in zip(first, second, strict=True))


def more_failures(failures: int, runs: int, delta: float) -> Wealth:
    """Against "a run fails with probability at most delta"."""
    bets = (min(multiple * delta, (1 + delta) / 2) for multiple in MORE)
    return tuple(_failure_bet(failures, runs, delta, bet) for bet in bets)


def fewer_failures(failures: int, runs: int, delta: float) -> Wealth:
    """Against "a run fails with probability at least delta"."""
    return tuple(_failure_bet(failures, runs, delta, multiple * delta) for multiple in FEWER)


def mean_above(samples: npt.ArrayLike, bound: float) -> Wealth:
    """Against "E X <= bound" for X >= 0, on no other condition: prod (1 + l (X / bound - 1))."""
    x = np.asarray(samples, dtype=np.float64).ravel()
    if not 0 < bound < math.inf:
        raise ValueError(f"a bound of {bound} on a nonnegative mean cannot be tested")
    if not (x >= 0).all():
        raise ValueError("mean_above wants nonnegative samples")
    with np.errstate(over="ignore"):
        return tuple(float(np.log1p(bet * (x / bound - 1)).sum()) for bet in BETS)


def below_by_second_moment(samples: npt.ArrayLike, bound: float, moment: float) -> Wealth:
    """Against "E X >= bound" for X >= 0 with E X^2 <= moment: prod exp(-l X + l bound - l^2 m / 2).

    Since exp(-y) <= 1 - y + y^2 / 2 for y >= 0.
    """
    x = np.asarray(samples, dtype=np.float64).ravel()
    if not (x >= 0).all():
        raise ValueError("below_by_second_moment wants nonnegative samples")
    bets = [scale / math.sqrt(moment) for scale in SCALES]
    return tuple(float(bet * (bound - x).sum() - x.size * bet**2 * moment / 2) for bet in bets)


def catoni(samples: npt.ArrayLike, bound: float, variance: float, sign: int) -> Wealth:
    """Against "sign E X <= sign bound" for Var X <= variance: prod exp(phi(l d) - l^2 v / 2).

    d = sign (X - bound), phi(y) = log(1 + y + y^2 / 2) for y >= 0 and odd; exp(phi(y)) <= 1 + y +
    y^2 / 2, and phi grows with y, so a mean well inside the statement does no harm.
    """
    d = sign * (np.asarray(samples, dtype=np.float64).ravel() - bound)
    bets = [scale / math.sqrt(variance) for scale in SCALES]
    return tuple(float(_influence(bet * d).sum() - d.size * bet**2 * variance / 2) for bet in bets)


def from_p_value(p: float) -> Wealth:
    """A p-value as wealth, for rules that know no bets: kappa p^(kappa - 1) has mean <= 1."""
    if p <= 0:
        return (math.inf,) * len(EXPONENTS)
    return tuple(math.log(power) + (power - 1) * math.log(p) for power in EXPONENTS)


def _failure_bet(failures: int, runs: int, delta: float, bet: float) -> float:
    """Log wealth of a bet that the failure probability is ``bet`` and not delta."""
    return _times(failures, bet, delta) + _times(runs - failures, 1 - bet, 1 - delta)


def _times(count: int, bet: float, share: float) -> float:
    if not count:
        return 0.0
    if share <= 0:
        return math.inf
    return count * math.log(bet / share) if bet else -math.inf


def _influence(y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    size = np.abs(y)
    return np.asarray(np.sign(y) * np.log1p(size + size**2 / 2))
