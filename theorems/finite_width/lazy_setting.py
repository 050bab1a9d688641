"""Setting of the statements about lazy training: gradient flow on R(a h(w)) / a^2.

R is m-strongly convex and M-smooth with minimiser y*, where it is 0; kappa = M/m. J is the Jacobian of h,
L its Lipschitz constant.
"""

from __future__ import annotations

from typing import Any

from harness import Definition, Scaling
from harness import finite_width as s
from harness.symbols import flow_time

kappa = Definition("kappa", s.risk_smooth / s.risk_convex, "condition number of R", r"\kappa")

GAPS = (s.lazy_gap, s.lazy_gap_start, s.label_norm)
RISKS = (s.risk_start, s.risk_drop)
JACOBIANS = (s.jac_smin, s.jac_smax)

WEIGHTS = Scaling(
    "weights",
    {s.jac_lipschitz: -2, flow_time: 2, s.flow_move: 1, **dict.fromkeys(JACOBIANS, -1)},
)
MODEL = Scaling(
    "model",
    {
        s.model_start: 1,
        s.jac_lipschitz: 1,
        flow_time: -2,
        s.lazy_scale: -1,
        **dict.fromkeys(JACOBIANS, 1),
    },
)
LABELS = Scaling("labels", {s.lazy_scale: 1, **dict.fromkeys(GAPS, 1), **dict.fromkeys(RISKS, 2)})
RISK = Scaling(
    "risk", {s.risk_convex: 1, s.risk_smooth: 1, flow_time: -1, **dict.fromkeys(RISKS, 1)}
)
SCALINGS = (WEIGHTS, MODEL, LABELS, RISK)

SPELLED = {
    "T": flow_time, "a": s.lazy_scale, "m": s.risk_convex, "M": s.risk_smooth, "L": s.jac_lipschitz,
    "R_0": s.risk_start, "R_0 - R_T": s.risk_drop, "sigma_n(J_0)": s.jac_smin, "|J_0|": s.jac_smax,
    "|h(w_0)|": s.model_start, "|y*|": s.label_norm, "|a h(w_0) - y*|": s.lazy_gap_start,
    "|a h(w(T)) - y*|": s.lazy_gap, "|w(T) - w_0|": s.flow_move,
}  # fmt: skip

LINEAR: dict[str, Any] = {"activation": "linear", "X": [[1, 0], [0, 1.001]]}
"""J is constant and J J' nearly a multiple of the identity: an integrator cannot tell equality."""
