r"""How far gradient flow on a scaled model moves.

Setting. lazy_setting.py: gradient flow w on R(a h(w)) / a^2 for a time T; R_0 and R_T are R(a h(w)) at the
start and at time T. Any h and any start.
Statement.

    movement: |w(T) - w_0| <= sqrt(T R_0) / a
    sharper: |w(T) - w_0| <= sqrt(T (R_0 - R_T)) / a

Source. Chizat, Oyallon, Bach, NeurIPS 2019 (arXiv 1812.07956), Theorem 2.2, its explicit part; derived
by the Cauchy-Schwarz inequality from int |w'|^2 = (R_0 - R_T) / a^2.
Remarks. The second is attained in the limit T -> 0. On a quadratic the first comes no closer than the
largest (1 - e^-x) / sqrt(x/2), 0.9025 at x = 1.256. With h(w_0) = 0 and R(y) = 1/2 |y - y*|^2, the movement is of
order 1/a.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Theorem, sqrt
from harness import finite_width as s
from harness.symbols import flow_time
from theorems.finite_width.lazy_setting import LINEAR, SCALINGS, SPELLED

a = s.lazy_scale
SOON: dict[str, Any] = {**LINEAR, "clock": 0.01}
NEAREST: dict[str, Any] = {**LINEAR, "clock": 1.256}

theorem = Theorem(
    title="Movement of gradient flow on a scaled model",
    source="chizat2019, Theorem 2.2",
    provenance="derived",
    claims=(
        Claim("movement", s.flow_move <= sqrt(flow_time * s.risk_start) / a, witness=NEAREST),
        Claim("sharper", s.flow_move <= sqrt(flow_time * s.risk_drop) / a, witness=SOON),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(
        Control("a-sixth-less", "movement", {a: 6 * a / 5}, configuration=NEAREST),
        Control("a-fiftieth-less", "sharper", {a: 51 * a / 50}, configuration=SOON),
    ),
)
