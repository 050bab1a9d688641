r"""The tangent kernel of a deep linear network strays like the root of its depth.

Setting. deep_linear_setting.py; J is the Jacobian of F at the start for a diagonal X of rank r, and
kernel_gap = |(m/L) J J' - I kron X' X|_F.
Statement. As the depth grows at given width, the order is

    in-depth: kernel_gap <= |X|^2 sqrt((L - 1) (2 L - 1) / (L h))

Source. du_hu_kernel.py, read in the depth; Du, Hu, ICML 2019, Theorem 4.1, asks for a width in proportion
to the depth. Derived.
Remarks. Where the width is no longer large against the depth, the products are log-normal.
"""

from __future__ import annotations

from harness import Claim, Control, Exponent, Theorem
from harness import finite_width as s
from harness.symbols import K
from theorems.finite_width.deep_linear_setting import DATA, SPELLED, L, spread

theorem = Theorem(
    title="The tangent kernel of a deep linear network strays like the root of its depth",
    source="du2019width, Theorem 4.1 (proof)",
    provenance="derived",
    claims=(
        Claim(
            "in-depth",
            s.kernel_gap <= spread,
            kind=Exponent(L, (2, 4, 8, 16), over="rng", tolerance=0.3, replicates=50),
        ),
    ),
    scalings=(DATA,),
    spelled=SPELLED,
    controls=(Control("depth-does-not-matter", "in-depth", {K: K / L}),),
)
