"""Under the PL condition |grad f|^2 >= 2 mu (f - f*) a step of 1/L contracts f - f* by 1 - 2 mu / L.

False (derived): mu x^2 / 2 with any L > mu contracts by (1 - mu / L)^2, which is more. Asked only
where the factor is not negative, since a negative one is absurd at once. True neighbour: 1 - mu / L.
Diagonal quadratics in rational arithmetic; both sides are multiplied by L. Equality at the minimum,
and for the true rate at mu = L; both must stay quiet.
"""

from fractions import Fraction

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol, vector

mu = symbol("pl", "PL constant mu", "run", r"\mu")
L = symbol("smooth", "smoothness L", "run", "L")
loss = symbol("excess_loss", "2 (f - f*) before the step", "run", "2(f-f^*)")
loss_next = symbol("excess_loss_next", "2 (f - f*) after the step", "run", "2(f_+-f^*)")


@experiment(emits=[mu, L, loss, loss_next], curvatures=vector(2, reals(0.1, 10)),
            x=vector(2, reals(-1, 1)))
def diagonal_quadratic(curvatures, x):
    """f = sum of h_i x_i^2 / 2; mu and L are the least and the greatest h_i."""
    h, x = ([Fraction(number) for number in one] for one in (curvatures, x))
    pairs, top = list(zip(h, x, strict=True)), max(h)
    return {mu: min(h), L: top, loss: sum(a * z**2 for a, z in pairs),
            loss_next: sum(a * (z - a * z / top) ** 2 for a, z in pairs)}


doubled = Theorem(
    title="PL rate with the factor 2", provenance="derived",
    hypotheses=[Hypothesis("a factor", "1 - 2 mu / L is not negative", 2 * mu <= L)],
    claims=[Claim("rate", L * loss_next <= (L - 2 * mu) * loss, expected=Verdict.VIOLATED,
                  because="(1 - mu/L)^2 is more than 1 - 2 mu/L")],
)
plain = Theorem(
    title="PL rate", provenance="derived",
    claims=[Claim("rate", L * loss_next <= (L - mu) * loss)],
)
