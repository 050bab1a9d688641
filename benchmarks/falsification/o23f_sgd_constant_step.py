"""Stochastic gradient descent with a constant step converges to the minimiser at its linear rate.

False with noise (derived): on mu x^2 / 2 with gradient noise of variance s^2 the second moment obeys
E x+^2 = (1 - eta mu)^2 E x^2 + eta^2 s^2, with stationary value eta s^2 / (mu (2 - eta mu)). The
expectation is carried exactly, in rational arithmetic; no path is simulated.
True neighbour: the linear rate plus that value. Equality at s = 0, which must stay quiet.
"""

from fractions import Fraction

from harness import Claim, Theorem, Verdict, experiment, integers, reals, symbol

moment = symbol("moment", "E x^2 after the last step", "run", r"E\,x_T^2")
rate = symbol("noiseless", "(1 - eta mu)^(2T) x0^2", "run", r"(1-\eta\mu)^{2T}x_0^2")
floor = symbol("stationary", "eta s^2 / (mu (2 - eta mu))", "run", r"\sigma_\infty^2")


@experiment(emits=[moment, rate, floor], mu=reals(0.1, 1), step=reals(0.01, 1), noise=reals(0, 1),
            start=reals(-3, 3), rounds=integers(1, 20))
def noisy_quadratic(mu, step, noise, start, rounds):
    """The recursion of the second moment."""
    mu, eta, s, x = (Fraction(one) for one in (mu, step, noise, start))
    shrink, second = (1 - eta * mu) ** 2, x**2
    for _ in range(rounds):
        second = shrink * second + eta**2 * s**2
    return {moment: second, rate: shrink**rounds * x**2, floor: eta * s**2 / (mu * (2 - eta * mu))}


to_the_minimiser = Theorem(
    title="SGD with a constant step converges linearly to the minimiser", provenance="derived",
    claims=[Claim("rate", moment <= rate, expected=Verdict.VIOLATED,
                  because="the noise of the last steps is never averaged out")],
)
to_a_neighbourhood = Theorem(
    title="SGD with a constant step converges linearly to a neighbourhood", provenance="derived",
    claims=[Claim("rate", moment <= rate + floor)],
)
