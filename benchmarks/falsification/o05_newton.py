"""Newton's method converges on smooth strongly convex functions. (Not without a line search.)

False claim: pure Newton on f(x) = x^2/2 + a int atan(bx), with second derivative in [1, 1 + ab],
comes within a hundredth of the initial distance from the minimum at 0 in 50 steps.
Counterexample: a = 5, b = 1, x_0 = 3 and most others end in a cycle of period two; with
sqrt(1 + x^2) for f it is x+ = -x^3, exactly a cycle at |x| = 1.
True neighbour: Newton with Armijo backtracking converges from everywhere.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol

start = symbol("start_distance", "|x_0|", "run", "|x_0|")
pure = symbol("distance_pure", "|x_50|, full Newton steps", "run")
damped = symbol("distance_damped", "|x_100| or the first below 1e-8 |x_0|, backtracking", "run")
away = Hypothesis("away", "the start is not the minimum", start >= 1e-3)


@experiment(emits=[start, pure, damped], a=reals(0, 10), b=reals(0.1, 10), x0=reals(-50, 50))
def newton(a, b, x0):
    """f(x) = x^2/2 + a (x atan(bx) - log(1 + b^2 x^2)/(2b))."""

    def value(x):
        return x * x / 2 + a * (x * np.arctan(b * x) - np.log1p((b * x) ** 2) / (2 * b))

    def slope(x):
        return x + a * np.arctan(b * x)

    def step(x):
        return -slope(x) / (1 + a * b / (1 + (b * x) ** 2))

    x = y = x0
    for _ in range(50):
        x = x + step(x)
    for _ in range(100):
        if abs(y) <= 1e-8 * abs(x0):
            break
        full, share = step(y), 1.0
        while value(y + share * full) > value(y) + share / 4 * full * slope(y) and share > 1e-9:
            share /= 2
        y = y + share * full
    return {start: abs(x0), pure: abs(x), damped: abs(y)}


pure_newton = Theorem(
    title="Newton's method converges globally",
    provenance="derived",
    hypotheses=[away],
    claims=[
        Claim("converges", pure <= start / 100, expected=Verdict.VIOLATED, because="two-cycles")],
)
damped_newton = Theorem(
    title="Newton's method with backtracking converges globally",
    hypotheses=[away],
    claims=[Claim("converges", damped <= start / 10**6)],
)
