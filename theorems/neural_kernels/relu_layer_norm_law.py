r"""The law of what a layer of a random ReLU network does to the norm, the same for every layer.

Setting. A bias-free ReLU network with h <= 4 neurons a layer and N(0, 1/h) weights, at one input; z is what reaches layer L and
S = h |relu(W z)|^2 / |z|^2, given that no layer up to L is dead.
Statement. With F_j(x) = 1 - Gamma(j/2, x/2) / Gamma(j/2), the chi-squared distribution function with j degrees,
and mixture = (h F_1 + h (h-1)/2 F_2 + h (h-1) (h-2)/6 F_3 + h (h-1) (h-2) (h-3)/24 F_4) / (2^h - 1)

    mixture-law: S = x   in law

Source. Derived, in the manner of Hanin, Nica, CMP 2020 (arXiv 1812.05994): the signs of h independent centred Gaussians are fair
coins independent of their squares, so that j ~ Binomial(h, 1/2) of them count; nothing depends on the direction of z.
Remarks. So norms are products of independent factors of this law. A layer is dead with probability 2^(-h). Without the
condition E S = h/2 and E S^2 = (h^2 + 5 h)/4.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Expr, Rational, gamma, uppergamma

from harness import Claim, Control, Law, Theorem, Unknown
from harness import neural_kernels as s
from harness.symbols import width as h

x = Unknown("x")
WIDE: dict[str, Any] = {"width": 4, "hidden": 3}


def chi_squared(degrees: int) -> Expr:
    return 1 - uppergamma(Rational(degrees, 2), x / 2) / gamma(Rational(degrees, 2))


mixture = (
    h * chi_squared(1)
    + h * (h - 1) / 2 * chi_squared(2)
    + h * (h - 1) * (h - 2) / 6 * chi_squared(3)
    + h * (h - 1) * (h - 2) * (h - 3) / 24 * chi_squared(4)
) / (2**h - 1)

theorem = Theorem(
    title="Law of a ReLU layer's effect on the norm",
    source="hanin2020, setting",
    provenance="derived",
    claims=(
        Claim("mixture-law", Eq(s.layer_gain, x), Law(mixture, "rng", resolution=0.07)),
    ),
    spelled={"S": s.layer_gain, "x": x, "h": h, "L": s.hidden},
    controls=(
        Control("a-neuron-less", "mixture-law", {h: h - 1}, configuration=WIDE),
        Control("a-neuron-more", "mixture-law", {h: h + 1}, configuration={"width": 1}),
    ),
)  # fmt: skip
