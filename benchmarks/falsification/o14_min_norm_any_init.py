"""Gradient descent on underdetermined least squares reaches the minimum-norm solution.

False unless it starts in the row space (derived): what A does not see of x0 stays where it was.
Counterexample: A = [1 0], b = 0, x0 = (0, 1), here with a second row and column. The step is
1 / tr(AA'), so both claims can name a rate, 1 - det(AA') / tr(AA')^2, since the least eigenvalue
of AA' is at least det / tr. Everything is rational.

True neighbour: the limit is x0 + A^+ (b - A x0), approached at that rate. Equality: x0 in the row
space, where both claims say the same.
"""

from fractions import Fraction

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, integers, matrix, symbol, vector

det = symbol("det", "det(AA')", "run", r"\det AA^\top")
to_shortest = symbol("to_shortest", "|x - A^+ b|^2 after the last step", "run")
shortest_rate = symbol("shortest_rate", "rate^(2T) |x0 - A^+ b|^2", "run")
to_limit = symbol("to_limit", "|x - x0 - A^+ (b - A x0)|^2 after the last step", "run")
limit_rate = symbol("limit_rate", "rate^(2T) |A^+ (b - A x0)|^2", "run")
EMITTED = [det, to_shortest, shortest_rate, to_limit, limit_rate]


@experiment(emits=EMITTED, A=matrix(2, 3, integers(-3, 3)), b=vector(2, integers(-3, 3)),
            start=vector(3, integers(-3, 3)), rounds=integers(40, 120))
def least_squares(A, b, start, rounds):
    """Gradient descent in rational arithmetic; x / scale is the iterate, x and scale are whole."""
    A, b, start = (np.array(one, dtype=object) for one in (A, b, start))
    (p, q), (_, r) = A @ A.T
    if (size := p * r - q * q) == 0:
        return dict.fromkeys(EMITTED, 0)
    trace, adjugate = int(p + r), np.array([[r, -q], [-q, p]], dtype=object)
    shortest, limit = (x + A.T @ adjugate @ (b - A @ x) * Fraction(1, size) for x in (0 * start, start))
    x, scale = start, 1
    for _ in range(rounds):
        x, scale = trace * x + A.T @ (scale * b - A @ x), scale * trace
    x, rate = x * Fraction(1, scale), (1 - Fraction(size, trace**2)) ** (2 * rounds)
    return {
        det: size,
        to_shortest: sum((x - shortest) ** 2), shortest_rate: rate * sum((start - shortest) ** 2),
        to_limit: sum((x - limit) ** 2), limit_rate: rate * sum((start - limit) ** 2),
    }


full_rank = Hypothesis("full rank", "the rows of A are independent", det >= 1)
any_start = Theorem(
    title="Gradient descent finds the minimum-norm solution",
    provenance="derived", hypotheses=[full_rank],
    claims=[Claim("shortest", to_shortest <= shortest_rate, expected=Verdict.VIOLATED,
                  because="the component of x0 in the null space of A never moves")],
)
nearest_to_start = Theorem(
    title="Gradient descent finds the solution nearest to its start",
    provenance="derived", hypotheses=[full_rank],
    claims=[Claim("nearest", to_limit <= limit_rate)],
)
