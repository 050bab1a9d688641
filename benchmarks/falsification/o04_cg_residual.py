"""Conjugate gradients never increase the residual. (They do; the error is what decreases.)

False claim: |r_k|_2 is non-increasing. Counterexample: diag(1, 100), b = (10, 1): 10.05, 49.75, 0.
True neighbour (Hestenes and Stiefel 1952): |x_k - x*|_2 and |x_k - x*|_A are non-increasing.
Diagonal matrices suffice, since the method commutes with rotations. Rounding: none, rationals.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from harness import Claim, Theorem, Verdict, experiment, reals, symbol, vector

residual_growth = symbol("residual_growth", "largest |r_{k+1}|^2 / |r_k|^2", "run")
error_growth = symbol("error_growth", "largest |e_{k+1}|^2 / |e_k|^2, e = x - x*", "run")
energy_growth = symbol("energy_growth", "largest |e_{k+1}|_A^2 / |e_k|_A^2", "run")


@experiment(
    emits=[residual_growth, error_growth, energy_growth],
    spectrum=vector(3, reals(1, 100)), b=vector(3, reals(-10, 10)),
)
def conjugate_gradients(spectrum, b):
    """From x_0 = 0 until the residual is exactly zero."""
    A, r = (np.array([Fraction(one) for one in values]) for values in (spectrum, b))
    e, p = -r / A, r
    sizes = [(r @ r, e @ e, e @ (A * e))]
    while any(r):
        alpha = (r @ r) / (p @ (A * p))
        r, e = r - alpha * A * p, e + alpha * p
        p = r + (r @ r) / sizes[-1][0] * p
        sizes.append((r @ r, e @ e, e @ (A * e)))
    growths = [
        [after / before for before, after in pairwise(part)] for part in zip(*sizes, strict=True)
    ]
    names = residual_growth, error_growth, energy_growth
    return {name: max(growth, default=0) for name, growth in zip(names, growths, strict=True)}


cg_residual = Theorem(
    title="CG never increases the residual",
    provenance="remembered",
    claims=[
        Claim("monotone", residual_growth <= 1, expected=Verdict.VIOLATED,
              because="diag(1, 100) and b = (10, 1): the residual goes 10.05, 49.75, 0")
    ],
)
cg_error = Theorem(
    title="CG never increases the error",
    source="hestenes1952",
    provenance="remembered",
    claims=[Claim("euclidean", error_growth <= 1), Claim("energy", energy_growth <= 1)],
)
