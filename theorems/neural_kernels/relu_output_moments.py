r"""Moments of the output of a random ReLU network, exactly at every width and depth.

Setting. relu_setting; squared = f^2 over 2 |x|^2/d; fourth = E (f^4 | hidden layers) over the square of that,
the mean over the last layer taken exactly: it is three times the squared variance of a Gaussian.
Statement. With g = 1 + 5/h, in the mean over the weights

    second: squared = 1
    fourth: fourth = 3 g^L

The variances, 3 g^L - 1 and 9 (g8^L - g^(2 L)) with the eighth moment g8 of a layer, decide how many
networks are asked for.

Source. Derived; the leading order 5 L/h is the four-point vertex of Roberts, Yaida, Hanin 2022.
Remarks. A Gaussian output has 3: finite networks have heavier tails, and deep narrow ones much heavier.
"""

from __future__ import annotations

from sympy import Eq, Rational

from harness import Claim, Control, Expectation, Theorem
from harness import neural_kernels as s
from theorems.neural_kernels.relu_setting import SETTING, SHALLOW, L, g, g8

theorem = Theorem(
    title="Second and fourth moments of a random ReLU network's output",
    source="hanin2020, setting",
    provenance="derived",
    claims=(
        Claim("second", Eq(s.output_squared, 1), Expectation("rng", variance=3 * g**L - 1, resolution=0.2)),
        Claim("fourth", Eq(s.output_fourth, 3 * g**L),
              Expectation("rng", variance=9 * (g8**L - g ** (2 * L)), resolution=0.2)),
    ),
    spelled={**SETTING, "squared": s.output_squared, "fourth": s.output_fourth, "g": g, "g8": g8},
    controls=(
        Control("two-fifths-too-much", "second", {s.output_squared: Rational(7, 5) * s.output_squared},
                configuration=SHALLOW),
        Control("as-if-gaussian", "fourth", {g: (g + 2) / 3}, configuration=SHALLOW),
    ),
)  # fmt: skip
