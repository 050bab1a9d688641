"""The exact run from a recorded state, each state known as a midpoint and one scalar error.

Balls that are multiplied step after step lose a bit or two each time. Instead the midpoint z moves
by rounded steps, and e bounds how far the exact weights are from it, by the same mathematics as
tracking.py but in balls: with rho the rounding of one step and h the range of the Hessian,

    e' = e * max |1 - eta h| + rho,   -g <= h <= K ((|W1|_2 + e)^2 + (|W2|_2 + e)^2) + g,
    g = |G|_2 + K (S e + e^2/2),      S^2 = |W1|_F^2 + |W2|_F^2.

This holds for any step size and any convex K-smooth loss: nothing has to be assumed. Spectral norms
are bounded by |M'M|_F^(1/2), and certified where that costs more than the step itself. All states
within an entrywise radius of the recorded one are followed by starting from e > 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, arb_mat

from experiments.two_layer.exact_state import ExactState
from harness.expressions.balls import absolute, exact, maximum, power, sqrt
from harness.expressions.evaluator import MissingSymbol
from harness.expressions.spectra import frobenius, spectral_norm


class ExactRun:
    """States of the exact run, by their step, from ``begin`` on."""

    def __init__(
        self, start: ExactState, begin: int, step_sizes: Sequence[float], radius: float
    ) -> None:
        self.begin, self.problem = begin, start.problem
        self._sizes = [exact(size) for size in step_sizes]
        entries = start.W1.nrows() * start.W1.ncols() + start.W2.nrows() * start.W2.ncols()
        self._middles = [start]
        self._errors = [exact(radius) * sqrt(entries)]
        self._states = {begin: start.within(exact(radius))}

    def size(self, step: int) -> arb:
        """The size of the step from this state to the next."""
        if not self.begin <= step < len(self._sizes):
            raise MissingSymbol(f"no step was taken at {step}")
        return self._sizes[step]

    def state(self, step: int) -> ExactState:
        """The state after so many steps, its weights in balls."""
        if not self.begin <= step <= len(self._sizes):
            raise MissingSymbol(f"the run has no state {step}")
        if step not in self._states:
            self._states[step] = self._second() if step == self.begin + 1 else self._tracked(step)
        return self._states[step]

    def _second(self) -> ExactState:
        """One step in balls is as tight, and keeps zeros that are exact."""
        return self._states[self.begin].after(self.size(self.begin))

    def _tracked(self, step: int) -> ExactState:
        while len(self._middles) <= step - self.begin:
            self._advance()
        return self._middles[step - self.begin].within(self._errors[step - self.begin])

    def _advance(self) -> None:
        """One more midpoint and its error."""
        eta = self._sizes[self.begin + len(self._middles) - 1]
        middle, error = self._middles[-1], self._errors[-1]
        following = middle.after(eta)
        rounding = sqrt(power(_slip(following.W1), 2) + power(_slip(following.W2), 2))
        self._errors.append((_amplification(middle, eta, error) * error + rounding).upper())
        self._middles.append(following.middle())


def _slip(matrix: arb_mat) -> arb:
    """How far the matrices in the ball are from its midpoint, at most."""
    return frobenius(matrix - matrix.mid())


def _amplification(state: ExactState, eta: arb, error: arb) -> arb:
    """max |1 - eta h|: how much one exact step may widen the distance ``error``."""
    K, size = state.problem.K, absolute(eta)
    spread = sqrt(power(frobenius(state.W1), 2) + power(frobenius(state.W2), 2))
    low = _roughly(state.G) + K * (spread * error + error * error / 2)
    top = _top(K, [_roughly(state.W1), _roughly(state.W2)], error, low)
    if eta < 0:
        return 1 + size * top
    if not size * (top - low) <= 2:
        top = _top(K, [spectral_norm(state.W1), spectral_norm(state.W2)], error, low)
    return maximum(1 + size * low, size * top - 1)


def _top(K: arb, norms: Sequence[arb], error: arb, low: arb) -> arb:
    return K * sum((power(norm + error, 2) for norm in norms), arb(0)) + low


def _roughly(matrix: arb_mat) -> arb:
    """An upper bound of the spectral norm, from the Frobenius norm of the smaller Gram matrix."""
    turned = matrix.transpose()
    small = matrix * turned if matrix.nrows() <= matrix.ncols() else turned * matrix
    return sqrt(frobenius(small)).upper()
