r"""How curved a two-layer network is in its weights: at most of the order of one over the root of the width.

Setting. f(x) = sum a_r phi(w_r.x) / sqrt(h) over h neurons, both layers trained; here h = 2 and phi = tanh, so that
|phi'| <= 1 and |phi''| <= b = 4 / (3 sqrt(3)). A_r = a_r phi''(w_r.x) |x|^2, s_r = phi'(w_r.x), a the largest |a_r|.
Statement. The Hessian falls into blocks, one a neuron, and

    norm: hessian_norm = max over r of (|A_r|/2 + sqrt(A_r^2/4 + s_r^2 |x|^2)) / sqrt(2)
    a-priori: hessian_norm <= (a b |x|^2/2 + sqrt((a b |x|^2)^2/4 + |x|^2)) / sqrt(2)

Source. Liu, Zhu, Belkin, NeurIPS 2020, where the order is stated; the equality derived.
Remarks. f differs from its linearization by at most half of this times the squared distance moved. With a second
nonlinearity on the output the norm does not fall with the width (their counterexample). The second is attained where
all a_r and w_r.x vanish, else not: phi' and phi'' are not largest at the same point.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Max, Rational

from harness import Claim, Control, Definition, Theorem, sqrt
from harness import neural_kernels as s

a, x = s.outer_most, s.input_norm
b = Definition("b", 4 / (3 * sqrt(3)), "largest |phi''|")
first = Abs(s.curve_1) / 2 + sqrt(s.curve_1**2 / 4 + s.slope_1**2 * x**2)
second = Abs(s.curve_2) / 2 + sqrt(s.curve_2**2 / 4 + s.slope_2**2 * x**2)
norm = Definition("norm", Max(first, second) / sqrt(2), "over the blocks")
FLAT: dict[str, Any] = {"x": [1.0, 0.0], "first": [[0.0, 0.0], [0.0, 0.0]], "second": [0.0, 0.0]}
BENT: dict[str, Any] = {"x": [1.0, 0.0], "first": [[0.625, 0.0], [0.0, 0.0]], "second": [1.0, 0.0]}

theorem = Theorem(
    title="Norm of the Hessian of a two-layer network in its weights",
    source="liu2020, Section 3",
    provenance="derived",
    claims=(
        Claim("norm", Eq(s.hessian_norm, norm)),
        Claim("a-priori", s.hessian_norm
              <= (a * b * x**2 / 2 + sqrt((a * b * x**2) ** 2 / 4 + x**2)) / sqrt(2), witness=FLAT),
    ),
    spelled={
        "hessian_norm": s.hessian_norm, "a": a, "b": b, "|x|": x,
        "max over r of (|A_r|/2 + sqrt(A_r^2/4 + s_r^2 |x|^2)) / sqrt(2)": norm,
    },
    controls=(
        Control("curvature-forgotten", "norm", {s.curve_1: s.curve_1 / 2}, configuration=BENT),
        Control("a-twentieth-more", "a-priori", {s.hessian_norm: Rational(21, 20) * s.hessian_norm},
                configuration=FLAT),
    ),
)  # fmt: skip
