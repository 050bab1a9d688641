"""Anderson acceleration AA(1) never has a larger residual than Picard iteration, at any step.

False (derived, by search): not even for symmetric 2 x 2 contractions x -> Mx + b. On linear maps the
residual of AA(1) is M times the shortest vector on the line through the last two residuals, in rational
arithmetic here.
True neighbour: its residual never grows (derived: that vector is no longer than the last residual, and
|M| <= 1). Entries in [-1/2, 1/2] make M such. Equality at M = 0, which must stay quiet.
"""

from fractions import Fraction

import numpy as np

from harness import Claim, Theorem, Verdict, experiment, integers, reals, symbol, vector

anderson = symbol("anderson", "|residual|^2 of AA(1) at the last step", "run")
anderson_before = symbol("anderson_before", "|residual|^2 of AA(1) one step earlier", "run")
picard = symbol("picard", "|residual|^2 of Picard iteration at the last step", "run")


@experiment(emits=[anderson, anderson_before, picard], entries=vector(3, reals(-0.5, 0.5)),
            residual=vector(2, reals(-1, 1)), rounds=integers(2, 3))
def contraction(entries, residual, rounds):
    """Residuals only: b and the start of the iteration matter through the first of them."""
    a, b, c, x, y = (Fraction(one) for one in (*entries, *residual))
    M, before = np.array([[a, b], [b, c]]), np.array([x, y])
    now = plain = M @ before
    for _ in range(rounds - 1):
        change = now - before
        share = (now @ change) / (change @ change) if any(change) else Fraction(0)
        before, now, plain = now, M @ (now - share * change), M @ plain
    return {anderson: now @ now, anderson_before: before @ before, picard: plain @ plain}


beats_picard = Theorem(
    title="AA(1) is at least as good as Picard at every step", provenance="derived",
    claims=[Claim("better", anderson <= picard, expected=Verdict.VIOLATED,
                  because="the shortest mixture may lie where M contracts least")],
)
never_grows = Theorem(
    title="The residual of AA(1) never grows", provenance="derived",
    claims=[Claim("monotone", anderson <= anderson_before)],
)
