r"""Gradient descent with any step on separable logistic regression leaves the unstable phase in time.

Setting. That of wu24_large_step_logistic: L(w) = mean log(1 + exp(-z_i.w)), F(w) = mean exp(-z_i.w),
w_0 = 0, step eta, n samples, g a margin that some unit vector attains on all of them.
Hypotheses. |z_i| <= 1, g > 0.
Statement. The first state with L <= 1/eta and F <= 1 comes at a step

    phase: phase_start <= 60 max(eta, n, exp(1), (eta + n) / eta log((eta + n) / eta)) / g^2

where a run of T steps without one counts as T + 1.
Source. Wu, Bartlett, Telgarsky, Yu, COLT 2024 (PMLR 247), Theorem 1, part (3).
Remarks. Loose: random problems need .3 in place of 60 for n = 2, and less for more samples.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Max, Theorem, exp, log
from harness import implicit_bias as s

g, eta, n = s.margin, s.step, s.samples_count
SLOW: dict[str, Any] = {
    "n": 2, "along": [0.125, 0.125], "across": [0.5, -0.375], "step": 64.0, "steps": 200,
}  # fmt: skip

ratio = (eta + n) / eta
slowest = Definition("slowest", Max(eta, n, exp(1), ratio * log(ratio)), "of what takes time")

theorem = Theorem(
    title="How long large steps stay unstable",
    source="wu2024, Theorem 1",
    hypotheses=(
        Hypothesis("short samples", "|z_i| <= 1", s.longest <= 1),
        Hypothesis("margin", "g > 0", g > 0),
    ),
    claims=(Claim("phase", s.phase_start <= 60 * slowest / g**2),),
    spelled={"eta": eta, "n": n, "g": g},
    controls=(Control("far-too-soon", "phase", {slowest: slowest / 6000}, configuration=SLOW),),
)
