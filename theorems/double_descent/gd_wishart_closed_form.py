r"""Mean risk of the first two steps of gradient descent on Gaussian least squares, at any n and p.

Setting. Rows of X standard Gaussian in R^p, y = X w* + noise, L(w) = |Xw - y|^2 / (2 n), step eta; s2 is the
noise variance over |w_0 - w*|^2. Risks are |w - w*|^2 over |w_0 - w*|^2, meant over X and the noise.
Hypotheses. None.
Statement. With m1 = p, m2 = p (n + p + 1) / n, m3 = p (n^2 + p^2 + 3 n p + 3 n + 3 p + 4) / n^2 and
m4 = p (n^3 + 6 n^2 p + 6 n p^2 + p^3 + 6 n^2 + 17 n p + 6 p^2 + 21 n + 21 p + 20) / n^3

    once: once = 1 - 2 eta m1 / p + eta^2 m2 / p + eta^2 s2 m1 / n
    twice: twice = 1 + (-4 eta m1 + 6 eta^2 m2 - 4 eta^3 m3 + eta^4 m4) / p
        + s2 (4 eta^2 m1 - 4 eta^3 m2 + eta^4 m3) / n
    best-step: once >= 1 - n / (n + p + 1 + p s2)

Source. Derived: mk = E tr (X'X/n)^k, a Wishart moment. The left sides come from these moments counted over all
index tuples.
Remarks. Finite at n = p: no peak after finitely many steps. The last is attained at eta = n / (n + p + 1 + p s2).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Definition, Theorem
from harness import double_descent as s

n, p, eta, s2 = s.rows, s.columns, s.descent_step, s.noise_ratio
BEST: dict[str, Any] = {"rows": 1, "columns": 1, "descent_step": 0.25, "noise_ratio": 1.0}

m1 = Definition("m1", p, "E tr H")
m2 = Definition("m2", p * (n + p + 1) / n, "E tr H^2")
m3 = Definition("m3", p * (n**2 + p**2 + 3 * n * p + 3 * n + 3 * p + 4) / n**2, "E tr H^3")
m4 = Definition(
    "m4",
    p * (n**3 + 6 * n**2 * p + 6 * n * p**2 + p**3 + 6 * n**2 + 17 * n * p + 6 * p**2 + 21 * n
         + 21 * p + 20) / n**3,
    "E tr H^4",
)  # fmt: skip
bias = 1 + (-4 * eta * m1 + 6 * eta**2 * m2 - 4 * eta**3 * m3 + eta**4 * m4) / p
fitted = s2 * (4 * eta**2 * m1 - 4 * eta**3 * m2 + eta**4 * m3) / n

theorem = Theorem(
    title="Mean risk of one and two steps of gradient descent on Gaussian least squares",
    source="advani2017, setting",
    provenance="derived",
    claims=(
        Claim("once", Eq(s.mean_once, 1 - 2 * eta * m1 / p + eta**2 * m2 / p + eta**2 * s2 * m1 / n)),
        Claim("twice", Eq(s.mean_twice, bias + fitted)),
        Claim("best-step", s.mean_once >= 1 - n / (n + p + 1 + p * s2), witness=BEST),
    ),
    spelled={"n": n, "p": p, "eta": eta, "s2": s2, "once": s.mean_once, "twice": s.mean_twice},
    controls=(
        *(Control(f"{one.name}-a-twentieth-more", claim, {one: one * 21 / 20})
          for one, claim in ((m1, "once"), (m2, "once"), (m3, "twice"), (m4, "twice"))),
        Control("noise-a-twentieth-more", "best-step", {s2: s2 * 21 / 20}, configuration=BEST),
    ),
)  # fmt: skip
