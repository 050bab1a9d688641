r"""Symmetric matrix factorization has a closed form under gradient flow (Proposition 1).

Setting. L(U) = 1/4 |Y - U U'|_F^2 under gradient flow, so that W = U U' obeys W' = W Y + Y W - 2 W^2;
Y positive definite with eigenvalues s_1 and s_2, W(0) any positive semidefinite matrix, in the basis of Y.
Hypotheses. None.
Statement. With

    d = w_11 w_22 - w_12^2
    g_1 = (exp(2 s_1 T) - 1) / s_1
    g_2 = (exp(2 s_2 T) - 1) / s_2
    D = (1 + g_1 w_11) (1 + g_2 w_22) - g_1 g_2 w_12^2

where w is W(0) and W is W(T),

    first: W_11 = exp(2 s_1 T) (w_11 + g_2 d) / D
    mixed: W_12 = exp((s_1 + s_2) T) w_12 / D
    second: W_22 = exp(2 s_2 T) (w_22 + g_1 d) / D

Source. Min, Vidal, CDC 2025 (arXiv 2508.20344), Proposition 1, W(T) = S w (I + G w)^-1 S with
S = exp(Y T) and G = Y^-1 (S^2 - I), written out for n = 2.
Remarks. The source allows eigenvalues 0, with 2 T in place of g. Stretches of W(0) in which the
others vanish follow the logistic curve.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Eq, Theorem, exp
from harness import flows as f
from harness import symbols as s
from harness.vocabulary.operators import expm1
from theorems.convergence.scalings import EIGENVALUES

MIXED: dict[str, Any] = {
    "spectrum": [2.0, 1.0], "B": [[0.5, 0.25], [0.25, 0.5]], "periods": 1.0,
}  # fmt: skip

s1, s2, T = s.mode_first, s.mode_last, s.flow_time
a, b, c = f.first_start, f.mixed_start, f.second_start_entry
d = Definition("d", a * c - b**2, "determinant of W(0)")
g1 = Definition("g_1", expm1(2 * s1 * T) / s1, "growth of the first mode")
g2 = Definition("g_2", expm1(2 * s2 * T) / s2, "growth of the second mode")
D = Definition("D", (1 + g1 * a) * (1 + g2 * c) - g1 * g2 * b**2, "determinant of I + G W(0)")

theorem = Theorem(
    title="Closed form of symmetric matrix factorization",
    source="min2025, Proposition 1",
    claims=(
        Claim("first", Eq(f.first_end, exp(2 * s1 * T) * (a + g2 * d) / D)),
        Claim("mixed", Eq(f.mixed_end, exp((s1 + s2) * T) * b / D)),
        Claim("second", Eq(f.second_end, exp(2 * s2 * T) * (c + g1 * d) / D)),
    ),
    scalings=(EIGENVALUES,),
    spelled={
        "s_1": s1, "s_2": s2, "T": T, "w_11": a, "w_12": b, "w_22": c,
        "W_11": f.first_end, "W_12": f.mixed_end, "W_22": f.second_end,
    },
    controls=(
        Control("uncoupled", "first", {d: a * c}, configuration=MIXED),
        Control("five-percent-longer", "mixed", {T: 1.05 * T}, configuration=MIXED),
        Control("of-the-other-mode", "second", {s2: s1}, configuration=MIXED),
    ),
)  # fmt: skip
