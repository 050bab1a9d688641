"""If gradient descent converges, its loss decreased at every step. (Not in the catapult regime.)

False claim, on f(u, v) = (uv)^2 / 2: runs that converge have a monotone loss. A run converges once
eta (u^2 + v^2) < 2 (derived): p = uv is multiplied by phi = 1 - eta (u^2 + v^2) + (eta p)^2, which
then lies in (-1, 1), and u^2 + v^2 does not grow.
Counterexample (after Lewkowycz et al. 2020): (u, v) = (3, 0.1), eta = 0.35: the loss goes .045,
.207, .905, 3.197, 3.997, .0152, ...
True neighbour: monotone if every step is at most 2/L, L a bound on the Hessian along that step.
"""

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol

ratio = symbol("largest_ratio", "largest loss(t+1) / loss(t) while the loss is positive", "run")
end = symbol("end_sharpness", "eta (u^2 + v^2) after 30 steps", "run", r"\eta\lambda_T")
sharpest = symbol("sharpest", "largest eta L of a step, L bounds the Hessian", "run", r"\eta L")
ends = Hypothesis("converges", "the run ends where it converges", end < 2)


@experiment(emits=[ratio, end, sharpest], u=reals(-4, 4), v=reals(-4, 4), eta=reals(0.01, 1))
def two_weights(u, v, eta):
    """The Hessian has rows (v^2, 2uv) and (2uv, u^2); their sums bound its norm."""
    worst = steep = 0.0
    for _ in range(30):
        sharpness = eta * (u * u + v * v)
        if u == 0 or v == 0 or sharpness > 1000:
            break
        worst = max(worst, (1 - sharpness + (eta * u * v) ** 2) ** 2)
        after = u * (1 - eta * v * v), v * (1 - eta * u * u)
        a, b = max(abs(u), abs(after[0])), max(abs(v), abs(after[1]))
        steep = max(steep, eta * (max(a, b) ** 2 + 2 * a * b))
        u, v = after
    return {ratio: worst, end: eta * (u * u + v * v), sharpest: steep}


catapult = Theorem(
    title="Gradient descent that converges decreases the loss",
    provenance="derived",
    hypotheses=[ends],
    claims=[
        Claim("monotone", ratio <= 1, expected=Verdict.VIOLATED, because="Lewkowycz et al. (2020)")
    ],
)
short_steps = Theorem(
    title="Steps below 2/L decrease the loss",
    provenance="derived",
    hypotheses=[Hypothesis("short", "eta L <= 2 along every step", sharpest <= 2)],
    claims=[Claim("monotone", ratio <= 1)],
)
