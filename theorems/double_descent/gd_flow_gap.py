r"""Gradient descent lags behind its flow by at most x/e in a direction of pace x = eta s.

Setting. Least squares in an eigendirection of H with eigenvalue s: descent leaves (1 - x)^T of the error,
the flow at the same time exp(-x T); gap is the second less the first.
Hypotheses. 0 <= x <= 1, T >= 0 whole.
Statement.

    ahead: gap >= 0
    half: gap <= x / 2
    sharp: gap <= x / e

Source. Derived. a^T - b^T <= T a^(T-1) (a - b) with a = exp(-x), b = 1 - x and a - b <= x^2/2 give
T exp(-x (T-1)) x^2/2 <= x e^x / (2 e), which is at most x/2, and at most x/e for x <= log 2; beyond, the gap
at T = 1 over x grows to 1/e at x = 1, and for T >= 2 the gap is at most exp(-2 x) <= x/e.
Remarks. Attained at x = 1, T = 1. For x > 1 the gap has no such bound.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem, exp
from harness import double_descent as s

AT_ONCE: dict[str, Any] = {"x": 0.9999, "steps": 1}
FAST: dict[str, Any] = {"x": 1.875, "steps": 1}

theorem = Theorem(
    title="Gap between gradient descent and its flow in one direction",
    source="ali2019, setting",
    provenance="derived",
    hypotheses=(Hypothesis("pace", "0 <= x <= 1", (s.pace >= 0) & (s.pace <= 1), FAST),),
    claims=(
        Claim("ahead", s.decay_gap >= 0),
        Claim("half", s.decay_gap <= s.pace / 2),
        Claim("sharp", s.decay_gap <= s.pace / exp(1), witness=AT_ONCE),
    ),
    spelled={"x": s.pace, "gap": s.decay_gap, "e": exp(1)},
    controls=(
        Control("a-twentieth-less", "sharp", {s.pace: s.pace * 19 / 20}, configuration=AT_ONCE),
        Control("too-fast", "half", drop="pace", configuration=FAST),
        Control("too-fast-sharp", "sharp", drop="pace", configuration=FAST),
        Control("gap-of-the-other-sign", "ahead", {s.decay_gap: -s.decay_gap}, configuration=AT_ONCE),
    ),
)  # fmt: skip
