"""Local gradient descent converges to the minimiser of the average loss. (Not if H > 1.)

False claim: for f_i(x) = a_i (x - b_i)^2 / 2, averaging after H local steps, the limit is the
minimiser sum a_i b_i / sum a_i.
Counterexample (derived): a = (1, 10), b = (0, 1), H = 5, eta = 0.05 has the limit 0.81069,
since a client pulls with weight 1 - (1 - eta a_i)^H; the minimiser is 10/11.
True neighbours: H = 1, or equal curvatures.
Rounding: none, the fixed point of one round is computed in rationals.
"""

from fractions import Fraction

from harness import (
    Claim, Eq, Hypothesis, Theorem, Verdict, experiment, integers, reals, symbol, vector,
)

H = symbol("H", "local steps a round", "configuration")
spread = symbol("curvature_spread", "largest curvature less the smallest", "run")
limit = symbol("limit", "fixed point of one round", "run", r"\bar x")
minimiser = symbol("minimiser", "of the average loss", "run", "x^*")


@experiment(
    emits=[H, spread, limit, minimiser],
    H=integers(1, 8), eta=reals(0.001, 0.09),
    curvatures=vector(2, integers(1, 10)), centres=vector(2, reals(-1, 1)),
)
def local_descent(H, eta, curvatures, centres):
    """A round maps x to the mean of slope x + shift over the clients."""
    eta, centres = Fraction(eta), [Fraction(one) for one in centres]
    slopes = shifts = weighted = Fraction(0)
    for curvature, centre in zip(curvatures, centres, strict=True):
        slope, shift = Fraction(1), Fraction(0)
        for _ in range(H):
            slope -= eta * curvature * slope
            shift -= eta * curvature * (shift - centre)
        slopes, shifts, weighted = slopes + slope, shifts + shift, weighted + curvature * centre
    return {spread: max(curvatures) - min(curvatures), limit: shifts / (len(centres) - slopes),
            minimiser: weighted / sum(curvatures)}


unbiased = Claim("unbiased", Eq(limit, minimiser))
local_steps = Theorem(
    title="Local descent converges to the minimiser",
    provenance="derived",
    claims=[
        Claim("unbiased", Eq(limit, minimiser), expected=Verdict.VIOLATED, because="client drift")],
)
one_local_step = Theorem(
    title="Local descent with one local step converges to the minimiser",
    provenance="derived",
    hypotheses=[Hypothesis("one step", "H = 1", Eq(H, 1))],
    claims=[unbiased],
)
equal_curvatures = Theorem(
    title="Local descent with equal curvatures converges to the minimiser",
    provenance="derived",
    hypotheses=[Hypothesis("alike", "the curvatures are equal", Eq(spread, 0))],
    claims=[unbiased],
)
