"""The PAC-Bayes bound with a prior chosen after seeing the data: prior = posterior, so KL = 0.

gap <= sqrt((KL + log(2 sqrt(n) / delta)) / (2 n)) with probability at least 1 - delta over n
independent samples needs a prior that is fixed before. False otherwise (derived): fair-coin labels
on N equally likely inputs, memorised by majority. Every classifier errs with probability 1/2 on
fresh data; n = 200 samples on very many inputs are memorised without error, a gap of 1/2, where the
bound with KL = 0 and delta = 0.05 says 0.126.

True neighbour (McAllester, Maurer; remembered): the uniform prior on the 2^N labelings, KL = N log 2.
"""

from fractions import Fraction

import numpy as np

from harness import Claim, Probability, Theorem, Verdict, experiment, integers, log, reals, sqrt, symbol

n = symbol("n", "samples", "configuration")
N = symbol("N", "inputs", "configuration")
delta = symbol("delta", "chance of failure", "configuration", r"\delta")
gap = symbol("gap", "true minus empirical error of the memoriser", "run")


@experiment(emits=[n, N, delta, gap], n=integers(50, 300), N=integers(5, 5000, log=True),
            delta=reals(0.05, 0.5))
def memorised_coins(n, N, delta, rng):
    """Labels are independent of the inputs; the minority label of each input is an error."""
    inputs, labels = rng.integers(0, N, n), rng.integers(0, 2, n)
    ones, all_of_them = np.bincount(inputs, labels, N), np.bincount(inputs, minlength=N)
    errors = int(np.minimum(ones, all_of_them - ones).sum())
    return {gap: Fraction(1, 2) - Fraction(errors, n)}


afterwards = Theorem(
    title="PAC-Bayes with a prior chosen after the data", provenance="derived",
    claims=[Claim("gap", gap <= sqrt(log(2 * sqrt(n) / delta) / (2 * n)), Probability(delta, "rng"),
                  expected=Verdict.VIOLATED, because="the prior depends on the sample")],
)
beforehand = Theorem(
    title="PAC-Bayes with the uniform prior on labelings", source="maurer2004", provenance="remembered",
    claims=[Claim("gap", gap <= sqrt((N * log(2) + log(2 * sqrt(n) / delta)) / (2 * n)),
                  Probability(delta, "rng"))],
)
