"""How the symbols of a theorem scale when data, weights or loss are rescaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from harness.errors import UsageError
from harness.vocabulary.symbol import AtTime, Named


@dataclass(frozen=True)
class Scaling:
    """A change of units that a true statement survives.

    Rescaling by s multiplies each symbol of ``degrees`` by s to its degree, all others stay: for
    data in other units, ``Scaling("data", {K: 2, loss: 2, eta: -2})``. Degrees are exact: rational, or
    expressions in symbols that stay as they are, such as the number of layers.
    Raises UsageError for a degree that is not exact or scales itself, and for a symbol read at some
    time.
    """

    name: str
    degrees: Mapping[Named, int | sympy.Expr]

    def __post_init__(self) -> None:
        for symbol, degree in self.degrees.items():
            where = f"scaling “{self.name}”"
            if not isinstance(symbol, Named) or isinstance(symbol, AtTime):
                raise UsageError(f"{where}: “{symbol}” is no symbol; name it without its time.")
            if isinstance(degree, sympy.Expr) and not degree.has(sympy.Float):
                if degree.free_symbols & self.degrees.keys():
                    raise UsageError(f"{where}: the degree of {symbol.name} scales itself.")
            elif isinstance(degree, bool) or not isinstance(degree, int):
                raise UsageError(f"{where}: {symbol.name} has degree {degree!r}, no exact number.")
        if not any(self.degrees.values()):
            raise UsageError(f"scaling “{self.name}” changes nothing.")
