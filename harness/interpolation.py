"""Symbols of fits at and beyond interpolation: ``from harness.interpolation import train_size``.

n training points, p features, least squares of minimum norm unless said otherwise. Noise is that of
the labels; variances are those it brings into a prediction, without the noise of a fresh label.
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN, CONFIGURATION = "run", "configuration"

train_size = symbol("train_size", "n: number of training points", RUN, "n")
feature_dim = symbol("feature_dim", "p: number of features", RUN, "p")
pool_size = symbol("pool_size", "M: points of the population drawn from", RUN, "M")
noise_level = symbol("noise_level", "variance of the label noise", RUN, r"\sigma^2")
penalty = symbol("penalty", "lambda of |Zw - y|^2 + lambda |w|^2", RUN, r"\lambda")
independent = symbol(
    "independent", "1 when any min(n, p) of the training points' features are independent", RUN
)
spanning = symbol("spanning", "1 when the population's features span all dimensions", RUN)
held_out_noise = symbol(
    "held_out_noise",
    "variance of the prediction at a point left out of n + 1 points or more, mean over which",
    RUN,
)
pool_noise = symbol(
    "pool_noise",
    "n times the variance that the label of one training point brings into the prediction, mean "
    "over the population and over that point, drawn without replacement",
    RUN,
)
