r"""The risk along the epochs is a spectral sum, up to fluctuations of order 1/sqrt(n).

Setting. x ~ N(0, diag(sig_i^2)), noise s2, gradient descent from 0 with eta sig_i^2 <= 1; f_i = (1 - eta sig_i^2)^k and
Rbar(k) = sum sig_i^2 th_i^2 f_i^2 + (s2/n) sum (1 - f_i)^2; gap the largest |R(w_k) - Rbar(k)| over k, given X and meant
over the noise.
Hypotheses. None beyond the setting.
Statement. As n grows at fixed features

    order: gap <= 1/sqrt(n)   up to a constant

Source. Heckel, Yilmaz, ICLR 2021 (arXiv 2007.10099), for Rbar; their notebook was read, the theorem remembered. The order is
derived: given X the gap is led by the fluctuation of X'X/n in the bias, of order 1/sqrt(n).
Remarks. An order of d/n, as noted from memory, is one of the mean over X: here it is refuted (control). With
sig = (1, 0.15), th = (0.45, 3), n = 10, eta = 0.1, s2 = 1 Rbar falls to step 12, rises to 30 and falls to 491.
"""

from __future__ import annotations

from harness import Claim, Control, Exponent, Theorem, sqrt
from harness import double_descent as s

theorem = Theorem(
    title="Risk of gradient descent along the epochs beside its spectral sum",
    source="heckel2021, Theorem 1",
    provenance="derived",
    claims=(
        Claim("order", s.epoch_gap <= 1 / sqrt(s.rows),
              Exponent(s.rows, (32, 64, 128, 256, 512), "rng", tolerance=0.2, replicates=600)),
    ),
    spelled={"gap": s.epoch_gap, "n": s.rows},
    controls=(Control("d-over-n", "order", {s.rows: s.rows**2}),),
)  # fmt: skip
