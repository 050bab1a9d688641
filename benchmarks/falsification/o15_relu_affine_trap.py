"""Every local minimum of a ReLU network's squared loss is global.

False (the mechanism of Yun, Sra and Jadbabaie, 2019; this example is derived). Two hidden units,
inputs -1, 0, 1. Where every unit is active on every input all nearby networks are affine, so an
output layer at its least-squares optimum is a local minimum as soon as some hidden weight is not
zero; yet two ReLUs interpolate any three points. Counterexample: targets (0, 1, 0), hidden units
relu(x + 2) twice, output the constant 1/3, |residual|^2 = 2/3.

A random point is never a local minimum, so the space is the one that variable projection searches:
hidden layer free, output layer solved for. It holds no other hint, and no witness is given.
Losses are projections in rational arithmetic.

True neighbour (Kawaguchi 2016, remembered, here for two layers): with the identity for relu the
same point is a global minimum, that is both sides are equal.
"""

from fractions import Fraction

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol, vector

relu_loss = symbol("relu_loss", "|residual|^2 of the ReLU network", "run")
relu_best = symbol("relu_best", "|residual|^2 of an interpolating ReLU network", "run")
linear_loss = symbol("linear_loss", "|residual|^2 with the identity for relu", "run")
linear_best = symbol("linear_best", "|residual|^2 of the best affine function", "run")
slack = symbol("slack", "smallest preactivation over units and inputs", "run")
slope = symbol("slope", "largest |hidden weight|", "run")


def left_over(columns, target):
    """Squared distance of the target from the span of the columns (Gram-Schmidt)."""
    basis = []
    for rest in [*columns, target]:
        for one in basis:
            share = sum(x * y for x, y in zip(rest, one, strict=True)) / sum(x * x for x in one)
            rest = [x - share * y for x, y in zip(rest, one, strict=True)]
        basis += [rest] if any(rest) else []
    return sum(x * x for x in rest)


@experiment(emits=[relu_loss, relu_best, linear_loss, linear_best, slack, slope],
            weights=vector(2, reals(-3, 3)), biases=vector(2, reals(-3, 3)),
            targets=vector(3, reals(-1, 1)))
def output_layer_solved(weights, biases, targets):
    """The loss at the best output layer for the given hidden layer."""
    w, c, y = ([Fraction(number) for number in one] for one in (weights, biases, targets))
    ones, x = [Fraction(1)] * 3, [Fraction(-1), Fraction(0), Fraction(1)]
    units = [[a * point + shift for point in x] for a, shift in zip(w, c, strict=True)]
    rise, bend = y[1] - y[0], y[2] - 2 * y[1] + y[0]
    best = [y[0] + rise * max(0, point + 1) + bend * max(0, point) for point in x]
    return {
        relu_loss: left_over([ones, *([max(0 * z, z) for z in unit] for unit in units)], y),
        relu_best: sum((a - b) ** 2 for a, b in zip(best, y, strict=True)),
        linear_loss: left_over([ones, *units], y), linear_best: left_over([ones, x], y),
        slack: min(map(min, units)), slope: max(map(abs, w)),
    }


sloped = Hypothesis("sloped", "some hidden weight is not zero", slope > 0)
relu_network = Theorem(
    title="Local minima of ReLU networks are global", provenance="derived",
    hypotheses=[Hypothesis("active", "every unit is active on every input", slack > 0), sloped],
    claims=[Claim("global", relu_loss <= relu_best, expected=Verdict.VIOLATED,
                  because="where all units are active the network is an affine fit")],
)
linear_network = Theorem(
    title="Local minima of deep linear networks are global",
    source="kawaguchi2016", provenance="remembered", hypotheses=[sloped],
    claims=[Claim("global", linear_loss <= linear_best)],
)
