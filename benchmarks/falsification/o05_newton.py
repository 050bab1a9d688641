"""Newton's method converges on smooth strongly convex functions. (Not without a line search.)

False claim: pure Newton on f(x) = x^2/2 + a int atan(bx), whose second derivative lies in [1, 1 + ab].
f' is odd and f'' falls with |x|, so the Newton map is odd and |x| -> |x+| increases: where the first
step does not come closer to the minimum at 0, no later one does, and one step decides convergence.
Counterexample: a = 5, b = 1, |x_0| >= 2, say. For sqrt(1 + x^2) likewise x+ = -x^3.
True neighbour: Newton with Armijo backtracking converges from everywhere.
Rounding: f' and f'' are sums of terms of one sign; twelve roundings a step, relative to |x| and |x+ - x|.
The damped run is taken as it was computed: its last iterate is a double and the minimum is exactly 0.
"""

import math

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol

start = symbol("start_distance", "|x_0|", "run", "|x_0|")
ratio = symbol("newton_ratio", "|x_1| / |x_0| of the pure step", "run", "|x_1|/|x_0|")
damped = symbol("damped_ratio", "|x_T| / |x_0| with Armijo backtracking, T = 100", "run")
away = Hypothesis("away", "the start is not the minimum", start >= 1e-3)


@experiment(emits=[start, ratio, damped], a=reals(0, 10), b=reals(0.1, 10), x0=reals(-50, 50))
def newton(a, b, x0):
    """f(x) = x^2/2 + a (x atan(bx) - log(1 + b^2 x^2)/(2b))."""

    def value(x):
        return x * x / 2 + a * (x * math.atan(b * x) - math.log1p((b * x) ** 2) / (2 * b))

    def slope(x):
        return x + a * math.atan(b * x)

    def step(x):
        return -slope(x) / (1 + a * b / (1 + (b * x) ** 2))

    x, far = x0, max(abs(x0), 1e-3)
    for _ in range(100):
        full, share = step(x), 1.0
        while value(x + share * full) > value(x) + share / 4 * full * slope(x) and share > 1e-9:
            share /= 2
        x += share * full
    first = step(x0)
    return {
        start: (abs(x0), 0),
        ratio: (abs(x0 + first) / far, 12 * 2**-52 * (far + abs(first)) / far),
        damped: abs(x) / far,
    }


pure_newton = Theorem(
    title="Newton's method converges globally",
    provenance="derived",
    hypotheses=[away],
    claims=[Claim("closer", ratio <= 1, expected=Verdict.VIOLATED, because="cycles and worse")],
)
damped_newton = Theorem(
    title="Newton's method with backtracking converges globally",
    hypotheses=[away],
    claims=[Claim("converges", damped <= 1e-6)],
)
