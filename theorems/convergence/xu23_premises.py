"""The assumptions that Theorems 3.1, 3.2 and C.1 of Xu et al. (2023) share.

Square invertible X (the reduction of the data sees to it), the squared loss, h >= min(n, m),
alpha0 > 0, and a constant step 0 < eta <= eta_max.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import Eq, Hypothesis, Min
from harness.symbols import eta, inputs, outputs, squared, width
from harness.vocabulary.symbol import Named
from theorems.convergence.witnesses import STEPPED_TOO_FAR
from theorems.convergence.xu23_rates import Rates

SQUARED = Hypothesis("squared loss", "the loss is 1/2 |Y - X W|_F^2", Eq(squared, 1))
CONSTANT = Hypothesis("constant step", "the step never changes", Eq(eta, eta.at(0)))


def premises(
    alpha0: Named, rates: Rates, beyond: Mapping[str, Any] | None = STEPPED_TOO_FAR
) -> tuple[Hypothesis, ...]:
    """What every statement assumes; ``beyond``: a step past the limit that breaks a claim."""
    return (
        SQUARED,
        Hypothesis("width", "h >= min(n, m)", width >= Min(inputs, outputs)),
        Hypothesis("margin or imbalance", "they make alpha_0 positive", alpha0 > 0),
        Hypothesis("positive step", "eta > 0", eta > 0),
        Hypothesis("step limit", "eta <= eta_max", eta <= rates.eta_max, beyond),
    )
