r"""How near the tangent kernel of a two-layer ReLU network of width h is to its limit, with what probability.

Setting. ntk_setting: two inputs at angle k pi/6, H the tangent kernel of the first layer, H_inf its limit.
R = 1 + |c| is |G|_2, V = 1/4 + c2 w + |c| p the norm of the matrix variance, l = log(4/delta).
Statement. With probability at least 1 - delta over the weights, each

    hoeffding: |H - H_inf|_F <= sqrt(2 + 2 c2) sqrt(log(6/delta) / (2 h))
    bernstein: |H - H_inf|_2 <= R l / (3 h) + sqrt((R l / (3 h))^2 + 2 V l / h)

Source. Du, Zhai, Poczos, Singh, ICLR 2019, Lemma 3.1, its constants derived from Hoeffding's inequality and a union
bound over three entries; Tropp, Found. Comput. Math. 2012, Theorem 1.4.
Remarks. Both are loose by 2 to 3 at this size, and by 30 in the width they ask for at twenty inputs.
"""

from __future__ import annotations

from sympy import Abs, Rational

from harness import Claim, Control, Definition, Parameter, Probability, Theorem, log, sqrt
from harness import neural_kernels as s
from theorems.neural_kernels.ntk_setting import NARROW, SPELLED, c, c2, p, w
from theorems.neural_kernels.relu_setting import h

R = Definition("R", 1 + Abs(c), "|G|_2")
V = Definition("V", Rational(1, 4) + c2 * w + Abs(c) * p, "matrix variance")
delta = Parameter("delta", 0, 1, (0.1,), "probability of failure")
logs = Definition("l", log(4 / delta), "log of the dimensions over delta")
OFTEN = Probability(delta, "rng")

theorem = Theorem(
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
