r"""The tangent kernel of a random ReLU network at one input is unbiased at every width and depth.

Setting. relu_setting; K(x,x) = |grad f(x)|^2, share = K(x,x) / (2 (L + 1) |x|^2 / d), its limit.
Statement. For L = 1, 2, 3, in the mean over the weights

    unbiased: share = 1

and the variance of share is exactly

    L = 1: 3/h    L = 2: (58 h + 113) / (9 h^2)    L = 3: (10 h^2 + 40 h + 57) / h^3

which decides how many networks are asked for.

Source. Derived; the mean also in Guillen, Misof, Gerken 2026, the leading order of the second moment
in Hanin and Nica, ICLR 2020.
Remarks. So a network of width 1024 with one hidden layer is off by 5.4 per cent. The mean is biased off the
diagonal for L >= 2, and for smooth activations.
"""

from __future__ import annotations

from sympy import Eq, Rational

from harness import Claim, Control, Expectation, Theorem
from harness import neural_kernels as s
from theorems.neural_kernels.relu_setting import DEEP, SETTING, SHALLOW, spread

theorem = Theorem(
    title="The tangent kernel at one input is unbiased",
    source="hanin2020, setting",
    provenance="derived",
    claims=(
        Claim("unbiased", Eq(s.tangent_share, 1), Expectation("rng", variance=spread)),
    ),
    spelled={**SETTING, "share": s.tangent_share},
    controls=(
        Control("a-tenth-too-much", "unbiased", {s.tangent_share: Rational(11, 10) * s.tangent_share},
                configuration=SHALLOW),
        Control("a-quarter-too-little", "unbiased", {s.tangent_share: Rational(3, 4) * s.tangent_share},
                configuration=DEEP),
    ),
)  # fmt: skip
