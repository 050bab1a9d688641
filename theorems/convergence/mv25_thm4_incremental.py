r"""Small initialization in any directions learns one eigenvalue after another (Theorem 4).

Setting. mv25_setting.py, with any positive definite W_0, M the larger of |W_0|_2 and |W_0^-1|_2, and

    ce = e / (16 M^2)
    Ce = 16 mode_first^2 M^2 / e

where mode_first is s_1.
Hypotheses. Those of mv25_setting.py, and a <= ce/M.
Statement.

    near-rank-k: rank_gap <= tolerance

with rank_gap = |W(T) - Y_k|_2 and tolerance = e.

Source. Min, Vidal, CDC 2025 (arXiv 2508.20344), Theorem 4, which asks for e <= 1 besides; its proof
does not.
Remarks. W(T)^-1 is the inverse of W_0 shrunk by exp(-Y T) from both sides, plus nearly Y^-1, so that the
directions mix only by sqrt(ce/Ce)..
"""

from __future__ import annotations

from typing import Any

from harness import Control, Definition, Theorem, flows
from harness import symbols as s
from theorems.convergence.mv25_setting import near_rank_k, premises
from theorems.convergence.scalings import EIGENVALUES

TOO_LATE: dict[str, Any] = {
    "modes": 2, "k": 1, "spectrum": [3.0, 1.0], "tilt": [[0.0, 0.5], [0.25, 0.0]],
    "scale": 1e-16, "tolerance": 1e-2, "time": 18.0,
}  # fmt: skip
TOO_EARLY: dict[str, Any] = {**TOO_LATE, "time": 4.0}

M = flows.spread
ce = Definition("ce", s.tolerance / (16 * M**2), "bounds the directions not learned", "c_e")
Ce = Definition("Ce", 16 * s.mode_first**2 * M**2 / s.tolerance, "bounds those learned", "C_e")

theorem = Theorem(
    title="Small initialization in any directions learns one eigenvalue after another",
    source="min2025, Theorem 4",
    hypotheses=premises(ce, Ce, s.init_scale <= ce / M, TOO_EARLY, TOO_LATE),
    claims=(near_rank_k(),),
    scalings=(EIGENVALUES,),
    spelled={"e": s.tolerance},
    controls=(
        Control("too-late", "near-rank-k", drop="early enough", configuration=TOO_LATE),
        Control("too-early", "near-rank-k", drop="late enough", configuration=TOO_EARLY),
    ),
)
