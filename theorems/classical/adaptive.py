"""Methods that divide each step by a root of squared gradients: what their bounds share."""

from __future__ import annotations

from sympy import Expr, sqrt

from harness import Definition
from harness import first_order as s

a = s.rate_adaptive

SPELLED: dict[str, Expr] = {
    "N": s.rounds, "L": s.smooth, "R": s.grad_bound, "a": a, "d": s.dimension, "eps": s.epsilon,
    "D_0": s.gap_start,
}  # fmt: skip
FROM_THE_TOP = {"count": 1, "share": 1.0, "floor": 0.0625, "start": [1.5625, 1.5625]}

price = Definition("price", 4 * s.dimension * s.grad_bound**2, "of the noise")
bending = Definition("bending", a * s.dimension * s.grad_bound * s.smooth, "of the curvature")
largest = Definition(
    "largest", s.dimension * (s.grad_bound - sqrt(s.epsilon)) ** 2, "of |grad f|^2, anywhere"
)
