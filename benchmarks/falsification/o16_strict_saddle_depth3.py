"""Every saddle of a deep linear network's loss is strict: the Hessian has a negative eigenvalue.

False at depth 3 (derived): (w1 w2 w3 - 1)^2 / 2 has zero gradient and zero Hessian at 0, and yet
0 is no minimum, since the loss falls along (e, e, e). Critical points are a set of measure zero,
so the space is the grid {-1, 0, 1}, which holds some of them without saying which.

True neighbour: depth 2. There 0 is the only saddle, with eigenvalues 1 and -1. The sign of the least
eigenvalue is that of the least principal minor if it is negative (Sylvester): whole numbers.
"""

from itertools import combinations
from math import prod

from harness import (Claim, Eq, Hypothesis, Theorem, Verdict, choice, depending, experiment,
                     integers, symbol, vector)

layers = symbol("layers", "depth of the network", "configuration")
excess = symbol("excess", "(w1 ... wd - 1)^2", "run")
gradient = symbol("gradient", "largest |derivative of the loss|", "run", r"\|\nabla L\|_\infty")
minor = symbol("minor", "least principal minor of the Hessian", "run")


def determinant(rows):
    """Along the first row."""
    return sum((-1) ** j * entry * determinant([row[:j] + row[j + 1:] for row in rows[1:]])
               for j, entry in enumerate(rows[0])) if rows else 1


@experiment(emits=[layers, excess, gradient, minor], layers=choice(2, 3),
            weights=depending(lambda before: vector(before["layers"], integers(-1, 1))))
def scalar_layers(layers, weights):
    """One number a layer, one input 1, target 1."""
    def without(*left_out):
        return prod(one for i, one in enumerate(weights) if i not in left_out)

    residual, each = prod(weights) - 1, range(layers)
    hessian = [[without(i) * without(j) + (residual * without(i, j) if i != j else 0)
                for j in each] for i in each]
    chosen = [some for size in (1, 2, 3) for some in combinations(each, size)]
    return {excess: residual**2, gradient: max(abs(residual * without(i)) for i in each),
            minor: min(determinant([[hessian[i][j] for j in some] for i in some]) for some in chosen)}


saddle = [Hypothesis("critical", "the gradient is zero", Eq(gradient, 0)),
          Hypothesis("not minimal", "the loss is not its minimum, zero", excess > 0)]
any_depth = Theorem(
    title="Saddles of deep linear networks are strict", provenance="derived", hypotheses=saddle,
    claims=[Claim("strict", minor < 0, expected=Verdict.VIOLATED,
                  because="at depth 3 gradient and Hessian both vanish at 0")],
)
two_layers = Theorem(
    title="Saddles of two-layer linear networks are strict", provenance="derived",
    hypotheses=[*saddle, Hypothesis("two layers", "the depth is 2", layers <= 2)],
    claims=[Claim("strict", minor < 0)],
)
