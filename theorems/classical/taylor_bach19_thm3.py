r"""A potential of gradient descent on convex functions: value, gradient and distance at once.

Setting. x_{k+1} = x_k - g f'(x_k), f convex with an L-Lipschitz gradient; D_k = f(x_k) - f*.
Hypotheses. f convex, 0 < g <= 1/L.
Statement. Divided by L^2 for g = 1/L as printed: from N - 1 to N

    potential: (2 N + 1) g D_N + N (N + 2) g^2 |f'(x_N)|^2 + |x_N - x*|^2
        <= (2 N - 1) g D_{N-1} + (N^2 - 1) g^2 |f'(x_{N-1})|^2 + |x_{N-1} - x*|^2

Source. Taylor, Bach, COLT 2019, Theorem 3, for g = 1/L; L may be any Lipschitz constant, so 1/g.
Remarks. Equality on L t |x| - L t^2/2, |x| >= t (Huber's function), as long as the orbit stays there.
"""

from __future__ import annotations

from harness import Claim, Control, Hypothesis, Theorem
from harness.first_order import (
    dist_before,
    dist_squared,
    gamma,
    gap,
    gap_before,
    grad_before,
    grad_squared,
    rounds,
    smooth,
)
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import CONVEX, SPELLED

HUBER = {"slopes": [0.0, 1.0, 0.0], "breaks": [-0.25, 0.25], "count": 2}
N, g = rounds, gamma

now = (2 * N + 1) * g * gap + N * (N + 2) * g**2 * grad_squared + dist_squared
before = (2 * N - 1) * g * gap_before + (N**2 - 1) * g**2 * grad_before + dist_before

theorem = Theorem(
    title="A potential for gradient descent on convex functions",
    source="taylorbach2019, Theorem 3",
    hypotheses=(CONVEX, Hypothesis("short step", "g <= 1/L", gamma * smooth <= 1)),
    claims=(Claim("potential", now <= before, witness=HUBER),),
    scalings=SCALINGS,
    spelled={
        **SPELLED,
        "D_{N-1}": gap_before,
        "|f'(x_{N-1})|^2": grad_before,
        "|x_{N-1} - x*|^2": dist_before,
    },
    controls=(
        Control(
            "a-twentieth-more-gradient",
            "potential",
            {grad_squared: grad_squared * 21 / 20},
            configuration=HUBER,
        ),
    ),
)
