"""Every saddle of a deep linear network's loss is strict: the Hessian has a negative eigenvalue.

False at depth 3 (derived): (w1 w2 w3 - 1)^2 / 2 has zero gradient and zero Hessian at 0, and yet
0 is no minimum, since the loss falls along (e, e, e). Critical points are a set of measure zero,
so the space is the grid {-1, 0, 1}, which holds some of them without saying which.

True neighbour: depth 2. There 0 is the only saddle, with eigenvalues 1 and -1.
"""

from math import prod

import numpy as np

from harness import (Claim, Eq, Hypothesis, Theorem, Verdict, choice, depending, experiment,
                     integers, symbol, vector)

layers = symbol("layers", "depth of the network", "configuration")
excess = symbol("excess", "(w1 ... wd - 1)^2", "run")
gradient = symbol("gradient", "largest |derivative of the loss|", "run", r"\|\nabla L\|_\infty")
least = symbol("least", "least eigenvalue of the Hessian", "run", r"\lambda_{\min}(\nabla^2L)")


@experiment(emits=[layers, excess, gradient, least], layers=choice(2, 3),
            weights=depending(lambda before: vector(before["layers"], integers(-1, 1))))
def scalar_layers(layers, weights):
    """One number a layer, one input 1, target 1."""
    def without(*left_out):
        return prod(one for i, one in enumerate(weights) if i not in left_out)

    residual, each = prod(weights) - 1, range(layers)
    hessian = np.array([[without(i) * without(j) + (residual * without(i, j) if i != j else 0)
                         for j in each] for i in each])
    rounding = 1e-14 * np.abs(hessian).sum()
    return {excess: residual**2, gradient: max(abs(residual * without(i)) for i in each),
            least: (np.linalg.eigvalsh(hessian)[0], rounding)}


saddle = [Hypothesis("critical", "the gradient is zero", Eq(gradient, 0)),
          Hypothesis("not minimal", "the loss is not its minimum, zero", excess > 0)]
any_depth = Theorem(
    title="Saddles of deep linear networks are strict", provenance="derived", hypotheses=saddle,
    claims=[Claim("strict", least < 0, expected=Verdict.VIOLATED,
                  because="at depth 3 gradient and Hessian both vanish at 0")],
)
two_layers = Theorem(
    title="Saddles of two-layer linear networks are strict", provenance="derived",
    hypotheses=[*saddle, Hypothesis("two layers", "the depth is 2", layers <= 2)],
    claims=[Claim("strict", least < 0)],
)
