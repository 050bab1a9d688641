"""Nesterov's accelerated gradient decreases the function at every step. (It does not.)

False claim: f(x_k) is non-increasing, for steps 1/L and momentum k/(k + 3) after step k.
Counterexample: nearly every quadratic; curvatures 1 and 1/10 from (1, 1) will do.
True neighbour (Nesterov 1983; Su, Boyd and Candes 2016): f(x_k) - f* <= 2 L R^2 / (k + 1)^2.
Rounding: none, forty steps in rationals; L = 1 and the minimum is 0 at the origin.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol, vector

radius = symbol("radius_squared", "R^2 = |x_0|^2", "run", "R^2")
rise = symbol("rise", "largest f(x_{k+1}) - f(x_k)", "run")
scaled_gap = symbol("scaled_gap", "largest (k + 1)^2 (f(x_k) - f*)", "run")
away = Hypothesis("away", "the start is not the minimum", radius > 0)


@experiment(
    emits=[radius, rise, scaled_gap],
    curvatures=vector(2, reals(0.01, 1)), x0=vector(2, reals(-1, 1)),
)
def nesterov(curvatures, x0):
    """f(x) = 1/2 sum of curvature times x^2."""
    curvature, x = (np.array([Fraction(one) for one in v]) for v in (curvatures, x0))
    y, values = x, [curvature @ (x * x) / 2]
    for k in range(40):
        after = (1 - curvature) * y
        y, x = after + Fraction(k, k + 3) * (after - x), after
        values.append(curvature @ (x * x) / 2)
    return {radius: sum(Fraction(one) ** 2 for one in x0),
            rise: max(after - before for before, after in pairwise(values)),
            scaled_gap: max((k + 1) ** 2 * gap for k, gap in enumerate(values))}


nesterov_monotone = Theorem(
    title="Accelerated gradient is a descent method",
    provenance="remembered",
    claims=[Claim("descent", rise <= 0, expected=Verdict.VIOLATED, because="it overshoots")],
)
nesterov_rate = Theorem(
    title="Accelerated gradient converges as 1/k^2",
    source="nesterov1983",
    provenance="remembered",
    hypotheses=[away],
    claims=[Claim("rate", scaled_gap <= 2 * radius)],
)
