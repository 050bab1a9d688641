r"""The conservation laws of the flow, read at finite steps. (They do not hold there.)

Setting as in even23_effective_init: w+ = u + v, w- = u - v, alpha^2 = |w+ w-|/2, X z = 0.
Statement. Under the flow alpha does not change, so that at every time

    scale: scale_end = scale_start
    dual: dual_flow = dual_start

with scale = prod alpha^2, and in the span of the z's dual_flow = asinh(beta/alpha_0^2) and
dual_start = log |w+/w-| at the start.
Source. Woodworth et al., COLT 2020 (flow); known to be false at finite steps, where alpha^2 is
multiplied by |1 - (eta r)^2| at each: Even, Pesme, Gunasekar, Flammarion, NeurIPS 2023.
"""

from __future__ import annotations

from sympy import Eq

from harness import Claim, Control, Theorem, Verdict
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import PROBE, SCALE

BECAUSE = "each step multiplies alpha^2 by |1 - (eta r)^2|"

theorem = Theorem(
    title="Diagonal linear networks keep their scale",
    source="woodworth2020, Section 4, read at finite steps",
    provenance="derived",
    claims=(
        Claim("scale", Eq(s.scale_end, s.scale_start), expected=Verdict.VIOLATED,
              because=BECAUSE, witness={}),
        Claim("dual", Eq(s.dual_flow, s.dual_start), expected=Verdict.VIOLATED,
              because=BECAUSE, witness={}),
    ),
    scalings=(PROBE, SCALE),
    controls=(Control("half-the-scale", "scale", {s.scale_start: s.scale_start / 2}),),
)  # fmt: skip
