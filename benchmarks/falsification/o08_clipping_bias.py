"""Clipping keeps the direction of the mean gradient. (Only for symmetric noise.)

False claim: E[clip(g)] has the sign of E[g] for a scalar g with three values.
Counterexample: 4 with probability 1/4, -1 with 3/4, clip at 1: E g = 1/4, E clip(g) = -1/2.
True neighbour (derived): m + n with n symmetric, since clip(m + n) + clip(m - n) has the sign of m.
Rounding: none, rationals. The clipping level is the median of the |values|.
"""

from fractions import Fraction

from harness import Claim, Theorem, Verdict, experiment, reals, symbol, vector

agreement = symbol("agreement", "E[clip(g)] E[g] over level times E|g|", "run")
symmetric = symbol("agreement_symmetric", "the same with g = m + n, n symmetric", "run")


@experiment(
    emits=[agreement, symmetric],
    values=vector(3, reals(-10, 10)), weights=vector(3, reals(0.01, 1)), m=reals(-10, 10),
)
def clipped(values, weights, m):
    """The law has these values; n is plus or minus one of them, with equal chance."""
    values, weights = ([Fraction(one) for one in part] for part in (values, weights))
    level, m = sorted(abs(one) for one in values)[1], Fraction(m)

    def alike(law):
        total = sum(weight for _, weight in law)
        mean = sum(g * weight for g, weight in law) / total
        mean_clipped = sum(max(-level, min(level, g)) * weight for g, weight in law) / total
        size = level * sum(abs(g) * weight for g, weight in law) / total
        return mean_clipped * mean / size if size else 0

    law = list(zip(values, weights, strict=True))
    both = [(m + sign * value, weight) for value, weight in law for sign in (1, -1)]
    return {agreement: alike(law), symmetric: alike(both)}


clipping = Theorem(
    title="Clipping keeps the sign of the mean",
    provenance="remembered",
    claims=[Claim("sign", agreement >= 0, expected=Verdict.VIOLATED, because="skewed noise")],
)
clipping_symmetric = Theorem(
    title="Clipping keeps the sign of the mean under symmetric noise",
    provenance="derived",
    claims=[Claim("sign", symmetric >= 0)],
)
