r"""Below eta lambda = 2 the loss of the two-layer linear network falls at every step, at any width.

Setting as in catapult_two_layer; growth is the largest |f_{k+1} / f_k| of a run.
Hypotheses. eta lambda_0 <= 2.
Statement.

    monotone: growth <= 1

Source. Derived: the factor 1 - eta lambda + eta^2 F^2 is at most 1 since |F| <= lambda/2, and lambda
does not grow. Beyond 2 the loss may rise first: Lewkowycz et al., arXiv 2003.02218.
Remarks. Attained at eta lambda_0 = 2 in the limit of a small output.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS, WIDTH

EDGE: dict[str, Any] = {"neurons": 1, "u": [2.0], "v": [0.0], "step": 0.5}
FLUNG: dict[str, Any] = {"neurons": 1, "u": [2.0], "v": [0.0625], "step": 0.625}

theorem = Theorem(
    title="Two-layer linear network on one sample below eta lambda = 2",
    source="lewkowycz2020, Section 3",
    provenance="derived",
    hypotheses=(
        Hypothesis(
            "step at most 2/lambda", "eta lambda_0 <= 2", s.step * s.kernel_start <= 2, FLUNG
        ),
    ),
    claims=(Claim("monotone", s.worst_growth <= 1, witness=EDGE),),
    scalings=(FACTORS, WIDTH),
    spelled={"growth": s.worst_growth},
    controls=(Control("catapult", "monotone", drop="step at most 2/lambda", configuration=FLUNG),),
)
