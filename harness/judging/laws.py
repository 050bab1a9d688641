"""Judges a claim that names the whole law of a quantity, by the exact law of Kolmogorov's distance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.judging.evidence import from_p_value
from harness.judging.row import Finding
from harness.judging.statistics import LEVEL
from harness.vocabulary.verdict import Verdict

Floats = npt.NDArray[np.float64]
_ROUNDING = 1 + 1e-9
"""Factor on p-values, for scipy's own rounding."""


def law_replicates(resolution: float, power: float) -> int:
    """Runs after which the named law, where it is the true one, is supported with that power.

    By the limit law K of sqrt(n) times the distance: n = ((K(LEVEL) + K(1 - power)) / resolution)^2.
    """
    from scipy.special import kolmogi

    needed = float(kolmogi(LEVEL) + kolmogi(1 - power)) / resolution
    return math.ceil(needed**2)


def judge_law(findings: Sequence[Finding], levels: Floats, resolution: float) -> Finding:
    """One finding from replicates: value = Kolmogorov distance, bound = resolution.

    ``levels`` holds the claimed distribution function at the value of each replicate. Refuted when
    the distance is too large for chance; held when the true law is within the resolution of the
    claimed one with confidence 0.99 (Kolmogorov band), wherever it lies.
    """
    runs = len(findings)
    order = np.argsort([one.value for one in findings], kind="stable")
    levels = levels[order]
    finding = Finding(
        verdict=Verdict.UNDECIDED,
        rule="statistics",
        judged=runs,
        samples=runs,
        confidence=1 - LEVEL,
        reason="the claimed distribution function leaves [0, 1], falls, or is not a number",
    )
    if not ((levels >= 0) & (levels <= 1)).all() or (np.diff(levels) < 0).any():
        return finding
    from scipy.stats import kstwo

    rank = np.arange(runs)
    distance = float(max(((rank + 1) / runs - levels).max(), (levels - rank / runs).max()))
    p_value = min(1.0, float(kstwo.sf(distance, runs)) * _ROUNDING)
    p_far = min(1.0, float(kstwo.sf(max(0.0, resolution - distance), runs)) * _ROUNDING)
    within = distance + float(kstwo.isf(LEVEL, runs))
    return Finding(
        verdict=Verdict.HELD if p_far <= LEVEL else Verdict.UNDECIDED,
        value=distance,
        bound=resolution,
        ratio=distance / resolution,
        margin=resolution - distance,
        rule="statistics",
        judged=runs,
        samples=runs,
        confidence=1 - LEVEL,
        p_value=p_value,
        reason=f"within {within:.3g} of the claimed law, with confidence {1 - LEVEL:g}",
        against=from_p_value(p_value),
        support=(from_p_value(p_far),),
    )
