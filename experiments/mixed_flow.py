"""Symmetric matrix factorization under gradient flow from any small initialization.

L(U) = 1/4 |Y - U U'|_F^2 in the basis of Y = diag(s_1, ..., s_K), U' = (Y - U U') U from
U(0) = sqrt(a) (I + tilt). W(0)/a = (I + tilt)(I + tilt)'.
"""

from __future__ import annotations

import math
from typing import Any

from experiments.two_layer.domains import Usual
from harness import flows, symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Depending,
    Domain,
    Partial,
    depending,
    integers,
    matrix,
    reals,
    vector,
)


def spread_of(tilt: Any) -> tuple[Any, float]:
    """I + tilt, and the larger of |W(0)/a|_2 and |(W(0)/a)^-1|_2; infinite where it is singular."""
    import numpy as np

    shape = np.eye(len(tilt)) + np.array(tilt, dtype=float)
    widths = np.linalg.svd(shape, compute_uv=False) ** 2
    return shape, max(float(widths[0]), 1 / float(widths[-1]) if widths[-1] > 0 else math.inf)


def _time(before: Partial) -> Domain:
    """Where Theorem 4 speaks of rank k, or just beside it."""
    spectrum, k = sorted(before["spectrum"], reverse=True), int(before["k"])
    _, M = spread_of(before["tilt"])
    e, a = before["tolerance"], before["scale"]
    begin = math.log(16 * spectrum[0] ** 2 * M**2 / (e * a)) / (2 * spectrum[k - 1])
    end = begin
    if k < len(spectrum):
        end = math.log(e / (16 * M**2 * a)) / (2 * spectrum[k])
    # the last mode has for ever
    return reals(0.99 * begin, 1.01 * max(begin, end if k < len(spectrum) else 1.5 * begin))


def flow(
    modes: int, k: int, spectrum: Any, tilt: Any, tolerance: float, scale: float, time: float
) -> dict[Any, Any]:
    """Integrate the factor and compare its square with the target's best approximation of rank k."""
    import numpy as np

    from experiments.flow.integrate import ROUNDING, measured

    s = np.sort(np.array(spectrum, dtype=float))[::-1]
    shape, spread = spread_of(tilt)
    wanted = np.diag(np.where(np.arange(modes) < k, s, 0.0))

    def field(_: float, state: Any) -> Any:
        U = state.reshape(modes, modes)
        return (s[:, None] * U - U @ (U.T @ U)).ravel()

    def gap(state: Any) -> dict[str, tuple[float, float]]:
        U = state.reshape(modes, modes)
        away = float(np.abs(np.linalg.eigvalsh(U @ U.T - wanted)).max())
        return {"rank_gap": (away, float(s[0]))}

    return {
        symbols.init_scale: scale, flows.spread: (spread, ROUNDING * spread**2),
        symbols.mode_first: s[0], symbols.mode_learned: s[k - 1], symbols.mode_last: s[-1],
        symbols.mode_next: s[k] if k < modes else 0,
        symbols.mode_ratio: (s[1:] / s[:-1]).max() if modes > 1 else 0,
        symbols.tolerance: tolerance, symbols.flow_time: time,
        **measured(field, math.sqrt(scale) * shape.ravel(), time, gap),
    }  # fmt: skip


mixed_flow = Experiment(
    id="mixed_flow",
    title="Symmetric matrix factorization, gradient flow, any small initialization",
    axes=(
        Axis("modes", Usual(integers(1, 4), integers(1, 3)), None, "K: size of the target"),
        Axis("k", depending(lambda at: integers(1, at["modes"])), None, "rank compared with"),
        Axis(
            "spectrum",
            depending(lambda at: vector(at["modes"], reals(0.5, 4, log=True))),
            None,
            "eigenvalues of Y",
        ),
        Axis(
            "tilt",
            depending(lambda at: matrix(at["modes"], at["modes"], reals(-0.5, 0.5))),
            None,
            "U(0)/sqrt(a) - I",
        ),
        Axis("tolerance", reals(1e-5, 0.5, log=True), None, "distance asked for"),
        Axis("scale", Usual(reals(1e-100, 1), reals(1e-50, 1e-16, log=True)), None, "a"),
        Axis("time", Usual(reals(0, 1e4), Depending(_time)), None, "how long the flow runs"),
    ),
    emits=frozenset(
        {
            symbols.init_scale, flows.spread, symbols.mode_first, symbols.mode_learned,
            symbols.mode_next, symbols.mode_last, symbols.mode_ratio, symbols.tolerance,
            symbols.flow_time, symbols.rank_gap,
        }
    ),
    engine=flow,
    share=0.3,
)  # fmt: skip
