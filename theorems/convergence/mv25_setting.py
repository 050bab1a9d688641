"""Incremental learning by gradient flow on 1/4 |Y - U U'|_F^2: what its statements share.

Setting. Y has eigenvalues s_1 > ... > s_K > 0, W = U U', W(0) = a W_0; Y_k is the best approximation of
rank k, s_{K+1} = 0. A statement brings two constants, ce for the eigenvalues not yet learned and Ce for
those that are: by log(ce/a) / (2 s) an eigenvalue s has hardly begun, by log(Ce/a) / (2 s) it is there.
Hypotheses. 0 < e <= s_K; log(ce/a) / log(Ce/a) > max_k s_{k+1}/s_k, so that the intervals of time are not
empty; and log(Ce/a) / (2 s_k) <= T <= log(ce/a) / (2 s_{k+1}).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from harness import Claim, Definition, Hypothesis, log
from harness import symbols as s

Configuration = Mapping[str, Any]


def premises(
    ce: Definition, Ce: Definition, small: sympy.Basic, early: Configuration, late: Configuration
) -> tuple[Hypothesis, ...]:
    """The hypotheses; ``early`` and ``late`` break the statement before and after its interval."""
    room, need = log(ce / s.init_scale), log(Ce / s.init_scale)
    return (
        Hypothesis("tolerance", "0 < e <= s_K", (s.tolerance > 0) & (s.tolerance <= s.mode_last)),
        Hypothesis("small initialization", "a is small enough", small),
        Hypothesis("separated", "the intervals are not empty", room > s.mode_ratio * need),
        Hypothesis(
            "late enough", "T is past the start", 2 * s.mode_learned * s.flow_time >= need, early
        ),
        Hypothesis("early enough", "T is before the end", 2 * s.mode_next * s.flow_time <= room, late),
    )  # fmt: skip


def near_rank_k(witness: Configuration | None = None) -> Claim:
    """|W(T) - Y_k|_2 <= e."""
    return Claim("near-rank-k", s.rank_gap <= s.tolerance, witness=witness)
