"""Symmetric matrix factorization under gradient flow from a spectral initialization.

L(U) = 1/4 |Y - U U'|_F^2 with positive definite Y and U(0) U(0)' = W(0) diagonal in the same basis:
there U stays diagonal, u_i' = (s_i - u_i^2) u_i, from u_i^2 = a s_{i,0}. The eigenvalues of Y are put
in decreasing order, those of W(0) as given.
"""

from __future__ import annotations

import math
from typing import Any

from experiments.two_layer.domains import Usual
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Depending,
    Domain,
    Partial,
    depending,
    integers,
    reals,
    vector,
)


def _time(before: Partial) -> Domain:
    """Between the times at which modes k and k + 1 are learned, to leading order in the scale."""
    spectrum, k = sorted(before["spectrum"], reverse=True), int(before["k"])
    begin = -math.log(before["scale"]) / (2 * spectrum[k - 1])
    end = 2 * begin if k == len(spectrum) else -math.log(before["scale"]) / (2 * spectrum[k])
    return reals(begin, max(begin, end))


def flow(
    modes: int, k: int, spectrum: Any, start: Any, scale: float, tolerance: float, time: float
) -> dict[str, Any]:
    """Integrate the modes and compare with the target's best approximation of rank k."""
    import numpy as np

    from experiments.flow.integrate import measured

    s, ratios = np.sort(np.array(spectrum, dtype=float))[::-1], np.array(start, dtype=float)
    wanted = np.where(np.arange(modes) < k, s, 0.0)

    def gap(u: Any) -> dict[str, tuple[float, float]]:
        away = np.abs(u**2 - wanted)
        worst = int(np.argmax(away))
        return {"rank_gap": (float(away[worst]), float(away[worst] + wanted[worst]))}

    return {
        "init_scale": scale, "init_least": ratios.min(), "init_largest": ratios.max(),
        "mode_first": s[0], "mode_learned": s[k - 1], "mode_last": s[-1],
        "mode_next": s[k] if k < modes else 0,
        "mode_ratio": (s[1:] / s[:-1]).max() if modes > 1 else 0,
        "tolerance": tolerance, "flow_time": time,
        **measured(lambda _, u: (s - u**2) * u, np.sqrt(scale * ratios), time, gap),
    }  # fmt: skip


symmetric_flow = Experiment(
    id="symmetric_flow",
    title="Symmetric matrix factorization, gradient flow, spectral initialization",
    axes=(
        Axis("modes", integers(1, 4), None, "K: size of the target"),
        Axis("k", depending(lambda at: integers(1, at["modes"])), None, "rank compared with"),
        Axis(
            "spectrum",
            depending(lambda at: vector(at["modes"], reals(0.3, 4, log=True))),
            None,
            "eigenvalues of Y",
        ),
        Axis("start", depending(lambda at: vector(at["modes"], reals(0.5, 2))), None, "W(0)/a"),
        Axis("scale", Usual(reals(1e-60, 1), reals(1e-30, 1e-3, log=True)), None, "a"),
        Axis("tolerance", reals(1e-5, 0.5, log=True), None, "distance asked for"),
        Axis("time", Usual(reals(0, 1e4), Depending(_time)), None, "how long the flow runs"),
    ),
    emits=frozenset(
        {
            symbols.init_scale, symbols.init_least, symbols.init_largest, symbols.mode_first,
            symbols.mode_learned, symbols.mode_next, symbols.mode_last, symbols.mode_ratio,
            symbols.tolerance, symbols.flow_time, symbols.rank_gap,
        }
    ),
    engine=flow,
)  # fmt: skip
