r"""The variance of ridgeless least squares is at 1/n of its limit.

Setting. Gaussian inputs with any spectrum s, g = p/n > 1 fixed, noise s2; V_n the variance of the least-norm fit over
s2, meant over designs. c solves mean 1/(1 + c g s) = 1 - 1/g, A = mean s^2/(1 + c g s)^2, B = mean s/(1 + c g s)^2.
Hypotheses. None beyond the setting.
Statement. With limit = g c A / B, as n grows,

    order: abs(V_n / limit - 1) <= 1/n   up to a constant

Source. Hastie, Montanari, Rosset, Tibshirani, Ann. Stat. 2022 (arXiv 1903.08560), for the limit, remembered. The order
is derived for equal s, where V_n = n/(p - n - 1) and limit = 1/(g - 1), and measured else.
Remarks. The rate n^(-1/7) of the source is an artefact of its proof. The constant is 1/(g - 1) for equal s.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs

from harness import Claim, Control, Definition, Exponent, Theorem
from harness import double_descent as s

EQUAL: dict[str, Any] = {"ratio": 2, "spread": 1.0}

limit = Definition("limit", s.ratio * s.dilation * s.shrunk_twice / s.shrunk_once, "limit of V_n")

theorem = Theorem(
    title="Variance of ridgeless least squares beside its limit",
    source="hastie2022",
    provenance="remembered",
    claims=(
        Claim("order", Abs(s.mean_variance / limit - 1) <= 1 / s.rows,
              Exponent(s.rows, (6, 9, 14, 20), "rng", tolerance=0.5, replicates=30)),
    ),
    spelled={
        "V_n": s.mean_variance, "g": s.ratio, "c": s.dilation, "A": s.shrunk_twice,
        "B": s.shrunk_once, "n": s.rows,
    },
    controls=(
        Control("limit-off-by-a-fifth", "order", {limit: limit * 6 / 5}, configuration=EQUAL),
        Control("a-square-faster", "order", {s.rows: s.rows**2}, configuration=EQUAL),
    ),
)  # fmt: skip
