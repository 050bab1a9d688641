r"""How near the tangent kernel of a two-layer ReLU network of width h is to its limit, at two inputs.

Setting. f(x) = sum a_r relu(w_r.x) / sqrt(h), a_r = +-1, w_r ~ N(0, I), the w_r trained; two inputs of length 1
at angle k pi/6, c its cosine, G = [[1, c], [c, 1]]. H_ij = G_ij times the share of neurons active at both; H_inf its
limit: 1/2 on the diagonal and c p off it, p = (6 - k) / 12. R = 1 + |c| is |G|_2.
Statement. In the mean over the weights, at any width,

    share: both_active = p
    error: error_squared = (1 + 4 c^2 w) / (2 h)

and each with probability at least 1 - delta, with w = p (1 - p), V = 1/4 + c^2 w + |c| p, l = log(4/delta):

    hoeffding: |H - H_inf|_F <= sqrt(2 + 2 c^2) sqrt(log(6/delta) / (2 h))
    bernstein: |H - H_inf|_2 <= R l / (3 h) + sqrt((R l / (3 h))^2 + 2 V l / h)

Source. Du, Zhai, Poczos, Singh, ICLR 2019, Lemma 3.1, its constants derived: h times a share is binomial.
Bernstein is Tropp, Found. Comput. Math. 2012, Theorem 1.4, with the matrix variance in closed form.
Remarks. The entries are dependent. Both bounds are loose by 2 to 3 at this size and by 30 in the width
they ask for at twenty inputs.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Rational

from harness import (
    Claim,
    Control,
    Definition,
    Expectation,
    Parameter,
    Probability,
    Theorem,
    log,
    sqrt,
)
from harness import neural_kernels as s
from theorems.neural_kernels.relu_setting import h

k, c = s.sixths, s.cosine
p = Definition("p", (6 - k) / 12, "probability that a neuron is active at both")
u = Definition("u", (k - 3) ** 2, "squared distance from a right angle, in sixths of pi")
c2 = Definition("c2", (13 * u - u**2) / 48, "squared cosine: 0, 1/4, 3/4 at u = 0, 1, 4")
w = Definition("w", p * (1 - p), "variance of one neuron")
R = Definition("R", 1 + Abs(c), "|G|_2")
V = Definition("V", Rational(1, 4) + c2 * w + Abs(c) * p, "matrix variance")
delta = Parameter("delta", 0, 1, (0.1,), "probability of failure")
logs = Definition("l", log(4 / delta), "log of the dimensions over delta")
# Minkowski, from the fourth moment 3 w^2/h^2 + w (1 - 6 w)/h^3 of a centred binomial share
fourth = Definition(
    "fourth",
    (sqrt(3) / (2 * h) + 2 * c2 * sqrt(3 * w**2 / h**2 + w / h**3)) ** 2,
    "E error_squared^2",
)
OFTEN = Probability(delta, "rng")
NARROW: dict[str, Any] = {"width": 16, "sixths": 1}
SPELLED = {"h": h, "c": c, "k": k, "error_squared": s.kernel_error_squared,
           "|H - H_inf|_F": s.kernel_error, "|H - H_inf|_2": s.kernel_error_norm}  # fmt: skip

two_layer_ntk_moments = Theorem(
    title="Mean and mean square error of the tangent kernel at two inputs",
    provenance="derived",
    claims=(
        Claim("share", Eq(s.both_active, p), Expectation("rng", variance=w / h)),
        Claim("error", Eq(s.kernel_error_squared, (1 + 4 * c2 * w) / (2 * h)),
              Expectation("rng", second_moment=fourth, resolution=0.2)),
    ),
    spelled=SPELLED,
    controls=(
        Control("a-fifth-less", "share", {p: 4 * p / 5}, configuration=NARROW),
        Control("twice-the-width", "error", {h: 2 * h}, configuration=NARROW),
    ),
)  # fmt: skip

two_layer_ntk_concentration = Theorem(
    title="Concentration of the tangent kernel at two inputs",
    source="du2019kernel, Lemma 3.1",
    provenance="derived",
    claims=(
        Claim("hoeffding",
              s.kernel_error <= sqrt(2 + 2 * c2) * sqrt(log(6 / delta) / (2 * h)), OFTEN),
        Claim("bernstein",
              s.kernel_error_norm <= R * logs / (3 * h) + sqrt((R * logs / (3 * h)) ** 2 + 2 * V * logs / h),
              OFTEN),
    ),
    spelled=SPELLED,
    controls=(
        Control("a-fifth-of-it", "hoeffding", {s.kernel_error: 5 * s.kernel_error},
                configuration=NARROW),
        Control("a-quarter-of-it", "bernstein", {s.kernel_error_norm: 4 * s.kernel_error_norm},
                configuration=NARROW),
    ),
)  # fmt: skip
