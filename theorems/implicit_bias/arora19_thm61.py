r"""Which labels a wide ReLU layer generalizes on: polynomials of degree 1 or even have bounded energy.

Setting. |x_i| = 1, y_i = a (b.x_i)^p, H_ij = x_i.x_j (pi - arccos(x_i.x_j)) / (2 pi); energy = y' H^-1 y,
scale = a^2 |b|^(2p).
Hypotheses. p is 1, 2, 4 or 6 (the source: 1 or even); no two inputs are parallel.
Statement. With one for p = 1, two for p = 2, and so on 1 for this p and 0 for the others,

    printed: energy <= 9 p^2 scale
    sharper: energy <= (4 one + 2 pi two + 12 pi four + 80 pi six / 3) scale

Source. Arora, Du, Hu, Li, Wang, ICML 2019 (arXiv 1901.08584), Theorem 6.1, is the first; the second is
derived: H is sum_p c_p (x_i.x_j)^p with c_1 = 1/4, c_2 = 1/(2 pi), c_4 = 1/(12 pi), c_6 = 3/(80 pi) from
the series of arcsin, each term positive semidefinite, and the labels have energy at most 1 in the
p-th alone.
Remarks. c_p = 0 for odd p >= 3: no bound of this form holds there for many inputs.
"""

from __future__ import annotations

from sympy import Abs, pi

from harness import Claim, Control, Definition, Hypothesis, Max, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import LABELS

p = s.degree
one, two, four, six = (
    Definition(name, Max(0, 1 - Abs(p - k)), f"1 for p = {k}, else 0")
    for name, k in (("one", 1), ("two", 2), ("four", 4), ("six", 6))
)
sharp = Definition("sharp", 4 * one + 2 * pi * two + 12 * pi * four + 80 * pi * six / 3, "1/c_p")

theorem = Theorem(
    title="Kernel energy of linear and even polynomial labels",
    source="arora2019fine, Theorem 6.1",
    hypotheses=(Hypothesis("degree", "p is 1, 2, 4 or 6", one + two + four + six >= 1),),
    claims=(
        Claim("printed", s.label_energy <= 9 * p**2 * s.label_scale),
        Claim("sharper", s.label_energy <= sharp * s.label_scale),
    ),
    scalings=(LABELS,),
    spelled={"energy": s.label_energy, "scale": s.label_scale, "p": p, "pi": pi},
    controls=(
        Control("half-of-it", "sharper", {sharp: sharp / 2}),
        Control("sixth-of-it", "printed", {s.label_scale: s.label_scale / 6}),
    ),
)
