"""Calls of a function experiment with balls, and what may be taken from its answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from harness.expressions.balls import upper
from harness.numbers.ball import Ball
from harness.numbers.certain import Certain


def with_balls(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with exact balls for its floats; what a seed draws comes as balls too."""
    found = {name: _ball_for(value) for name, value in configuration.items()}
    if "seed" in configuration:
        found["seed"] = _Draws(np.random.default_rng(configuration["seed"]))
    return found


def enclosed(found: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    """Balls (flint arb) of those wanted numbers whose error is known without the author's word."""
    balls = {}
    for name in wanted & found.keys():
        ball = _known(found[name])
        if ball is not None:
            balls[name] = ball.arb
    return balls


def _known(value: Any) -> Ball | None:
    """The ball of a number; None where its error is unknown, or known from the author only."""
    if isinstance(value, Certain):
        return (
            Ball.exact(float(value)) + _spread(Ball.exact(value.error)) if value == value else None
        )
    if isinstance(value, tuple):
        # the stated error may stand for more than rounding: a series cut off, an iteration ended
        number, error = value
        return number + _spread(error) if isinstance(number, Ball) else None
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    if isinstance(value, Ball):
        return value
    if isinstance(value, bool | np.bool_ | int | np.integer | Fraction):
        return Ball.of(value)
    return None


def _spread(error: Any) -> Ball:
    """A ball around 0 of this radius."""
    from flint import arb

    return Ball(arb(0, upper(Ball.of(error).arb)))


def _ball_for(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return Ball.exact(float(value))
    if isinstance(value, list | tuple):
        return [_ball_for(one) for one in value]
    return value


class _Draws:
    """A numpy Generator whose random floats come as exact balls."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._rng, name)

        def drawn(*arguments: Any, **named: Any) -> Any:
            found = method(*arguments, **named)
            if isinstance(found, float):
                return Ball.exact(found)
            if isinstance(found, np.ndarray) and found.dtype == np.float64:
                return _exact_entries(found)
            return found

        return drawn


def _exact_entries(values: Any) -> Any:
    exact = np.empty(values.shape, dtype=object)
    for place, value in np.ndenumerate(values):
        exact[place] = Ball.exact(float(value))
    return exact
