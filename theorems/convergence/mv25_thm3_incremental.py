r"""Small initialization learns one eigenvalue after another (Theorem 3).

Setting. mv25_setting.py, with W(0) diagonal in the basis of Y, eigenvalues a s_{i,0}, and

    ce = e / init_largest
    Ce = mode_first^2 / (e init_least)

where init_largest and init_least are max s_{i,0} and min s_{i,0}, mode_first is s_1.
Hypotheses. Those of mv25_setting.py, and a <= ce.
Statement.

    near-rank-k: rank_gap <= tolerance

with rank_gap = |W(T) - Y_k|_2 and tolerance = e.

Source. Min, Vidal, CDC 2025 (arXiv 2508.20344), Theorem 3.
Remarks. Every eigenvalue follows its own Riccati equation, with solution
s a s_0 e^(2 s T) / (s + a s_0 (e^(2 s T) - 1)): below a s_0 e^(2 s T) <= e for those not yet learned,
which is attained at the end of the interval as e/s -> 0.
"""

from __future__ import annotations

from typing import Any

from harness import Control, Definition, Theorem
from harness import symbols as s
from theorems.convergence.mv25_setting import near_rank_k, premises
from theorems.convergence.scalings import EIGENVALUES, START

ALMOST_TOO_LATE: dict[str, Any] = {
    "modes": 2, "k": 1, "spectrum": [3.0, 1.0], "start": [1.0, 1.0],
    "scale": 1e-13, "tolerance": 1e-4, "time": 10.3615,
}  # fmt: skip
"""The second eigenvalue reaches e at T = log(1e9) / 2 = 10.36163..."""
TOO_LATE: dict[str, Any] = {**ALMOST_TOO_LATE, "time": 10.5}
TOO_EARLY: dict[str, Any] = {**ALMOST_TOO_LATE, "time": 5.0}

ce = Definition("ce", s.tolerance / s.init_largest, "bounds the eigenvalues not learned", "c_e")
Ce = Definition("Ce", s.mode_first**2 / (s.tolerance * s.init_least), "bounds those learned", "C_e")

theorem = Theorem(
    title="Small initialization learns one eigenvalue after another",
    source="min2025, Theorem 3",
    hypotheses=premises(ce, Ce, s.init_scale <= ce, TOO_EARLY, TOO_LATE),
    claims=(near_rank_k(ALMOST_TOO_LATE),),
    scalings=(EIGENVALUES, START),
    spelled={"e": s.tolerance},
    controls=(
        Control("too-late", "near-rank-k", drop="early enough", configuration=TOO_LATE),
        Control("too-early", "near-rank-k", drop="late enough", configuration=TOO_EARLY),
    ),
)
