r"""More data hurt: a ReLU network trained in both layers on ever more noisy samples of real data.

Setting. As in interpolation_peak: diabetes, noise in the labels, trained to a minimum; eight neurons, that is 97 parameters. few,
some and many are the clean test errors after 15, 60 and 160 samples, numbers fixed beforehand, the fewer among the more.
Hypotheses. No weight decay.
Statement. The first fails on at most one draw of data, noise and network in two, the second on at most one in four

    samples-up: some >= 6/5 few
    samples-down: some >= 6/5 many

Source. Our own definition of what plots of sample-wise double descent show (Nakkiran, arXiv 1912.07242, for least squares).
Remarks. With weight decay there is no peak (controls). The numbers and the half come from twelve pilot draws, where the
first failed on four; 160 was first 240, lowered to save time. 6/5 and a quarter are those of interpolation_peak.
"""

from __future__ import annotations

from sympy import Eq, Rational

from harness import Claim, Control, Hypothesis, Probability, Theorem
from harness import double_descent as s
from theorems.double_descent.interpolation_peak import DECAY, ONE_IN_FOUR, RHO

theorem = Theorem(
    title="Sample-wise interpolation peak of a ReLU network trained in both layers, on diabetes",
    source="nakkiran2019, phenomenon",
    provenance="derived",
    hypotheses=(Hypothesis("no decay", "no weight decay", Eq(s.weight_penalty, 0), DECAY),),
    claims=(
        Claim(
            "samples-up",
            s.trained_on_some >= RHO * s.trained_on_few,
            Probability(Rational(1, 2), "rng"),
        ),
        Claim("samples-down", s.trained_on_some >= RHO * s.trained_on_many, ONE_IN_FOUR),
    ),
    spelled={"few": s.trained_on_few, "some": s.trained_on_some, "many": s.trained_on_many},
    controls=(
        Control("decay-up", "samples-up", drop="no decay", configuration=DECAY),
        Control("decay-down", "samples-down", drop="no decay", configuration=DECAY),
    ),
)
