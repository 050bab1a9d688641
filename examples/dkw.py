"""The Dvoretzky-Kiefer-Wolfowitz inequality with Massart's constant, and with an eighth of it.

For n independent uniform numbers the empirical distribution function stays within epsilon of the
true one, except with probability 2 exp(-2 n epsilon^2).
"""

import numpy as np

from harness import Claim, Probability, Theorem, Verdict, exp, experiment, integers, reals, symbol

n = symbol("n", "sample size", "configuration")
epsilon = symbol("epsilon", "tolerated distance", "configuration", r"\varepsilon")
ks = symbol("ks", "sup of |F_n - F|", "run", r"\|F_n-F\|_\infty")


@experiment(emits=[n, epsilon, ks], n=integers(4, 6), epsilon=reals(0.65, 0.75))
def uniform_sample(n, epsilon, rng):
    """The largest distance is reached at a sample point."""
    x, rank = np.sort(rng.random(n)), np.arange(n)
    return {ks: max(np.max((rank + 1) / n - x), np.max(x - rank / n))}


massart = Theorem(
    title="DKW with Massart's constant", source="massart1990",
    claims=[Claim("uniform", ks <= epsilon, Probability(2 * exp(-2 * n * epsilon**2), "rng"))],
)
an_eighth = Theorem(
    title="DKW with an eighth of Massart's constant",
    claims=[
        Claim("uniform", ks <= epsilon, Probability(exp(-2 * n * epsilon**2) / 4, "rng"),
              expected=Verdict.VIOLATED, because="the constant 2 is best possible for large n")
    ],
)
