r"""Double descent of least-norm least squares on Gaussian features, exactly at every n and p.

Setting. n samples of p standard Gaussian features, least-norm fit; b2 = |beta|^2 on these features, e the noise
plus what the other features carry; k = min(n, p), m = max(n, p), d = m - k. trace is tr((X'X)^+); test_error has the
noise in it.
Hypotheses. d >= 4: for d = 2, 3 the variance is infinite, for d <= 1 the mean. e > 0.
Statement. In the mean over X

    trace: trace = k / (d - 1)
    risk: test_error = e + b2 max(1 - n/p, 0) + e k / (d - 1)

where the trace has variance v = 2 k (m - 1) / (d (d - 1)^2 (d - 3)).

Source. Belkin, Hsu, Xu, SIAM J. Math. Data Sci. 2020 (arXiv 1903.07571), Theorem 1, read in a restatement; the
means derived again, the variance derived.
Remarks. Nearer to the threshold see bhx_laws; mean and variance of the trace in exact fractions: bhx_trace_moments.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Max, Min, sqrt

from harness import (
    Claim,
    Control,
    Definition,
    Expectation,
    Hypothesis,
    Theorem,
)
from harness import double_descent as s
from theorems.double_descent.scalings import TARGETS

n, p, b2, e = s.rows, s.columns, s.signal, s.leftover
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

PLAIN = {"trace": s.spread_trace, "k": k, "m": m, "d": d, "n": n, "p": p, "b2": b2, "e": e}
WIDE: dict[str, Any] = {"rows": 4, "columns": 16, "signal": 1.0, "leftover": 1.0}
TALL: dict[str, Any] = {"rows": 16, "columns": 8, "signal": 1.0, "leftover": 1.0}

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
