r"""The risk of least squares at every step, exactly: any step size, any initialization.

Setting. y = X w* + noise of variance s2, L(w) = |Xw - y|^2 / (2 n), H = X'X/n with eigenvalues s_1, s_2
(zeros included); a = w_0 - w* and the second moment P of a fresh input in the eigenbasis of H. A method
leaves q_i of a_i; v = s2/n, s_i^+ = 1/s_i or 0.
Hypotheses. None: eta may be any number, also one that diverges.
Statement. The mean over the labels of |w - w*|_P^2, for gradient descent after T steps, q_i = (1 - eta s_i)^T;
the heavy ball (first step plain), q+ = (1 - eta s_i + m) q - m q-; gradient flow at time tau = eta T and
ridge regression towards w_0

    descent: risk_descent = (qd1 a_1)^2 P_11 + 2 qd1 qd2 a_1 a_2 P_12 + (qd2 a_2)^2 P_22
        + v (P_11 (1 - qd1)^2 s_1^+ + P_22 (1 - qd2)^2 s_2^+)
    heavy-ball: risk_heavy = (qh1 a_1)^2 P_11 + 2 qh1 qh2 a_1 a_2 P_12 + (qh2 a_2)^2 P_22
        + v (P_11 (1 - qh1)^2 s_1^+ + P_22 (1 - qh2)^2 s_2^+)
    flow: risk_flow = (qf1 a_1)^2 P_11 + 2 qf1 qf2 a_1 a_2 P_12 + (qf2 a_2)^2 P_22
        + v (P_11 (1 - qf1)^2 s_1^+ + P_22 (1 - qf2)^2 s_2^+)
    ridge: risk_ridge = (qr1 a_1)^2 P_11 + 2 qr1 qr2 a_1 a_2 P_12 + (qr2 a_2)^2 P_22
        + v (P_11 (1 - qr1)^2 s_1^+ + P_22 (1 - qr2)^2 s_2^+)

with qf1 = exp(-s_1 tau), qf2 = exp(-s_2 tau), qr1 = lambda / (s_1 + lambda),
qr2 = lambda / (s_2 + lambda).

Source. Derived. Advani, Saxe, arXiv 1710.03667, have the flow in the limit n, p -> infinity.
Remarks. Two weights; with more the sums run over all pairs. Where s_i = 0 the start is kept for ever.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Definition, Theorem, exp
from harness import double_descent as s
from theorems.double_descent.scalings import INPUTS, LABELS, TEST

PAIRS = ((s.spectrum_1, s.inverse_1), (s.spectrum_2, s.inverse_2))
DIVERGING: dict[str, Any] = {"spectrum": [4.0, 0.25], "step": 1.0}


def filtered(q1: Any, q2: Any) -> Any:
    """The risk of a method that leaves q_i of a_i."""
    a1, a2 = q1 * s.offset_1, q2 * s.offset_2
    fitted = s.test_11 * (1 - q1) ** 2 * s.inverse_1 + s.test_22 * (1 - q2) ** 2 * s.inverse_2
    kept = a1**2 * s.test_11 + 2 * a1 * a2 * s.test_12 + a2**2 * s.test_22
    return kept + s.label_noise * fitted


flow = [Definition(f"qf{i}", exp(-one * s.duration), f"filter of the flow at s_{i}")
        for i, (one, _) in enumerate(PAIRS, 1)]  # fmt: skip
shrunk = [Definition(f"qr{i}", s.ridge / (one + s.ridge), f"filter of ridge at s_{i}")
          for i, (one, _) in enumerate(PAIRS, 1)]  # fmt: skip
MORE_NOISE = {s.label_noise: s.label_noise * 21 / 20}

theorem = Theorem(
    title="Risk of least squares under descent, heavy ball, flow and ridge, as spectral filters",
    source="advani2017",
    provenance="derived",
    claims=(
        Claim("descent", Eq(s.risk_descent, filtered(s.descent_1, s.descent_2))),
        Claim("heavy-ball", Eq(s.risk_heavy, filtered(s.heavy_1, s.heavy_2))),
        Claim("flow", Eq(s.risk_flow, filtered(*flow))),
        Claim("ridge", Eq(s.risk_ridge, filtered(*shrunk))),
    ),
    scalings=(INPUTS, LABELS, TEST),
    spelled={
        "qd1": s.descent_1, "qd2": s.descent_2, "qh1": s.heavy_1, "qh2": s.heavy_2,
        "a_1": s.offset_1, "a_2": s.offset_2, "P_11": s.test_11, "P_12": s.test_12,
        "P_22": s.test_22, "v": s.label_noise, "s_1": s.spectrum_1, "s_2": s.spectrum_2,
        "s_1^+": s.inverse_1, "s_2^+": s.inverse_2, "lambda": s.ridge, "tau": s.duration,
    },
    controls=(
        *(Control(f"a-twentieth-more-noise-{one}", one, MORE_NOISE)
          for one in ("descent", "heavy-ball", "flow", "ridge")),
        Control("the-flow-for-descent", "descent", dict(zip((s.descent_1, s.descent_2), flow, strict=True)),
                configuration=DIVERGING),
    ),
)  # fmt: skip
