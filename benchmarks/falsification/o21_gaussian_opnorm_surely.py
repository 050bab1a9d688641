"""The operator norm of an m x n standard Gaussian matrix is at most sqrt(m) + sqrt(n).

False as it stands (derived): the bound is one for the mean. A single draw is above it with
probability 4 to 13 %; for m = n = 1 it is P(|g| > 2) = 0.0455.

True neighbours: the mean is at most that (Gordon), and a draw is above it by t > 0 with probability
at most exp(-t^2 / 2) (Gaussian concentration, remembered; the norm is 1-Lipschitz, so its variance
is at most 1). A test of these on single draws would raise false alarms.
"""

import numpy as np

from harness import (AlmostSurely, Claim, Expectation, Probability, Theorem, Verdict, exp, experiment,
                     integers, reals, sqrt, symbol)

m = symbol("m", "rows", "configuration")
n = symbol("n", "columns", "configuration")
t = symbol("excess", "tolerated excess", "configuration", "t")
norm = symbol("opnorm", "operator norm of the matrix", "run", r"\|A\|")


@experiment(emits=[m, n, t, norm], m=integers(1, 20), n=integers(1, 20), excess=reals(0.25, 2))
def gaussian_matrix(m, n, excess, rng):
    """One draw."""
    return {norm: np.linalg.norm(rng.standard_normal((m, n)), 2)}


surely = Theorem(
    title="Gaussian matrices have norm at most sqrt(m) + sqrt(n)", provenance="derived",
    claims=[Claim("norm", norm <= sqrt(m) + sqrt(n), AlmostSurely("rng"), expected=Verdict.VIOLATED,
                  because="the bound holds for the mean only")],
)
mostly = Theorem(
    title="Gaussian matrices seldom have a norm much above sqrt(m) + sqrt(n)", provenance="remembered",
    claims=[Claim("norm", norm <= sqrt(m) + sqrt(n) + t, Probability(exp(-(t**2) / 2), "rng"))],
)
on_average = Theorem(
    title="Gaussian matrices have norm at most sqrt(m) + sqrt(n) on average", provenance="remembered",
    claims=[Claim("norm", norm <= sqrt(m) + sqrt(n), Expectation("rng", variance=1))],
)
