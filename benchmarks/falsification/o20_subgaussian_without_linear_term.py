"""A binomial tail is sub-Gaussian with its own variance: P(S/n - p >= e) <= exp(-n e^2 / (2p(1-p))).

False (derived): Bin(100, 0.01) is at least 5 with probability 3.43e-3, the bound says 3.09e-4. Exact
sums, in whole numbers, and compared as logarithms so that no tail is lost to underflow.

True neighbour: Bernstein's inequality, with 2e/3 added to the denominator.
"""

import math

from harness import Claim, Theorem, Verdict, depending, experiment, integers, reals, symbol

n = symbol("n", "trials", "configuration")
p = symbol("p", "chance of success", "configuration")
k = symbol("k", "successes, more than n p of them", "configuration")
log_tail = symbol("log_tail", "log P(Bin(n, p) >= k)", "run", r"\log P")


@experiment(emits=[n, p, k, log_tail], n=integers(1, 200), p=reals(0.001, 0.999),
            k=depending(lambda before: integers(int(before["n"] * before["p"]) + 1, before["n"])))
def binomial_tail(n, p, k):
    """The double p is taken as the fraction it is."""
    top, bottom = p.as_integer_ratio()
    tail = sum(math.comb(n, j) * top**j * (bottom - top) ** (n - j) for j in range(k, n + 1))
    one, two = math.log(tail), n * math.log(bottom)
    return {log_tail: (one - two, 2.0**-50 * (abs(one) + abs(two)))}


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
