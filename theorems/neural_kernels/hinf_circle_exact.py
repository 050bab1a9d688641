r"""Extreme eigenvalues of the two-layer ReLU tangent kernel on a circle, exactly.

Setting. n = 2 m + 1 inputs spread evenly over the unit circle, H_inf_ij = x_i.x_j (pi - theta_ij) / (2 pi), the kernel of a
two-layer ReLU network whose first layer is trained; c = cos(pi/n).
Statement.

    least: circle_least = (1/c^2 + 1/(2 c^2 - 1)^2) / (8 n)
    most: circle_most = n/8 + (1 + 1/c^2) / (8 n)

Source. Derived: H_inf is circulant with Fourier coefficients 1/8 at frequencies +-1, (1/(k-1)^2 + 1/(k+1)^2)/(2 pi^2) at even
k and 0 at the other odd ones; the sums over aliases are squared cosecants. The decay k^(-2) is that of Bietti, Mairal,
NeurIPS 2019, remembered.
Remarks. So the least eigenvalue falls like 1/(4 n), and the condition number grows like n^2/2. For even n >= 6
opposite inputs make H_inf singular, of nullity n/2 - 2.
"""

from __future__ import annotations

from sympy import Eq

from harness import Claim, Control, Definition, Theorem
from harness import neural_kernels as s

c = s.half_cosine
n = Definition("n", 2 * s.pairs_on_circle + 1, "number of inputs")
least = Definition("least", (1 / c**2 + 1 / (2 * c**2 - 1) ** 2) / (8 * n), "by the aliases")
most = Definition("most", n / 8 + (1 + 1 / c**2) / (8 * n), "by the aliases")

theorem = Theorem(
    title="Extreme eigenvalues of the ReLU tangent kernel on a circle",
    source="bietti2019",
    provenance="derived",
    claims=(
        Claim("least", Eq(s.circle_least, least), witness={"pairs_on_circle": 1}),
        Claim("most", Eq(s.circle_most, most), witness={"pairs_on_circle": 1}),
    ),
    spelled={"n": n, "c": c, "circle_least": s.circle_least, "circle_most": s.circle_most},
    controls=(
        Control("an-input-more", "least", {s.pairs_on_circle: s.pairs_on_circle + 1}),
        Control("a-thousandth-more", "most", {most: most * 1001 / 1000}),
    ),
)  # fmt: skip
