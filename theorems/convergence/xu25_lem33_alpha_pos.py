r"""Wide enough and drawn at random, a network has imbalance (Lemma 3.3).

Setting. Table 2 of xu25_setting; alpha1 bounds sigma_min(T)^2 from below along the whole run.
Hypotheses. The entries of W1(0) and W2(0) are independent draws from one continuous law, and
h >= n + m.
Statement.

    positive: alpha1 > 0    almost surely

Source. Xu, Min, Tarmoun, Mallada, Vidal, TMLR 04/2025, Lemma 3.3 (arXiv 2505.11664).
Remarks. D(0) then has n positive and m negative eigenvalues, so that Delta > 0 even without margin.
The lemma is off by one on the safe side: h >= n + m - 1 suffices, as one of the two ranks is full
already. With n = m = 3, no margin and Gaussian weights, alpha1 > 0 has probability about 0.015,
0.185, 1 for h = 3, 4, 5. n is the rank of the data: for Gaussian weights the reduction keeps the law.
"""

from __future__ import annotations

from typing import Any

from harness import AlmostSurely, Claim, Control, Eq, Hypothesis, Theorem
from harness.symbols import iid_init, inputs, outputs, width
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.xu25_setting import alpha1_sign

TOO_NARROW: dict[str, Any] = {
    "features": 3, "outputs": 3, "width": 3, "init": "gaussian", "scale": 1.0, "noise": 1.0,
}  # fmt: skip

theorem = Theorem(
    title="Independent continuous weights have positive alpha1",
    source="xu2025, Lemma 3.3",
    hypotheses=(
        Hypothesis("independent entries", "i.i.d. from a continuous law", Eq(iid_init, 1)),
        Hypothesis("wide", "h >= n + m", width >= inputs + outputs, TOO_NARROW),
    ),
    claims=(Claim("positive", alpha1_sign > 0, kind=AlmostSurely(over="init")),),
    scalings=SCALINGS,
    controls=(Control("too-narrow", "positive", drop="wide", configuration=TOO_NARROW),),
)
