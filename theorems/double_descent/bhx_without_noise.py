r"""Without noise least-norm least squares has no peak on Gaussian features, not even next to the threshold.

Setting. As in bhx_gaussian_weak_features: n samples, p features, b2 = |beta|^2 on these features, e the noise plus what the
other features carry.
Hypotheses. e = 0, and more features than samples.
Statement. In the mean over X

    risk: test_error = b2 max(1 - n/p, 0)

Source. Belkin, Hsu, Xu, SIAM J. Math. Data Sci. 2020 (arXiv 1903.07571), Theorem 1, whose infinite cases n - 1 <= p <= n + 1
need e > 0; derived: the bias of bhx_laws alone is left, of mean 1 - n/p.
Remarks. Finite at p = n + 1, where it is b2/(n + 1), less than with any more features. For p <= n the fit is the
target itself, and the risk is 0.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Definition, Expectation, Hypothesis, Max, Theorem
from harness import double_descent as s
from theorems.double_descent.bhx_gaussian_weak_features import PLAIN, b2, e, n, p, share
from theorems.double_descent.scalings import TARGETS

beyond = Definition("beyond", Max(p, n + 1), "p where there are more features than samples")
spread = Definition(
    "spread", b2**2 * 2 * n * (beyond - n) / (beyond**2 * (beyond + 2)), "variance of the risk"
)
NEXT: dict[str, Any] = {"rows": 2, "columns": 3, "signal": 1.0, "leftover": 0.0}
WIDE: dict[str, Any] = {"rows": 2, "columns": 16, "signal": 1.0, "leftover": 0.0}

theorem = Theorem(
    title="No peak without noise: least squares on Gaussian features",
    source="belkin2020, Theorem 1",
    provenance="derived",
    hypotheses=(
        Hypothesis("no noise", "e = 0", Eq(e, 0)),
        Hypothesis("more features", "p > n", p >= n + 1),
    ),
    claims=(
        Claim("risk", Eq(s.test_error, b2 * share),
              Expectation("rng", upper=b2, variance=spread, resolution=0.05), witness=NEXT),
    ),
    scalings=(TARGETS,),
    spelled={**PLAIN, "test_error": s.test_error},
    controls=(
        Control("a-twentieth-more", "risk", {b2: b2 * 21 / 20}, configuration=WIDE),
        Control("a-twentieth-less", "risk", {b2: b2 * 19 / 20}, configuration=WIDE),
    ),
)  # fmt: skip
