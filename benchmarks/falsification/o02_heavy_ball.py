"""Polyak's heavy ball, tuned for quadratics, on 1-strongly convex 25-smooth functions. (It fails.)

False claim: x+ = x - f'(x)/9 + (4/9)(x - x-), Polyak's tuning for mu = 1, L = 25, converges; here:
it comes within a hundredth of the initial distance in 200 steps.
Counterexample (Lessard, Recht and Packard 2016): slopes 25, 1, 25 with breaks at 1 and 2, minimum at
0; an exact cycle of period 3, reached from x = 3.3.
True neighbour (derived): on quadratics the roots of r^2 - (1 + b - a s) r + b have modulus 2/3, so
|x_k| <= (2/3)^k (1 + 5k/3) |x_0| when the ball starts at rest.
"""

from sympy import Rational

from harness import Claim, Theorem, Verdict, experiment, reals, symbol, vector

T = 200
start = symbol("start_distance", "|x_0|, the minimum is at 0", "run", "|x_0|")
distance = symbol("distance_after", "max(|x_T|, |x_{T-1}|) with piecewise linear f'", "run")
quadratic = symbol("distance_quadratic", "the same with f quadratic, of the first slope", "run")


def orbit(gradient, x):
    """The larger of the last two iterates, started at rest."""
    before = x
    for _ in range(T):
        x, before = (13 * x - 4 * before - gradient(x)) / 9, x
    return max(abs(x), abs(before))


@experiment(
    emits=[start, distance, quadratic],
    slopes=vector(3, reals(1, 25)), breaks=vector(2, reals(-2, 2)), x0=reals(-5, 5),
)
def heavy_ball(slopes, breaks, x0):
    """f' is continuous, f'(0) = 0, and has these slopes between the breaks."""
    (left, middle, right), (low, high) = slopes, sorted(breaks)

    def rising(x):
        return left * min(x, low) + middle * min(max(x, low), high) + right * max(x, high)

    at_zero = rising(0.0)
    return {start: abs(x0), distance: orbit(lambda x: rising(x) - at_zero, x0),
            quadratic: orbit(lambda x: left * x, x0)}


heavy_ball_converges = Theorem(
    title="Polyak's heavy ball converges",
    provenance="remembered",
    claims=[
        Claim("converges", distance <= start / 100, expected=Verdict.VIOLATED,
              because="a cycle of period three: Lessard, Recht and Packard (2016)")
    ],
)
heavy_ball_on_quadratics = Theorem(
    title="Polyak's heavy ball converges on quadratics",
    provenance="derived",
    claims=[
        Claim("rate", quadratic <= Rational(2, 3) ** (T - 1) * Rational(5 * T - 2, 3) * start)],
)
