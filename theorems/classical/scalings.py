"""Changes of units that statements about first-order methods survive: of f, and of x.

With f -> s^a f and x -> s^b x a gradient scales by s^(a - b), a second derivative by s^(a - 2 b), and
the orbit stays the same for steps scaled by s^(2 b - a); steps divided by a root of squared
gradients, by s^b.
"""

from __future__ import annotations

from harness import Scaling
from harness import first_order as s

CURVATURES = (s.smooth, s.lower, s.strong, s.pl, s.sample_smooth, s.trace)
VALUES = (
    s.gap, s.gap_start, s.gap_before, s.decrease, s.fall, s.fall_next, s.mean_gap, s.last_gap,
    s.tail_sum, s.mean_risk, s.label_noise,
)  # fmt: skip
SQUARED_GRADIENTS = (
    s.grad_start, s.grad_squared, s.grad_least, s.grad_before, s.noise_squared,
    s.noise_at_minimum, s.epsilon, s.adagrad_mean, s.adam_mean,
)  # fmt: skip
SQUARED_LENGTHS = (
    s.start_squared, s.dist_squared, s.dist_before, s.ball_squared, s.mean_dist_squared,
    s.moves_squared, s.effective_start,
)  # fmt: skip

DEGREES = {
    **dict.fromkeys(CURVATURES, (1, -2)),
    **dict.fromkeys(VALUES, (1, 0)),
    **dict.fromkeys(SQUARED_GRADIENTS, (2, -2)),
    **dict.fromkeys(SQUARED_LENGTHS, (0, 2)),
    **dict.fromkeys((s.gamma, s.schedule_sum), (-1, 2)),
    s.grad_bound: (1, -1),
    s.effective_bias: (-1, 4),
    s.rate_adaptive: (0, 1),
}
"""The exponents of a and of b, symbol by symbol."""

SCALINGS = (
    Scaling("values", {one: a for one, (a, _) in DEGREES.items()}),
    Scaling("lengths", {one: b for one, (_, b) in DEGREES.items()}),
)
