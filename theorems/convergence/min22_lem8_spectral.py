r"""Imbalance and product bound each layer of a two-layer linear network (Lemma 8).

Setting. W = W1 W2 with W1 in R^{n x h}, W2 in R^{h x m}, any weights; D = W1' W1 - W2 W2',
[x]_+ = max(x, 0), lambda_k the k-th largest eigenvalue (0 when there are fewer than k).
Hypotheses. None: it is linear algebra.
Statement. At every step of any run, with p = sigma_m(W) (0 if m > n) and q = sigma_n(W) (0 if
n > m),

    second-layer: lambda_m(W2' W2) >= (b - a + sqrt((a + b)^2 + 4 p^2)) / 2
    first-layer: lambda_n(W1 W1') >= (d - c + sqrt((c + d)^2 + 4 q^2)) / 2

where a = [lambda_1(D)]_+, b = [lambda_m(-D)]_+, c = [lambda_1(-D)]_+ and d = [lambda_n(D)]_+.

Source. Min, Tarmoun, Vidal, Mallada, arXiv 2105.06351 v3 (2022), Lemma 8.
Remarks. Both are equalities for n = m = h = 1: x = w2^2 solves x^2 + (w1^2 - w2^2) x = (w1 w2)^2.
Without the index tests, as in the sum that Xu et al. (2023) print, both are false for n != m.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Max, Theorem
from harness.symbols import lam1_D, lam1_mD, lamm_mD, lamm_W2W2, lamn_D, lamn_W1W1, smin_W
from theorems.convergence.imbalance import flat, layer, tall
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ONE_WEIGHT_EACH

FIRST_LARGER: dict[str, Any] = {**ONE_WEIGHT_EACH, "W1": [[2]], "steps": 1, "step_size": 0.0625}
SECOND_LARGER: dict[str, Any] = {**FIRST_LARGER, "W1": [[1]], "W2": [[2]]}

theorem = Theorem(
    title="Imbalance and product bound each layer from below",
    source="min2022, Lemma 8",
    claims=(
        Claim(
            "second-layer",
            lamm_W2W2 >= layer("+", smin_W * tall, now=True),
            trivial=0,
            witness=FIRST_LARGER,
        ),
        Claim(
            "first-layer",
            lamn_W1W1 >= layer("-", smin_W * flat, now=True),
            trivial=0,
            witness=SECOND_LARGER,
        ),
    ),
    scalings=SCALINGS,
    spelled={
        "a": Max(lam1_D, 0),
        "b": Max(lamm_mD, 0),
        "p": smin_W * tall,
        "c": Max(lam1_mD, 0),
        "d": Max(lamn_D, 0),
        "q": smin_W * flat,
    },
    controls=(
        Control(
            "imbalance-halved", "second-layer", {lam1_D: lam1_D / 2}, configuration=FIRST_LARGER
        ),
        Control(
            "imbalance-of-the-first-halved",
            "first-layer",
            {lam1_mD: lam1_mD / 2},
            configuration=SECOND_LARGER,
        ),
    ),
)
