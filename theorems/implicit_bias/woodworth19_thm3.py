r"""Large initialization: a diagonal linear network finds an interpolator of nearly least l2 norm.

Setting as in woodworth19_thm2; B_2 is the least l2 norm of an interpolator.
Hypotheses. alpha >= sqrt(2 (1 + eps) (1 + 2/eps) B_2), eps > 0.
Statement.

    kernel: |beta|_2^2 <= (1 + eps) B_2^2

Source. Woodworth, Gunasekar, Lee, Soudry, Srebro, arXiv 1906.05827, Theorem 3.
Remarks. Put to the test for one and for two samples; for one, B_2 = |y| / |x|.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scales import eps
from theorems.implicit_bias.scalings import INITIALIZATION

B = s.least_2
TINY: dict[str, Any] = {
    "alpha": 1e-6, "x": [1.0, 0.75, 0.5], "level": 4.0, "parameters": {"eps": 0.25},
}  # fmt: skip

theorem = Theorem(
    title="Kernel limit of diagonal linear networks",
    source="woodworth2019, Theorem 3",
    hypotheses=(
        Hypothesis(
            "large", "alpha is large enough",
            s.alpha**2 >= 2 * (1 + eps) * (1 + 2 / eps) * B, TINY,
        ),
    ),
    claims=(Claim("kernel", s.norm_2 <= (1 + eps) * B**2),),
    scalings=(INITIALIZATION,),
    spelled={"|beta|_2^2": s.norm_2, "B_2": B},
    controls=(Control("rich-scale", "kernel", drop="large", configuration=TINY),),
)  # fmt: skip
