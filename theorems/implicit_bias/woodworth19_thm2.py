r"""Small initialization: a diagonal linear network finds an interpolator of nearly least l1 norm.

Setting. The flow on diagonal linear networks from scale alpha in each of d coordinates ends at the
interpolator beta = 2 alpha^2 sinh(X' nu); B_1 is the least l1 norm of an interpolator.
Hypotheses. alpha <= min{(2 (1 + eps) B_1)^(-(2 + eps)/(2 eps)), exp(-d/(eps B_1))}, eps > 0.
Statement.

    rich: |beta|_1 <= (1 + eps) B_1

Source. Woodworth, Gunasekar, Lee, Soudry, Srebro, arXiv 1906.05827, Theorem 2.
Remarks. The limit is known in closed form, here for one and for two samples; for one, B_1 is
|y| / max |x_i|. Large alpha gives the least l2 norm instead.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Min, Theorem, exp
from harness import implicit_bias as s
from theorems.implicit_bias.scales import eps

B = s.least_1
WIDE: dict[str, Any] = {
    "alpha": 100.0, "x": [1.0, 0.5, 0.5], "level": 4.0, "parameters": {"eps": 0.25},
}  # fmt: skip
SMALL = Min((2 * (1 + eps) * B) ** (-(2 + eps) / (2 * eps)), exp(-s.inputs_count / (eps * B)))

theorem = Theorem(
    title="Rich limit of diagonal linear networks",
    source="woodworth2019, Theorem 2",
    hypotheses=(Hypothesis("small", "alpha is small enough", s.alpha <= SMALL, WIDE),),
    claims=(Claim("rich", s.norm_1 <= (1 + eps) * B),),
    spelled={"|beta|_1": s.norm_1, "B_1": B},
    controls=(Control("kernel-scale", "rich", drop="small", configuration=WIDE),),
)
