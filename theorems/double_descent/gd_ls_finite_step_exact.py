r"""The risk of least squares at every step, exactly: any step size, any initialization.

Setting. y = X w* + noise of variance s2, L(w) = |Xw - y|^2 / (2 n), H = X'X/n with eigenvalues s_1, s_2, ...
(zeros included); a = w_0 - w* and the second moment P of a fresh input, any, in the eigenbasis of H. A method
leaves q_i of a_i; v = s2/n, s_i^+ = 1/s_i or 0. kept is the sum over i and j of q_i a_i P_ij a_j q_j, fitted that
over i of P_ii (1 - q_i)^2 s_i^+.
Hypotheses. None: eta may be any number, also one that diverges.
Statement. The mean over the labels of |w - w*|_P^2, for gradient descent after T steps, q_i = (1 - eta s_i)^T;
the heavy ball (first step plain), q+ = (1 - eta s_i + m) q - m q-; gradient flow at time tau = eta T, q_i = exp(-s_i tau);
and ridge regression towards w_0, q_i = lambda / (s_i + lambda)

    descent: risk_descent = kept_descent + v fitted_descent
    heavy-ball: risk_heavy = kept_heavy + v fitted_heavy
    flow: risk_flow = kept_flow + v fitted_flow
    ridge: risk_ridge = kept_ridge + v fitted_ridge

Source. Derived. Advani, Saxe, arXiv 1710.03667, have the flow in the limit n, p -> infinity.
Remarks. Up to eight weights are put to the test. Where s_i = 0 the start is kept for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Eq

from harness import Claim, Control, Definition, Theorem, exp
from harness import double_descent as s
from theorems.double_descent.scalings import INPUTS, LABELS, TEST

DIVERGING: dict[str, Any] = {"spectrum": [4.0, 2.0, 0.25], "step": 1.0}


def filtered(name: str, filters: Sequence[Any]) -> Any:
    """The risk of a method that leaves q_i of a_i."""
    left = [q * a for q, a in zip(filters, s.offsets, strict=True)]
    kept = sum(
        (1 if i == j else 2) * left[i - 1] * left[j - 1] * one for (i, j), one in s.tests.items()
    )
    fitted = sum(
        s.tests[i, i] * (1 - q) ** 2 * inverse
        for i, (q, inverse) in enumerate(zip(filters, s.inverses, strict=True), 1)
    )
    return Definition(f"kept_{name}", kept, "share of the start") + s.label_noise * Definition(
        f"fitted_{name}", fitted, "noise fitted over v"
    )


flow = [Definition(f"qf{i}", exp(-one * s.duration), f"filter of the flow at s_{i}")
        for i, one in enumerate(s.spectra, 1)]  # fmt: skip
shrunk = [Definition(f"qr{i}", s.ridge / (one + s.ridge), f"filter of ridge at s_{i}")
          for i, one in enumerate(s.spectra, 1)]  # fmt: skip
RISKS = {
    "descent": filtered("descent", s.descents), "heavy-ball": filtered("heavy", s.heavies),
    "flow": filtered("flow", flow), "ridge": filtered("ridge", shrunk),
}  # fmt: skip
MORE_NOISE = {s.label_noise: s.label_noise * 21 / 20}

theorem = Theorem(
    title="Risk of least squares under descent, heavy ball, flow and ridge, as spectral filters",
    source="advani2017",
    provenance="derived",
    claims=(
        Claim("descent", Eq(s.risk_descent, RISKS["descent"])),
        Claim("heavy-ball", Eq(s.risk_heavy, RISKS["heavy-ball"])),
        Claim("flow", Eq(s.risk_flow, RISKS["flow"])),
        Claim("ridge", Eq(s.risk_ridge, RISKS["ridge"])),
    ),
    scalings=(INPUTS, LABELS, TEST),
    spelled={"v": s.label_noise},
    controls=(
        *(Control(f"a-twentieth-more-noise-{one}", one, MORE_NOISE)
          for one in RISKS),
        Control("the-flow-for-descent", "descent", dict(zip(s.descents, flow, strict=True)),
                configuration=DIVERGING),
    ),
)  # fmt: skip
