"""Plain float64 evaluation: fast, and never a verdict; it tells the rigorous methods where to look."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

BLOCK = 1 << 14
"""Numbers of each intermediate result worked on at a time (128 KiB)."""

SHORT = 32
"""Powers up to this one are products."""


def _maximum(*values: Any) -> Any:
    found = values[0]
    for value in values[1:]:
        found = np.maximum(found, value)
    return found


def _minimum(*values: Any) -> Any:
    found = values[0]
    for value in values[1:]:
        found = np.minimum(found, value)
    return found


def _power(base: Any, p: int, q: int) -> Any:
    if q == 1:
        return _whole_power(base, p)
    return _whole_power(np.sqrt(base), p) if q == 2 else base ** (p / q)


def _whole_power(base: Any, p: int) -> Any:
    """By repeated squaring where that is short: numpy's own is a library call for each number."""
    if not 2 < p <= SHORT:
        return base**p
    result = base
    for digit in f"{p:b}"[1:]:
        result = result * result
        if digit == "1":
            result = result * base
    return result


def in_blocks(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, of large arrays evaluated some rows at a time so that they stay in the cache.

    Rows are the first axis of the shape that the arguments have together.
    """

    def evaluate(*values: Any) -> Any:
        shape = np.broadcast_shapes(*(np.shape(one) for one in values))
        size = math.prod(shape)
        if len(shape) == 0 or size < 2 * BLOCK or shape[0] == 1:
            return function(*values)
        step = max(1, BLOCK * shape[0] // size)
        out = np.empty(shape)
        whole = [np.ndim(one) == len(shape) and np.shape(one)[0] > 1 for one in values]
        for start in range(0, shape[0], step):
            part = slice(start, start + step)
            pairs = zip(values, whole, strict=True)
            out[part] = function(*(one[part] if split else one for one, split in pairs))
        return out

    return evaluate


NAMESPACE: dict[str, object] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "Abs": np.abs,
    "Max": _maximum,
    "Min": _minimum,
    "power": _power,
    "rational": lambda p, q: p / q,
    "pi": lambda: np.pi,
}
