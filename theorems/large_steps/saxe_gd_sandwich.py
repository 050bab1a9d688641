r"""How fast a two-layer linear network learns one singular direction: both sides, at finite step.

Setting. Gradient descent on 1/2 |W2 W1 - M|_F^2, hidden width at least the rank of M = U S V', from
W1 = Q diag(w) V', W2 = U diag(w) Q' with Q' Q = I. s a singular value of M, p_k the mode of W2 W1
along its direction, r_k = (s - p_k)/p_k; f is a fraction, hit the first step with p_k >= f s.
Hypotheses. 0 < p_0 < s and eta s < 1/2.
Statement.

    slowest: r_T <= r_0 slow^T,  slow = (1 + eta s)^-2
    fastest: r_T >= r_0 fast^T,  fast = 1 - 2 eta s
    not-sooner: hit >= log(r_0 f/(1 - f)) / (-log(1 - 2 eta s))
    not-later: hit <= max(0, log(r_0 f/(1 - f)) / (2 log(1 + eta s))) + 1

Source. Derived. The flow has r(t) = r_0 exp(-2 s t): Saxe, McClelland, Ganguli, ICLR 2014; the
fraction reached at finite step: Gidel, Bach, Lacoste-Julien, NeurIPS 2019.
Remarks. p+ = p (1 + eta (s - p))^2, hence r+/r = (1 - 2x - x(a - x))/(1 + a - x)^2 with x = eta p and
a = eta s; it falls on 0 < x <= a from (1 + a)^-2 to 1 - 2a, so both sides are attained in the limits
p_0 -> 0 and p_0 -> s. The exponent of the flow lies between the two.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Theorem
from harness import large_steps as s
from theorems.large_steps.modes import BELOW, SHORT, hitting, left
from theorems.large_steps.scalings import FACTORS

SMALL = {"shares": [0.03125, 0.5], "steps": 1, "pace": 0.25}
LARGE = {"shares": [0.9999, 0.5], "steps": 1, "pace": 0.25}
a = s.step * s.strength
slow = Definition("slow", (1 + a) ** -2, "largest factor of one step")
fast = Definition("fast", 1 - 2 * a, "least factor of one step")
start, end = left(s.strength, s.mode_start), left(s.strength, s.mode_end)
soonest, latest = hitting("", s.strength, s.mode_start)

theorem = Theorem(
    title="One mode of a two-layer linear network at finite step",
    source="saxe2014, at finite step",
    provenance="derived",
    hypotheses=(BELOW, SHORT),
    claims=(
        Claim("slowest", end <= start * slow**s.steps_taken, witness=SMALL),
        Claim("fastest", end >= start * fast**s.steps_taken, witness=LARGE),
        Claim("not-sooner", s.hit >= soonest, trivial=0),
        Claim("not-later", s.hit <= latest),
    ),
    scalings=(FACTORS,),
    spelled={
        "T": s.steps_taken, "s": s.strength, "eta": s.step, "r_0": start, "r_T": end,
        "f": s.fraction,
    },
    controls=(
        Control("flow-below", "slowest", {slow: slow * 19 / 20}, configuration=SMALL),
        Control("flow-above", "fastest", {fast: fast * 21 / 20}, configuration=LARGE),
        Control("twice-as-late", "not-sooner", {soonest: 2 * soonest}),
        Control("half-as-late", "not-later", {latest: latest / 2}),
    ),
)  # fmt: skip
