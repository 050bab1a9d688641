r"""The last iterate of subgradient descent under any schedule of step sizes.

Setting. x_{t+1} = x_t - g_t s_t, s_t a subgradient of a convex f at x_t, t = 1..T, R = |x_1 - x*|.
Hypotheses. None but those.
Statement. With S_k and G_k the sums of g_t and of g_t^2 |s_t|^2 over k <= t <= T and
tail = sum of g_k G_k / (S_k S_{k+1}) over k < T

    last: f_T - f* <= (R^2 + G_1) / (2 S_1) + tail / 2

Source. Defazio, Cutkosky, Mehta, Mishchenko 2023, Theorem 10; Schaipp et al., ICML 2025.
Remarks. Derived again: for the weighted mean A_k of f_t over t >= k, A_k - f_k <= G_k/(2 S_k) (compare
with x_k) and A_{k+1} - A_k = (g_k/S_{k+1}) (A_k - f_k); sum over k. Equality for |x| at T = 1, R = g_1.
"""

from __future__ import annotations

from harness import Claim, Control, Theorem
from harness.first_order import last_gap, moves_squared, schedule_sum, start_squared, tail_sum
from theorems.classical.scalings import SCALINGS

KINK = {"last": 1}
TWO = {"last": 2, "start": 0.25, "schedule": [1.0, 0.0625, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]}

theorem = Theorem(
    title="The last iterate of subgradient descent, any schedule",
    source="defazio2023, Theorem 10",
    provenance="derived",
    claims=(
        Claim(
            "last",
            last_gap <= (start_squared + moves_squared) / (2 * schedule_sum) + tail_sum / 2,
            witness=KINK,
        ),
    ),
    scalings=SCALINGS,
    spelled={
        "R^2": start_squared,
        "G_1": moves_squared,
        "S_1": schedule_sum,
        "tail": tail_sum,
        "f_T - f*": last_gap,
    },
    controls=(
        Control(
            "a-twentieth-less-of-the-moves",
            "last",
            {moves_squared: moves_squared * 19 / 20},
            configuration=KINK,
        ),
        Control("no-tail", "last", {tail_sum: 0}, configuration=TWO),
    ),
)
