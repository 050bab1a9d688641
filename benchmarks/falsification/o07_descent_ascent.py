"""Simultaneous gradient descent-ascent converges on convex-concave problems. (Bilinear ones: no.)

False claim: for min over x, max over y of x'Ay steps below 1/L do not lead z = (x, y) away from 0.
Counterexample: f = xy, where |z_k|^2 = (1 + eta^2)^k |z_0|^2: 2.70481 for eta = 0.1, k = 100.
True neighbour (Korpelevich 1976): the extragradient, |z+|^2 = (1 - eta^2 + eta^4) |z|^2 on xy.
Rounding: none, ten steps in rationals. Of L = |A|_2 only the upper bound |A|_F is asked.
"""

from fractions import Fraction

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, matrix, reals, symbol, vector

step_norm = symbol("step_norm", "eta^2 |A|_F^2", "run", r"\eta^2\|A\|_F^2")
start = symbol("start_squared", "|z_0|^2", "run", r"\|z_0\|^2")
plain = symbol("squared_plain", "|z_10|^2, descent-ascent", "run")
extra = symbol("squared_extra", "|z_10|^2, extragradient", "run")
short = Hypothesis("short step", "eta |A|_F < 1", step_norm < 1)


@experiment(
    emits=[step_norm, start, plain, extra],
    eta=reals(0.01, 0.3), A=matrix(2, 2, reals(-2, 2)), z0=vector(4, reals(-1, 1)),
)
def saddle_point(eta, A, z0):
    """The field of x'Ay is linear and skew: (-Ay, A'x)."""
    A, z0 = (np.vectorize(Fraction, otypes=[object])(one) for one in (A, z0))
    field = Fraction(eta) * np.block(
        [[np.zeros((2, 2), dtype=int), -A], [A.T, np.zeros((2, 2), dtype=int)]]
    )
    z = w = z0
    for _ in range(10):
        z, w = z + field @ z, w + field @ (w + field @ w)
    return {step_norm: np.sum((Fraction(eta) * A) ** 2), start: z0 @ z0,
            plain: z @ z, extra: w @ w}


descent_ascent = Theorem(
    title="Gradient descent-ascent converges",
    provenance="derived",
    hypotheses=[short],
    claims=[Claim("closer", plain <= start, expected=Verdict.VIOLATED, because="it spirals out")],
)
extragradient = Theorem(
    title="The extragradient method converges",
    source="korpelevich1976",
    provenance="derived",
    hypotheses=[short],
    claims=[Claim("closer", extra <= start)],
)
