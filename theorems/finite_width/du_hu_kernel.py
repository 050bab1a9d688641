r"""The tangent kernel of a deep linear network settles like the root of depth over width.

Setting. deep_linear_setting.py; J is the Jacobian of F at the start for a diagonal X of rank r, and
kernel_gap = |(m/L) J J' - I kron X' X|_F.
Statement. As the width grows and all else stays, the order is

    in-width: kernel_gap <= |X|^2 sqrt((L - 1) (2 L - 1) / (L h))

Source. What concentrates in the proof of Du, Hu, ICML 2019, Theorem 4.1; the order is derived.
J J' is a mean of L products; matrix k of L takes part in L - 1 of them, from the left or from the right, and
changes a squared length by 1 + e with e of variance 2/h. For r = m = 1 the mean has variance
(4/h) sum_{k<L} (k/L)^2 = 2 (L - 1) (2 L - 1) / (3 L h) to leading order in 1/h.
Remarks. Of order sqrt(L/h): width in proportion to depth is what keeps the kernel.
"""

from __future__ import annotations

from harness import Claim, Control, Exponent, Theorem
from harness import finite_width as s
from theorems.finite_width.deep_linear_setting import DATA, SPELLED, h, spread

theorem = Theorem(
    title="The tangent kernel of a deep linear network settles like the root of depth over width",
    source="du2019width, Theorem 4.1 (proof)",
    provenance="derived",
    claims=(
        Claim(
            "in-width",
            s.kernel_gap <= spread,
            kind=Exponent(h, (8, 16, 32, 64), over="rng", tolerance=0.25, replicates=120),
        ),
    ),
    scalings=(DATA,),
    spelled=SPELLED,
    controls=(Control("inverse-width", "in-width", {h: h**2}),),
)
