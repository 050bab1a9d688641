r"""Double descent of the test error on real data, as a predicate with a stated error probability.

Setting. A network whose hidden layer is frozen, random or trained on other data; its last layer is fitted to n noisy
labels without ridge. The test error is measured at a quarter of the interpolation threshold, at it (as many
features as samples) and at four times it: sizes fixed beforehand, along the width or along the samples.
Hypotheses. No ridge: penalty = 0.
Statement. Each fails on at most one draw of data, noise and network in four

    up: at >= 13/10 below
    down: at >= 13/10 beyond

Source. Our own definition of what plots of double descent show. Least squares has this peak for any features, see
universal_peak_lower_bound.
Remarks. With a ridge of a tenth there is no peak. Along the samples "up" says that more data hurt.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Rational

from harness import Claim, Control, Hypothesis, Probability, Theorem
from harness import double_descent as s

RHO = Rational(13, 10)
ONE_IN_FOUR = Probability(Rational(1, 4), "rng")
RIDGE: dict[str, Any] = {"penalty": 0.1}

theorem = Theorem(
    title="Interpolation peak of networks with frozen features on real data",
    provenance="derived",
    hypotheses=(Hypothesis("ridgeless", "no ridge", Eq(s.penalty, 0), RIDGE),),
    claims=(
        Claim("up", s.error_at >= RHO * s.error_below, ONE_IN_FOUR),
        Claim("down", s.error_at >= RHO * s.error_beyond, ONE_IN_FOUR),
    ),
    spelled={"below": s.error_below, "at": s.error_at, "beyond": s.error_beyond},
    controls=(
        Control("ridge-up", "up", drop="ridgeless", configuration=RIDGE),
        Control("ridge-down", "down", drop="ridgeless", configuration=RIDGE),
    ),
)
