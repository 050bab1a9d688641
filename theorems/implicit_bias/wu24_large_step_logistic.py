r"""Gradient descent with any step on separable logistic regression: average and late loss.

Setting. L(w) = mean log(1 + exp(-z_i.w)), F(w) = mean exp(-z_i.w), w_0 = 0, step eta; g a margin that
some unit vector attains on all z_i.
Hypotheses. |z_i| <= 1, g > 0; for the second claim T >= 1 steps after the first state with L <= 1/eta.
Statement. With that state w_s, and k steps later

    average: mean_loss <= (1 + log(g^2 eta T)^2 + eta^2/4) / (g^2 eta T)
    late: L_late <= (2 F_s + log(g^2 eta k)^2) / (g^2 eta k)
    stable: growth <= 1

where mean_loss averages L over the T states before w_T, L_late = L(w_{s+k}) and growth is the largest
ratio of a loss to the one before it, from w_s on.
Source. Wu, Bartlett, Telgarsky, Yu, COLT 2024 (PMLR 247), Theorem 1, parts (1) and (2).
Remarks. Part (3), how soon such a state occurs, is wu24_phase_transition. Steps are not limited by
2/smoothness.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Theorem, log
from harness import implicit_bias as s

g, eta, T, k = s.margin, s.step, s.steps_taken, s.late_steps
LONG: dict[str, Any] = {"n": 1, "along": [1.0], "across": [0.0], "step": 1.0, "steps": 1000}

spread = Definition("spread", log(g**2 * eta * T) ** 2, "squared distance to a good comparator")

theorem = Theorem(
    title="Large steps on separable logistic regression",
    source="wu2024, Theorem 1",
    hypotheses=(
        Hypothesis("short samples", "|z_i| <= 1", s.longest <= 1),
        Hypothesis("margin", "g > 0", g > 0),
        Hypothesis("phase", "L(w_s) <= 1/eta", s.phase_loss * eta <= 1),
        Hypothesis("after the phase", "k >= 1", k >= 1),
    ),
    claims=(
        Claim("average", s.mean_loss <= (1 + spread + eta**2 / 4) / (g**2 * eta * T)),
        Claim("late", s.late_loss <= (2 * s.phase_exp + log(g**2 * eta * k) ** 2) / (g**2 * eta * k)),
        Claim("stable", s.late_growth <= 1),
    ),
    spelled={
        "eta": eta, "T": T, "k": k, "g": g, "L_late": s.late_loss, "F_s": s.phase_exp,
        "growth": s.late_growth,
    },
    controls=(
        Control("no-logarithm", "average", {spread: 0}, configuration=LONG),
        Control("sixty-fourth", "late", {s.late_loss: 64 * s.late_loss}),
        Control("growth-doubled", "stable", {s.late_growth: 2 * s.late_growth}),
    ),
)  # fmt: skip
