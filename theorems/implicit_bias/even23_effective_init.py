r"""The effective initialization of a diagonal linear network, exact at any step size and any batches.

Setting. (S)GD on beta = u v, u and v in R^d, loss 1/(2b) |X beta - y|^2 of a minibatch with gradient
r at beta; w+ = u + v, w- = u - v, alpha^2 = |w+ w-|/2 entrywise; z with X z = 0.
Hypotheses. None; no eta r is exactly 1 or -1.
Statement. At every step T, products over entries and steps, and sums over steps,

    scale: scale_end = shrinkage scale_start
    dual: dual_end = dual_start + dual_bend

with scale = prod alpha^2, shrinkage = prod |1 - (eta r)^2|, and in the span of the z's
dual_end = asinh(beta/alpha^2), dual_start = log |w+/w-| at the start, and
dual_bend = sum of log |1 - eta r| - log |1 + eta r| + 2 eta r.
Source. Even, Pesme, Gunasekar, Flammarion, NeurIPS 2023 (arXiv 2302.08982), Theorem 1, at a limit.
Remarks. Derived: w+ is multiplied by 1 - eta r and w- by 1 + eta r, and beta/alpha^2 is
sinh(log |w+/w-|) at every step; the 2 eta r lie in the row space of X, which z does not see. At an
interpolator the second is the optimality condition of the hyperbolic entropy at scale alpha.
"""

from __future__ import annotations

from sympy import Eq

from harness import Claim, Control, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import PROBE, SCALE

theorem = Theorem(
    title="Effective initialization of a diagonal linear network",
    source="even2023, Theorem 1",
    provenance="derived",
    claims=(
        Claim("scale", Eq(s.scale_end, s.shrinkage * s.scale_start)),
        Claim("dual", Eq(s.dual_end, s.dual_start + s.dual_bend)),
    ),
    scalings=(PROBE, SCALE),
    controls=(
        Control("scale-of-the-flow", "scale", {s.shrinkage: 1}),
        Control("dual-of-the-flow", "dual", {s.dual_end: s.dual_flow, s.dual_bend: 0}),
    ),
)
