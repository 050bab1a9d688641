r"""What kernel ridge regression learns of all functions together is fixed by the kernel matrix.

Setting. M points, an orthonormal basis phi of the functions on them, n = 2 of the points labelled, K their kernel
matrix with eigenvalues k_1 >= k_2, ridge delta. The learnability of phi is <phi, fit of phi's labels>;
learned is their sum. The kernel is any; here that of given features, or of a finite ReLU network's gradients.
Hypotheses. K + delta is regular, here with a condition number below 10^6.
Statement.

    conservation: learned = k_1 / (k_1 + delta) + k_2 / (k_2 + delta)
    at-most-n: learned <= 2

Source. Simon, Dickens, Karkada, DeWeese, TMLR 2023 (arXiv 2110.03922), remembered; derived again: the sum is the
trace of K (K + delta)^-1.
Remarks. It is n exactly when delta = 0: what is gained on one function is lost on another.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import double_descent as s
from theorems.double_descent.scalings import KERNEL

k1, k2, delta = s.gram_1, s.gram_2, s.jitter
EXACT: dict[str, Any] = {"jitter": 0.0}

theorem = Theorem(
    title="Conservation of learnability",
    source="simon2023",
    provenance="derived",
    hypotheses=(
        Hypothesis(
            "regular",
            "the condition number of K + delta is below 10^6",
            10**6 * (k2 + delta) > k1 + delta,
        ),
    ),
    claims=(
        Claim("conservation", Eq(s.learned, k1 / (k1 + delta) + k2 / (k2 + delta))),
        Claim("at-most-n", s.learned <= 2, witness=EXACT),
    ),
    scalings=(KERNEL,),
    spelled={"k_1": k1, "k_2": k2, "delta": delta},
    controls=(
        Control("a-twentieth-more-ridge", "conservation", {delta: delta * 21 / 20}),
        Control("one-sample-less", "at-most-n", {s.learned: 2 * s.learned}, configuration=EXACT),
    ),
)
