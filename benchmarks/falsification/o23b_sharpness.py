"""Sharpness measures generalisation, hence it is the same for weights that give the same function.

False (Dinh, Pascanu, Bengio and Bengio, 2017, remembered): the network x -> a w x with loss
(a w - 1)^2 / 2 has at a w = 1 the Hessian [[w^2, 1], [1, a^2]] with eigenvalues 0 and a^2 + 1 / a^2.
True neighbour (derived): the function, and with it every margin, does not change with a.
"""

from fractions import Fraction

from harness import Claim, Eq, Theorem, Verdict, experiment, reals, symbol

sharpness = symbol("sharpness", "top Hessian eigenvalue at a = scale", "run", r"\lambda_{\max}")
sharpness_other = symbol("sharpness_other", "top Hessian eigenvalue at a = other", "run")
margin = symbol("margin", "output at x for a = scale", "run")
margin_other = symbol("margin_other", "output at x for a = other", "run")


@experiment(emits=[sharpness, sharpness_other, margin, margin_other],
            scale=reals(0.1, 10, log=True), other=reals(0.1, 10, log=True), x=reals(-1, 1))
def rescaled_network(scale, other, x):
    """Two minima that are the same function, in rational arithmetic."""
    def seen(a):
        w = 1 / Fraction(a)
        return a**2 + w**2, a * (w * Fraction(x))

    (here, out), (there, out_there) = seen(Fraction(scale)), seen(Fraction(other))
    return {sharpness: here, sharpness_other: there, margin: out, margin_other: out_there}


sharpness_of_a_function = Theorem(
    title="Sharpness belongs to the function", source="dinh2017", provenance="remembered",
    claims=[Claim("same", Eq(sharpness, sharpness_other), expected=Verdict.VIOLATED,
                  because="rescaling the layers changes it")],
)
margin_of_a_function = Theorem(
    title="Margins belong to the function", provenance="derived",
    claims=[Claim("same", Eq(margin, margin_other))],
)
