"""The tangent kernel of a two-layer linear network stays constant in training.

False at finite width (derived): for f = u.v / sqrt(m), one input 1, target y, r = f - y, the kernel is
K = (|u|^2 + |v|^2) / m and one gradient step changes it by exactly (-4 eta f r + eta^2 r^2 K) / m.
True neighbour: by at most (4 eta |f r| + eta^2 r^2 K) / m, which is O(1/m). Rational arithmetic at
widths that are squares. Equality at r = 0, which must stay quiet.
"""

from fractions import Fraction

from harness import Claim, Eq, Theorem, Verdict, depending, experiment, integers, reals, symbol, vector

m = symbol("units", "hidden units, root^2", "run", "m")
kernel = symbol("kernel", "(|u|^2 + |v|^2) / m", "run", "K")
kernel_next = symbol("kernel_next", "the same after one step", "run", "K_+")
moved = symbol("moved", "|K_+ - K|", "run", "|K_+-K|")
allowed = symbol("allowed", "4 eta |f r| + eta^2 r^2 K", "run")
halves = depending(lambda before: vector(before["root"] ** 2, reals(-2, 2)))


@experiment(emits=[m, kernel, kernel_next, moved, allowed], root=integers(1, 4), u=halves, v=halves,
            target=reals(-1, 1), step=reals(0.01, 1))
def one_step(root, u, v, target, step):
    """One step of gradient descent on (f - y)^2 / 2."""
    u, v = ([Fraction(number) for number in one] for one in (u, v))
    eta, width = Fraction(step), root**2
    f = sum(a * b for a, b in zip(u, v, strict=True)) / root
    pull = eta * (r := f - Fraction(target)) / root
    after = [(a - pull * b, b - pull * a) for a, b in zip(u, v, strict=True)]
    now, later = sum(a * a for a in u + v) / width, sum(a * a + b * b for a, b in after) / width
    return {m: width, kernel: now, kernel_next: later, moved: abs(later - now),
            allowed: 4 * eta * abs(f * r) + eta**2 * r**2 * now}


constant_kernel = Theorem(
    title="The tangent kernel is constant in training", provenance="derived",
    claims=[Claim("constant", Eq(kernel_next, kernel), expected=Verdict.VIOLATED,
                  because="it moves by a multiple of 1/m")],
)
nearly_constant_kernel = Theorem(
    title="The tangent kernel moves by O(1/m) a step", provenance="derived",
    claims=[Claim("nearly", moved * m <= allowed)],
)
