"""Balls along a trajectory: what the evaluator asks of them, implicit numbers included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from flint import arb, ctx

from harness.expressions.balls import exact, is_negative, is_positive, lower, upper
from harness.expressions.compile import compiled
from harness.expressions.evaluator import Evaluator
from harness.expressions.roots import HUGE, TINY, located
from harness.vocabulary.definition import Root, symbols_in

SPARE_BITS = 8  # below the precision in force, where the bracket of a root starts
WIDEST = -2  # a root not bracketed within this power of two of its size is not enclosed
SECANTS = 40
NARROW_ENOUGH = -64  # for the smallest of several roots, whose way there has to be certified
CELLS = 4000


class Along:
    """One ball a state of a run, by the index of the state; worked out when asked for, and kept.

    Every entry is to be read at the precision it was made for. Raises MissingSymbol for a state
    that the run does not have.
    """

    def __init__(self, find: Callable[[int], arb]) -> None:
        self._find = find
        self._known: dict[int, arb] = {}

    def __getitem__(self, step: int) -> arb:
        if step not in self._known:
            self._known[step] = self._find(step)
        return self._known[step]


Value: TypeAlias = arb | Along
"""A ball that does not change during a run, or one a state."""


def ball_at(value: Value, step: int) -> arb:
    """The ball at a state."""
    return value[step] if isinstance(value, Along) else value


class BallAlgebra:
    """Values are single balls, or :class:`Along` a run that starts at step 0 or later.

    Products and sums over the steps before need every state from 0 on.
    """

    name = "ball"

    def applied(self, function: Callable[..., Any], values: Sequence[Value]) -> Value:
        if any(isinstance(value, Along) for value in values):
            return Along(lambda step: _ball(function(*(ball_at(value, step) for value in values))))
        return _ball(function(*values))

    def later(self, value: Value) -> Value:
        return Along(lambda step: ball_at(value, step + 1))

    def at(self, value: Value, step: int) -> arb:
        return ball_at(value, step)

    def product_before(self, value: Value) -> Along:
        def product(step: int) -> arb:
            found = arb(1)
            for earlier in range(step):
                found *= ball_at(value, earlier)
            return found

        return Along(product)

    def product_of_complement_before(self, value: Value) -> Along:
        return self.product_before(Along(lambda step: 1 - ball_at(value, step)))

    def sum_before(self, value: Value) -> Along:
        def total(step: int) -> arb:
            return sum((ball_at(value, earlier) for earlier in range(step)), arb(0))

        return Along(total)

    def root(self, root: Root, evaluate: Evaluator) -> Value:
        arguments = tuple(sorted(symbols_in(root.expression), key=lambda one: one.name))
        known = {one: evaluate.value(one) for one in arguments if one != root.unknown}
        high = arb.pos_inf() if root.high.is_infinite else evaluate(root.high)
        rigorous = compiled(root.expression, arguments, "ball")
        in_floats = compiled(root.expression, arguments, "float")

        def enclosed(low: arb, high: arb, *balls: arb) -> arb:
            given = dict(zip(known, balls, strict=True))
            middles = {one: float(ball) for one, ball in given.items()}
            return _root(
                lambda x: _ball(rigorous(*(given.get(one, x) for one in arguments))),
                lambda x: np.asarray(in_floats(*(middles.get(one, x) for one in arguments))),
                low,
                high,
                root.smallest,
            )

        return self.applied(enclosed, [evaluate(root.low), high, *known.values()])


def _ball(value: Any) -> arb:
    return exact(value) if isinstance(value, int | float) else value


def _root(
    equation: Callable[[arb], arb],
    in_floats: Callable[[Any], Any],
    low: arb,
    high: arb,
    smallest: bool,
) -> arb:
    """Where the equation, negative before it, is zero.

    Floats find the place and secants refine it; what is returned lies between a point where the
    equation is certainly negative and one where it is certainly positive. Where it is certainly
    negative at the upper end of the bracket, that end counts as the root. The theorem vouches for
    a single change of sign, unless the ``smallest`` root is meant: then the equation is certainly
    negative all the way there. NaN where the balls are too wide to tell.
    """
    start = np.array([max(upper(low), TINY)])
    end = np.array([min(lower(high), HUGE)])
    if not (start < end).all() or not is_negative(equation(exact(start[0]))):
        return arb.nan()
    begin = exact(start[0])
    if is_negative(equation(high)) and (not smallest or _negative(equation, begin, high.upper())):
        return high
    x = _refined(equation, exact(located(in_floats, start, end, smallest)[0]))

    def bracket(power: int) -> arb | None:
        room = x * arb(2) ** power
        below, above = (x - room).mid(), (x + room).mid()
        signs = is_negative(equation(below)) and is_positive(equation(above))
        return below.union(above) if signs else None

    # the narrowest power of two that serves: below it rounding, or the balls, hide the signs
    fails, serves = (NARROW_ENOUGH if smallest else SPARE_BITS - ctx.prec) - 1, WIDEST
    found = bracket(serves)
    while found is not None and serves - fails > 1:
        power = (fails + serves) // 2
        narrower = bracket(power)
        fails, serves, found = (
            (power, serves, found) if narrower is None else (fails, power, narrower)
        )
    if found is None or (smallest and not _negative(equation, begin, found.lower())):
        return arb.nan()
    return found


def _negative(equation: Callable[[arb], arb], start: arb, end: arb) -> bool:
    """Whether the equation is certainly negative from start to end, both included.

    The way is cut into cells, as wide as the ball of a whole cell allows.
    """
    here, width = start, arb(1)
    for _ in range(CELLS):
        there = (here * (1 + width)).mid()
        there = there if there < end else end
        if is_negative(equation(here.union(there))):
            if there == end:
                return True
            here, width = there, 2 * width
        else:
            width /= 2
    return False


def _refined(equation: Callable[[arb], arb], x: arb) -> arb:
    """A point closer to the root, by secants through the middles of what the equation gives."""
    before = (x * (1 + arb(2) ** -30)).mid()
    last = equation(before).mid()
    for _ in range(SECANTS):
        value = equation(x).mid()
        slope = value - last
        if value == 0 or slope == 0:
            break
        following = (x - value * (x - before) / slope).mid()
        if not following > 0 or not following.is_finite():
            break
        before, last, x = x, value, following
        if abs(x - before) <= abs(x) * arb(2) ** (SPARE_BITS // 2 - ctx.prec):
            break
    return x
