"""A binomial tail is sub-Gaussian with its own variance: P(S/n - p >= e) <= exp(-n e^2 / (2p(1-p))).

False (derived): Bin(100, 0.01) is at least 5 with probability 3.43e-3, the bound says 3.09e-4. The
tail is compared as a logarithm, its first term apart, so that none is lost to underflow.

True neighbour: Bernstein's inequality, with 2e/3 added to the denominator.
"""

import math

import numpy as np

from harness import Claim, Theorem, Verdict, depending, experiment, integers, reals, symbol

n = symbol("n", "trials", "configuration")
p = symbol("p", "chance of success", "configuration")
k = symbol("k", "successes, more than n p of them", "configuration")
log_tail = symbol("log_tail", "log P(Bin(n, p) >= k)", "run", r"\log P")


@experiment(emits=[n, p, k, log_tail], n=integers(1, 200), p=reals(0.001, 0.999),
            k=depending(lambda before: integers(int(before["n"] * before["p"]) + 1, before["n"])))
def binomial_tail(n, p, k):
    """The sum of the terms from k on, over p^k (1 - p)^(n - k)."""
    odds = p / (1 - p)
    terms = sum(math.comb(n, j) * odds ** (j - k) for j in range(k, n + 1))
    return {log_tail: k * np.log(p) + (n - k) * np.log(1 - p) + np.log(terms)}


e = k / n - p
own_variance = Theorem(
    title="Binomial tails are sub-Gaussian with their own variance", provenance="derived",
    claims=[Claim("tail", log_tail <= -n * e**2 / (2 * p * (1 - p)), expected=Verdict.VIOLATED,
                  because="for small p the upper tail is that of a Poisson law")],
)
bernstein = Theorem(
    title="Bernstein's inequality for binomial tails", source="bernstein1924", provenance="remembered",
    claims=[Claim("tail", log_tail <= -n * e**2 / (2 * p * (1 - p) + 2 * e / 3))],
)
