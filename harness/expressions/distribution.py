"""Distribution functions in floating point, special functions from scipy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy

from harness.errors import UsageError
from harness.expressions.evaluator import MissingSymbol
from harness.vocabulary.definition import Unknown, spelled_out, symbols_in
from harness.vocabulary.symbol import Named


def levels(
    cdf: sympy.Expr, unknown: Unknown, points: Any, values: Mapping[Named, float]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The distribution function at each point; ``values`` gives its other symbols.

    Raises MissingSymbol for a symbol without value, UsageError for a function scipy lacks.
    """
    while (plain := spelled_out(cdf)) != cdf:
        cdf = plain
    others = sorted(symbols_in(cdf) - {unknown}, key=lambda one: one.name)
    for one in others:
        if one not in values:
            raise MissingSymbol(f"{one.name} is not known beforehand")
    function = sympy.lambdify([unknown, *others], cdf, modules=["scipy", "numpy"], cse=True)
    with np.errstate(all="ignore"):
        try:
            found = function(np.asarray(points), *(values[one] for one in others))
        except (NameError, TypeError, AttributeError) as error:
            raise UsageError(f"the distribution function {cdf} cannot be evaluated.") from error
    return np.broadcast_to(np.asarray(found, dtype=np.float64), np.shape(points))
