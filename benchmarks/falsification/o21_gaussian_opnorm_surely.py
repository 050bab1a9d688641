"""The operator norm of an m x n standard Gaussian matrix is at most sqrt(m) + sqrt(n).

False as it stands (derived): the bound is one for the mean. A single draw is above it with
probability 4 to 13 %; for m = n = 1 it is P(|g| > 2) = 0.0455.

True neighbour: above it by t > 0 with probability at most exp(-t^2 / 2) (Gordon's inequality and
Gaussian concentration, remembered). A test of that on single draws would raise false alarms, so it
is a claim about a probability.
"""

import numpy as np

from harness import (AlmostSurely, Claim, Probability, Theorem, Verdict, exp, experiment, integers,
                     reals, sqrt, symbol)

m = symbol("m", "rows", "configuration")
n = symbol("n", "columns", "configuration")
t = symbol("excess", "tolerated excess", "configuration", "t")
norm = symbol("opnorm", "operator norm of the matrix", "run", r"\|A\|")


@experiment(emits=[m, n, t, norm], m=integers(1, 20), n=integers(1, 20), excess=reals(0.25, 2))
def gaussian_matrix(m, n, excess, rng):
    """One draw."""
    largest = np.linalg.norm(rng.standard_normal((m, n)), 2)
    return {norm: (largest, 1e-13 * largest)}


surely = Theorem(
    title="Gaussian matrices have norm at most sqrt(m) + sqrt(n)", provenance="derived",
    claims=[Claim("norm", norm <= sqrt(m) + sqrt(n), AlmostSurely("rng"), expected=Verdict.VIOLATED,
                  because="the bound holds for the mean only")],
)
mostly = Theorem(
    title="Gaussian matrices seldom have a norm much above sqrt(m) + sqrt(n)", provenance="remembered",
    claims=[Claim("norm", norm <= sqrt(m) + sqrt(n) + t, Probability(exp(-(t**2) / 2), "rng"))],
)
