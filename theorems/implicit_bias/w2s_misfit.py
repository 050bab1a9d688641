r"""From weak to strong: the student gains at least as much as it disagrees with its teacher.

Setting. Finetuned heads form a convex set of functions that holds the truth f*; f_sw is the one nearest
to the weak labels f_w, d the mean squared distance on a finite set of points.
Hypotheses. The set is convex.
Statement. strong_gap is d(f_sw, f*), weak_gap d(f_w, f*), label_misfit d(f_sw, f_w):

    gain: strong_gap <= weak_gap - label_misfit

Source. Charikar, Pabbaraju, Shiragur, NeurIPS 2024 (arXiv 2405.15116), Theorem 1; derived.
Remarks. The obtuse angle at a projection. An equality where the projection lies inside the set.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import FUNCTIONS

TWO: dict[str, Any] = {"convex": 0, "truth": 1.0, "weak": [0.375, 0.375, 0.375]}

theorem = Theorem(
    title="Weak-to-strong gain is at least the misfit",
    source="charikar2024, Theorem 1",
    provenance="derived",
    hypotheses=(
        Hypothesis("convex", "the students form a convex set", Eq(s.convex_students, 1), TWO),
    ),
    claims=(Claim("gain", s.strong_gap <= s.weak_gap - s.label_misfit, witness={}),),
    scalings=(FUNCTIONS,),
    controls=(
        Control("two-students", "gain", drop="convex", configuration=TWO),
        Control("a-twentieth-more-misfit", "gain", {s.label_misfit: s.label_misfit * 21 / 20}),
    ),
)
