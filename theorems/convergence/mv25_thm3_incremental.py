r"""Small initialization learns one eigenvalue after another (Theorem 3).

Setting. L(U) = 1/4 |Y - U U'|_F^2 under gradient flow, W = U U', Y with eigenvalues s_1 > ... > s_K > 0,
W(0) diagonal in the same basis with eigenvalues a s_{i,0}; Y_k the best approximation of rank k,
s_{K+1} = 0.
Hypotheses. 0 < e <= s_K, and with ce = e / max s_{i,0}, Ce = s_1^2 / (e min s_{i,0}): a <= ce and
log(ce/a) / log(Ce/a) > max_k s_{k+1}/s_k, so that the intervals of time are not empty; and
log(Ce/a) / (2 s_k) <= T <= log(ce/a) / (2 s_{k+1}).
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

from harness import Claim, Control, Definition, Hypothesis, Theorem, log
from harness.symbols import (
    flow_time,
    init_largest,
    init_least,
    init_scale,
    mode_first,
    mode_last,
    mode_learned,
    mode_next,
    mode_ratio,
    rank_gap,
    tolerance,
)
from theorems.convergence.scalings import EIGENVALUES, START

ALMOST_TOO_LATE: dict[str, Any] = {
    "modes": 2, "k": 1, "spectrum": [3.0, 1.0], "start": [1.0, 1.0],
    "scale": 1e-13, "tolerance": 1e-4, "time": 10.3615,
}  # fmt: skip
"""The second eigenvalue reaches e at T = log(1e9) / 2 = 10.36163..."""
TOO_LATE: dict[str, Any] = {**ALMOST_TOO_LATE, "time": 10.5}
TOO_EARLY: dict[str, Any] = {**ALMOST_TOO_LATE, "time": 5.0}

ce = Definition("ce", tolerance / init_largest, "bounds the eigenvalues not yet learned", "c_e")
Ce = Definition("Ce", mode_first**2 / (tolerance * init_least), "bounds those learned", "C_e")
room, need = log(ce / init_scale), log(Ce / init_scale)

theorem = Theorem(
    title="Small initialization learns one eigenvalue after another",
    source="min2025, Theorem 3",
    hypotheses=(
        Hypothesis("tolerance", "0 < e <= s_K", (tolerance > 0) & (tolerance <= mode_last)),
        Hypothesis("small initialization", "a <= ce", init_scale <= ce),
        Hypothesis("separated", "the intervals are not empty", room > mode_ratio * need),
        Hypothesis(
            "late enough", "T is past the start", 2 * mode_learned * flow_time >= need, TOO_EARLY
        ),
        Hypothesis(
            "early enough", "T is before the end", 2 * mode_next * flow_time <= room, TOO_LATE
        ),
    ),
    claims=(Claim("near-rank-k", rank_gap <= tolerance, witness=ALMOST_TOO_LATE),),
    scalings=(EIGENVALUES, START),
    controls=(
        Control("too-late", "near-rank-k", drop="early enough", configuration=TOO_LATE),
        Control("too-early", "near-rank-k", drop="late enough", configuration=TOO_EARLY),
    ),
)
