"""The mean of a heavy-tailed square, and what a stated moment buys.

For n independent Laplace numbers of variance 1 the squared mean has expectation 1/n exactly. That it
is at most 1/n can be refuted from X >= 0 alone; that it is 1/n, give or take a quarter, can be
supported because the second moment is stated: E X^2 = (3 + 3/n) / n^2.
"""

from harness import Claim, Eq, Expectation, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "sample size", "configuration")
square = symbol("square", "squared mean of the sample", "run", r"\bar{X}^2")


@experiment(emits=[n, square], n=integers(1, 50))
def laplace_sample(n, rng):
    """Variance 1 means scale 1 / sqrt(2)."""
    return {square: float(rng.laplace(scale=0.5**0.5, size=n).mean() ** 2)}


known = Expectation("rng", second_moment=(3 + 3 / n) / n**2, resolution=0.25)

exact = Theorem(
    title="The squared mean is 1/n on average",
    claims=[Claim("mean", Eq(square, 1 / n), kind=known)],
)
too_small = Theorem(
    title="The squared mean is a third of 1/n on average",
    claims=[
        Claim("mean", square <= 1 / (3 * n), kind=Expectation("rng"),
              expected=Verdict.VIOLATED, because="the mean is 1/n")
    ],
)
