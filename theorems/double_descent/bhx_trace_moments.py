r"""Mean and variance of the noise of least-norm least squares on Gaussian features, without chance.

Setting. As in bhx_gaussian_weak_features: n samples, p features, k = min(n, p), m = max(n, p), d = m - k. trace_mean and
trace_variance are those of tr((X'X)^+) over X: the variance of the fit over that of the noise, and how much it
depends on the design.
Hypotheses. d >= 2 for the mean, d >= 4 for the variance: below, they are infinite.
Statement.

    mean: trace_mean = k / (d - 1)
    variance: trace_variance = 2 k (m - 1) / (d (d - 1)^2 (d - 3))

Source. The mean: Belkin, Hsu, Xu, SIAM J. Math. Data Sci. 2020 (arXiv 1903.07571), Theorem 1, read in a restatement; the
variance derived. The left sides are fractions counted from moments of minors, up to k = 3.
Remarks. So the relative variance, 2 (m - 1) / (k (d - 3)), is 2 for m = 2 k at large k: single designs tell little about
the curve, even far from its peak.
"""

from __future__ import annotations

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import double_descent as s
from theorems.double_descent.bhx_gaussian_weak_features import PLAIN, d, k, m

SETTING = {**PLAIN, "trace_mean": s.trace_mean, "trace_variance": s.trace_variance}

bhx_trace_mean = Theorem(
    title="Mean of the noise of least squares on Gaussian features, exactly",
    source="belkin2020, Theorem 1",
    hypotheses=(Hypothesis("apart", "|n - p| >= 2", d >= 2),),
    claims=(Claim("mean", Eq(s.trace_mean, k / (d - 1))),),
    spelled=SETTING,
    controls=(Control("a-twentieth-more", "mean", {k: k * 21 / 20}),),
)
bhx_trace_variance = Theorem(
    title="Variance of the noise of least squares on Gaussian features, exactly",
    source="belkin2020, setting of Theorem 1",
    provenance="derived",
    hypotheses=(Hypothesis("far", "|n - p| >= 4", d >= 4),),
    claims=(
        Claim("variance", Eq(s.trace_variance, 2 * k * (m - 1) / (d * (d - 1) ** 2 * (d - 3)))),
    ),
    spelled=SETTING,
    controls=(
        Control("a-twentieth-more", "variance", {k: k * 21 / 20}),
        Control("a-degree-less", "variance", {d: d - 1}, configuration={"rows": 2, "columns": 8}),
    ),
)
