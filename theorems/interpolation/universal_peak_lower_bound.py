r"""The peak at n = p is there for every feature map: noise costs at least that of the best design.

Setting. Least squares of minimum norm on n points with features in R^p, drawn without replacement from
a population of M >= n + 1, label noise of variance sigma2. held_out is the variance of the prediction
at a point left out, pool that over the whole population, means over the draw.
Hypotheses. Any min(n, p) rows of features are independent; the population's features span R^p; no ridge. For
universal_peak_below p <= n, for universal_peak_above p >= n.
Statement.

    held-out: held_out >= sigma2 p / (n + 1 - p)
    pool: pool >= sigma2 n (M - n + 1) / (M (p + 1 - n))

Source. Mourtada, Annals of Statistics 2022 (arXiv 1912.10754), for n >= p; Holzmueller, ICLR 2021 (arXiv
2010.01851), Theorem 3, for p >= n. The second is there for independent draws, M = oo; derived here.
Remarks. Of n + 1 points the leverages h add up to p, the one left out has variance h/(1 - h), convex in h. For
p >= n, minimum norm costs at least minimum population norm, whose share of one point is 1/dist^2 to the span
of the other n - 1, and over the population dist^2 has mean M (p + 1 - n)/(M - n + 1). Both hold for each set
of n + 1, and of n - 1, points, so that finite networks are put to the test without any chance. Attained.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import interpolation as s
from theorems.interpolation.scalings import FEATURES, LABELS

n, p, M, sigma2 = s.train_size, s.feature_dim, s.pool_size, s.noise_level
ALIKE: dict[str, Any] = {"features": [[1.0, 0.0, 0.0, 0.0]] * 4, "dim": 1, "train": 3}
CORNERS: dict[str, Any] = {
    "features": [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0],
                 [0.0, 0.0, 0.0, 1.0]],
    "dim": 4, "train": 2,
}  # fmt: skip
RIDGE: dict[str, Any] = {"ridge": 1.0}

GENERAL = (
    Hypothesis("general position", "any min(n, p) rows are independent", Eq(s.independent, 1)),
    Hypothesis("spanning", "the population's features span R^p", Eq(s.spanning, 1)),
    Hypothesis("no ridge", "lambda = 0", Eq(s.penalty, 0), RIDGE),
)
setting = {
    "n": n, "p": p, "M": M, "sigma2": sigma2, "held_out": s.held_out_noise, "pool": s.pool_noise,
}  # fmt: skip

universal_peak_below = Theorem(
    title="Least variance of least squares with fewer features than points, any feature map",
    source="mourtada2022",
    provenance="derived",
    hypotheses=(*GENERAL, Hypothesis("few features", "p <= n", p <= n)),
    claims=(Claim("held-out", s.held_out_noise >= sigma2 * p / (n + 1 - p), witness=ALIKE),),
    scalings=(FEATURES, LABELS),
    spelled=setting,
    controls=(
        Control("a-twentieth-more", "held-out", {sigma2: sigma2 * 21 / 20}, configuration=ALIKE),
        Control("ridge", "held-out", drop="no ridge", configuration={**ALIKE, **RIDGE}),
    ),
)

universal_peak_above = Theorem(
    title="Least variance of least squares with more features than points, any feature map",
    source="holzmueller2021, Theorem 3",
    provenance="derived",
    hypotheses=(*GENERAL, Hypothesis("many features", "p >= n", p >= n)),
    claims=(
        Claim(
            "pool", s.pool_noise >= sigma2 * n * (M - n + 1) / (M * (p + 1 - n)), witness=CORNERS
        ),
    ),
    scalings=(FEATURES, LABELS),
    spelled=setting,
    controls=(
        Control("a-twentieth-more", "pool", {sigma2: sigma2 * 21 / 20}, configuration=CORNERS),
        Control("ridge", "pool", drop="no ridge", configuration={**CORNERS, **RIDGE}),
    ),
)
