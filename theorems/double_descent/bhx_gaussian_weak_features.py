r"""Double descent of least-norm least squares on Gaussian features, exactly at every n and p.

Setting. n samples of p standard Gaussian features, least-norm fit; b2 = |beta|^2 on these features, e the noise
plus what the other features carry; k = min(n, p), m = max(n, p), d = m - k. test_error, meant over X, has the noise in it.
Statements. With d >= 4 (else the variance is infinite, and for d <= 1 the mean)

    trace: trace = k / (d - 1)
    risk: test_error = e + b2 max(1 - n/p, 0) + e k / (d - 1)

where the trace has variance v = 2 k (m - 1) / (d (d - 1)^2 (d - 3)). With p > n, whatever e, bias follows

    beta-law: bias = x   in law, x ~ Beta((p - n)/2, n/2)

and with one sample or one feature 1/trace is chi-squared with m degrees of freedom:

    chi-squared: trace = x   in law

Known to be false: that the trace stays below any number in the mean for d <= 1.

    finite: trace <= 20 m

Source. Belkin, Hsu, Xu, SIAM J. Math. Data Sci. 2020 (arXiv 1903.07571), Theorem 1, read in a restatement; the
means derived again, the variance and the laws derived.
Remarks. With e = 0 there is no peak: the risk is b2 (1 - n/p) down to p = n + 1, by the Beta law.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Max, Min, betainc_regularized, gamma, sqrt, uppergamma

from harness import (
    Claim,
    Control,
    Definition,
    Expectation,
    Hypothesis,
    Law,
    Theorem,
    Unknown,
    Verdict,
)
from harness import double_descent as s
from theorems.double_descent.scalings import TARGETS

n, p, b2, e = s.rows, s.columns, s.signal, s.leftover
x = Unknown("x")
k = Definition("k", Min(n, p), "fewer of samples and features")
m = Definition("m", Max(n, p), "more of them")
d = Definition("d", Abs(n - p), "their distance")
far = Definition("far", Max(d, 4), "d where the variance is finite")
v = Definition("v", 2 * k * (m - 1) / (far * (far - 1) ** 2 * (far - 3)), "variance of the trace")
share = Definition("share", Max(1 - n / p, 0), "mean bias over b2")
wide = Definition("wide", 2 * share * (1 - share) / (p + 2), "its variance")
spread = Definition(
    "spread", (b2 * sqrt(wide) + e * sqrt(v)) ** 2, "above the variance of the risk"
)

PLAIN = {"trace": s.spread_trace, "bias": s.bias_share, "n": n, "p": p, "b2": b2, "e": e, "x": x}
WIDE: dict[str, Any] = {"rows": 4, "columns": 16, "signal": 1.0, "leftover": 1.0}
TALL: dict[str, Any] = {"rows": 16, "columns": 8, "signal": 1.0, "leftover": 1.0}
ONE: dict[str, Any] = {"rows": 4, "columns": 1}
AT_PEAK: dict[str, Any] = {"rows": 4, "columns": 4, "signal": 1.0, "leftover": 1.0}

bhx_gaussian_weak_features = Theorem(
    title="Test error of least squares on Gaussian features, at least 4 from the threshold",
    source="belkin2020, Theorem 1",
    hypotheses=(Hypothesis("far", "|n - p| >= 4", d >= 4), Hypothesis("noise", "e > 0", e > 0)),
    claims=(
        Claim("trace", Eq(s.spread_trace, k / (d - 1)), Expectation("rng", variance=v)),
        Claim("risk", Eq(s.test_error, e + b2 * share + e * k / (d - 1)),
              Expectation("rng", variance=spread)),
    ),
    scalings=(TARGETS,),
    spelled=PLAIN,
    controls=(
        Control("one-degree-less", "trace", {d: d - 1}, configuration=TALL),
        Control("bias-forgotten", "risk", {share: share / 2}, configuration=WIDE),
    ),
)  # fmt: skip

bhx_bias_law = Theorem(
    title="Bias of the least-norm fit on Gaussian features, in law",
    source="belkin2020, Theorem 1",
    provenance="derived",
    hypotheses=(Hypothesis("more features", "p > n", p >= n + 1),),
    claims=(
        Claim("beta-law", Eq(s.bias_share, x),
              Law(betainc_regularized((Max(p - n, 1)) / 2, n / 2, 0, x), "rng")),
    ),
    spelled=PLAIN,
    controls=(Control("a-feature-more", "beta-law", {p: p + 1}, configuration={"rows": 2, "columns": 5}),),
)  # fmt: skip

bhx_trace_law = Theorem(
    title="Variance of least squares with one feature or one sample, in law",
    provenance="derived",
    hypotheses=(Hypothesis("one", "min(n, p) = 1", k <= 1),),
    claims=(
        Claim("chi-squared", Eq(s.spread_trace, x),
              Law(uppergamma(m / 2, 1 / (2 * x)) / gamma(m / 2), "rng")),
    ),
    spelled=PLAIN,
    controls=(Control("one-degree-more", "chi-squared", {m: m + 1}, configuration=ONE),),
)  # fmt: skip

bhx_peak_is_finite = Theorem(
    title="The mean test error is finite at the interpolation threshold",
    source="belkin2020, Theorem 1",
    hypotheses=(Hypothesis("near", "|n - p| <= 1", d <= 1),),
    claims=(
        Claim("finite", s.spread_trace <= 20 * m, Expectation("rng"), expected=Verdict.VIOLATED,
              because="the trace has no mean within 1 of the threshold", witness=AT_PEAK),
    ),
    spelled=PLAIN,
    controls=(Control("half-of-it", "finite", {m: m / 2}, configuration=AT_PEAK),),
)  # fmt: skip
