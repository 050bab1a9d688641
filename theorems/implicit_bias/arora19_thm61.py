r"""Which labels a wide ReLU layer generalizes on: polynomials of degree 1 and 2 have bounded energy.

Setting. |x_i| = 1, y_i = a (b.x_i)^p, H_ij = x_i.x_j (pi - arccos(x_i.x_j)) / (2 pi); energy = y' H^-1 y,
scale = a^2 |b|^(2p).
Hypotheses. p is 1 or 2 (the source: 1 or even); no two inputs are parallel.
Statement.

    printed: energy <= 9 p^2 scale
    sharper: energy <= (4 (2 - p) + 2 pi (p - 1)) scale

Source. Arora, Du, Hu, Li, Wang, ICML 2019 (arXiv 1901.08584), Theorem 6.1, is the first; the second is
derived: H is sum_p c_p (x_i.x_j)^p with c_1 = 1/4, c_2 = 1/(2 pi), c_4 = 1/(12 pi) from the series of
arcsin, each term positive semidefinite, and the labels have energy at most 1 in the p-th alone.
Remarks. c_p = 0 for odd p >= 3: no bound of this form holds there.
"""

from __future__ import annotations

from sympy import pi

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import LABELS

p = s.degree
sharp = Definition("sharp", 4 * (2 - p) + 2 * pi * (p - 1), "1/c_p for p = 1 and 2")

theorem = Theorem(
    title="Kernel energy of linear and quadratic labels",
    source="arora2019fine, Theorem 6.1",
    hypotheses=(Hypothesis("degree", "p is 1 or 2", p <= 2),),
    claims=(
        Claim("printed", s.label_energy <= 9 * p**2 * s.label_scale),
        Claim("sharper", s.label_energy <= sharp * s.label_scale),
    ),
    scalings=(LABELS,),
    spelled={"energy": s.label_energy, "scale": s.label_scale, "p": p, "pi": pi},
    controls=(Control("half-of-it", "sharper", {sharp: sharp / 2}),),
)
