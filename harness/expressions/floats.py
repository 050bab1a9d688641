"""Plain float64 evaluation: fast, and never a verdict; it tells the rigorous methods where to look."""

from __future__ import annotations

from typing import Any

import numpy as np


def _maximum(*values: Any) -> Any:
    found = values[0]
    for value in values[1:]:
        found = np.maximum(found, value)
    return found


def _minimum(*values: Any) -> Any:
    return -_maximum(*(-value for value in values))


def _power(base: Any, p: int, q: int) -> Any:
    if q == 1:
        return base**p
    return np.sqrt(base) ** p if q == 2 else base ** (p / q)


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
