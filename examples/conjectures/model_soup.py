"""Averaging the weights of two trained networks does no worse than the average of their losses."""

import numpy as np

from harness import Claim, Theorem, experiment, reals, symbol, vector

soup = symbol("soup", "loss of the averaged weights", "run")
mean = symbol("mean", "average of the two losses", "run")
soup_linear = symbol("soup_linear", "the same for linear regression", "run")
mean_linear = symbol("mean_linear", "the same for linear regression", "run")


@experiment(emits=[soup, mean, soup_linear, mean_linear],
            one=vector(2, reals(-2, 2)), two=vector(2, reals(-2, 2)))
def two_trainings(one, two):
    """Two weights: a network x -> v u x with target x, and a regression on two samples."""
    one, two, X = np.array(one), np.array(two), np.array([[1, 2], [3, 5]])

    def network(w):
        return (w[0] * w[1] - 1) ** 2

    def regression(w):
        return ((X @ w - 1) ** 2).mean()

    half = (one + two) / 2
    return {soup: network(half), mean: (network(one) + network(two)) / 2,
            soup_linear: regression(half),
            mean_linear: (regression(one) + regression(two)) / 2}


networks = Theorem(
    title="Model soups are no worse than their ingredients",
    provenance="conjecture",
    claims=[Claim("soup", soup <= mean)],
)
regressions = Theorem(
    title="Soups of linear regressions are no worse than their ingredients",
    provenance="derived",
    claims=[Claim("soup", soup_linear <= mean_linear)],
)
