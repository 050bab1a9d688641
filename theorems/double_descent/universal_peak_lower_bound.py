r"""The interpolation peak of least squares is universal: a lower bound for any features.

Setting. M points with features z in R^p, fixed before training: a random or a trained network's last hidden
layer. The training set is any n of them, the fit that of least norm, noise of variance 1 in the labels;
held_out_noise and population_noise are the noise part of the risk, averaged over noise, training set,
and the points held out or all M.
Hypotheses. The features of any min(n, p) points are independent.
Statement. For p <= n, and for n <= p <= M

    under: held_out >= p / (n + 1 - p)
    over: everywhere >= n (M - n + 1) / (M (p + 1 - n))

Source. Mourtada, Ann. Stat. 2022 (arXiv 1912.10754), read in the abstract, for the first; Holzmueller, ICLR 2021
(arXiv 2010.01851), Theorem 3, for the second, read in a restatement. Both derived again, for finite populations:
leverages h of n + 1 points sum to p, and h/(1 - h) is convex; no norm gives the least-norm fit less noise than that of
the second moment, which is the sum of 1/dist^2 of each whitened point from the span of the others, and dist^2
is M (p - n + 1) / (M - n + 1) on average.
Remarks. Exact means over training sets, so nothing is left to chance. M to infinity gives n / (p + 1 - n).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import double_descent as s

n, p, M = s.rows, s.columns, s.points
SETTING = {
    "n": n, "p": p, "M": M, "held_out": s.held_out_noise, "everywhere": s.population_noise,
}  # fmt: skip
ONE: dict[str, Any] = {"points": 10, "rows": 5, "columns": 1, "network": "tanh"}
WIDE: dict[str, Any] = {"points": 8, "rows": 1, "columns": 8, "network": "tanh"}
INDEPENDENT = Hypothesis(
    "independent", "features of any min(n, p) points are independent", Eq(s.independent, 1)
)

peak_from_below = Theorem(
    title="Lower bound of the noise risk with at most as many features as samples",
    source="mourtada2022",
    provenance="derived",
    hypotheses=(Hypothesis("under", "p <= n", p <= n), INDEPENDENT),
    claims=(Claim("under", s.held_out_noise >= p / (n + 1 - p)),),
    spelled=SETTING,
    controls=(Control("twice-the-features", "under", {p: 2 * p}, configuration=ONE),),
)
peak_from_above = Theorem(
    title="Lower bound of the noise risk with at least as many features as samples",
    source="holzmueller2021, Theorem 3",
    provenance="derived",
    hypotheses=(Hypothesis("over", "p >= n", p >= n), INDEPENDENT),
    claims=(Claim("over", s.population_noise >= n * (M - n + 1) / (M * (p + 1 - n))),),
    spelled=SETTING,
    controls=(Control("a-quarter-of-the-features", "over", {p: p / 4}, configuration=WIDE),),
)
