"""One more sample never raises the variance of least squares -- once n >= d.

Noise of variance 1, minimum-norm least squares: given the inputs X the variance of the estimate
is tr((X'X)^+), so the claim about an expectation has a core that speaks of every single draw.
Below the interpolation threshold the same claim is false: double descent.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "samples", "configuration")
d = symbol("d", "features", "configuration")
variance = symbol("variance", "tr((X'X)^+) with n samples", "run", "V_n")
variance_after = symbol("variance_after", "tr((X'X)^+) with n + 1 samples", "run", "V_{n+1}")


@experiment(emits=[n, d, variance, variance_after], n=integers(1, 12), d=integers(1, 8))
def growing_design(n, d, rng):
    """Gaussian rows; the last one is the sample that is added."""
    X = rng.standard_normal((n + 1, d))
    risk = [float(np.sum(np.linalg.svd(part, compute_uv=False) ** -2.0)) for part in (X[:n], X)]
    return {variance: (risk[0], 1e-9 * risk[0]), variance_after: (risk[1], 1e-9 * risk[1])}


above = Theorem(
    title="One more sample helps above the threshold",
    hypotheses=[Hypothesis("enough samples", "n >= d", n >= d)],
    claims=[Claim("monotone", variance_after <= variance)],
)
everywhere = Theorem(
    title="One more sample always helps",
    claims=[Claim("monotone", variance_after <= variance, expected=Verdict.VIOLATED,
                  because="the variance peaks at n = d")],
)
