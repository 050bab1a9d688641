r"""Exact laws of least-norm least squares on Gaussian features, at the interpolation threshold too.

Setting. As in bhx_gaussian_weak_features: n samples, p features, k = min(n, p), m = max(n, p), d = m - k; bias is that of the
least-norm fit over b2, trace is tr((X'X)^+), the sum of k numbers each distributed like entry, a diagonal entry of the
inverse of X'X, or of XX' where p > n.
Statements. With p > n, whatever the noise, bias has the law Beta((p - n)/2, n/2); at any n and p 1/entry is chi-squared
with d + 1 degrees of freedom

    beta-law: bias = x   in law
    chi-squared: entry = x   in law

Hence the infinite cases: P(entry > x) falls like x^(-(d + 1)/2), so that for d <= 1 entry and trace have no mean, and
with e > 0 neither has the test error. Known to be false: that the trace has a small mean there.

    finite: trace <= 20 m

Source. Derived: a uniform direction against a uniform subspace, and 1/entry as the squared distance of one Gaussian vector
from the span of k - 1 others. Belkin, Hsu, Xu, SIAM J. Math. Data Sci. 2020 (arXiv 1903.07571), Theorem 1, for the mean.
Remarks. Without noise there is no peak: see bhx_without_noise. The trace has a finite variance for d >= 4 only.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Max, betainc_regularized, gamma, uppergamma

from harness import Claim, Control, Expectation, Hypothesis, Law, Theorem, Unknown, Verdict
from harness import double_descent as s
from theorems.double_descent.bhx_gaussian_weak_features import PLAIN, d, m, n, p

x = Unknown("x")
SETTING = {**PLAIN, "bias": s.bias_share, "entry": s.first_entry, "x": x}
SQUARE: dict[str, Any] = {"rows": 4, "columns": 4}
AT_PEAK: dict[str, Any] = {"rows": 4, "columns": 4, "signal": 1.0, "leftover": 1.0}

bhx_bias_law = Theorem(
    title="Bias of the least-norm fit on Gaussian features, in law",
    source="belkin2020, Theorem 1",
    provenance="derived",
    hypotheses=(Hypothesis("more features", "p > n", p >= n + 1),),
    claims=(
        Claim("beta-law", Eq(s.bias_share, x),
              Law(betainc_regularized((Max(p - n, 1)) / 2, n / 2, 0, x), "rng", resolution=0.06)),
    ),
    spelled=SETTING,
    controls=(Control("a-feature-more", "beta-law", {p: p + 1}, configuration={"rows": 2, "columns": 5}),),
)  # fmt: skip

bhx_trace_law = Theorem(
    title="Variance of least squares in one direction, in law, at every n and p",
    source="belkin2020, setting of Theorem 1",
    provenance="derived",
    claims=(
        Claim("chi-squared", Eq(s.first_entry, x),
              Law(uppergamma((d + 1) / 2, 1 / (2 * x)) / gamma((d + 1) / 2), "rng", resolution=0.05)),
    ),
    spelled=SETTING,
    controls=(
        Control("one-degree-more", "chi-squared", {d: d + 1}, configuration=SQUARE),
        Control("the-degrees-of-the-whole", "chi-squared", {d: m}, configuration=SQUARE),
    ),
)  # fmt: skip

bhx_peak_is_finite = Theorem(
    title="The mean test error is finite at the interpolation threshold",
    source="belkin2020, Theorem 1",
    hypotheses=(Hypothesis("near", "|n - p| <= 1", d <= 1),),
    claims=(
        Claim("finite", s.spread_trace <= 20 * m, Expectation("rng"), expected=Verdict.VIOLATED,
              because="the trace has no mean within 1 of the threshold", witness=AT_PEAK),
    ),
    spelled=SETTING,
    controls=(Control("half-of-it", "finite", {m: m / 2}, configuration=AT_PEAK),),
)  # fmt: skip
