r"""The double descent curve of ridgeless random ReLU features, in the limit and near it.

Setting. Inputs and neurons uniform on the sphere of radius sqrt(d), N = psi_1 d neurons, n = psi_2 d samples, target linear of
norm 1, label noise tau_2; relu_risk R given inputs and neurons. mu_1^2 = 1/4 and mu_*^2 = (pi - 2)/(4 pi) of the ReLU give
z = pi/(pi - 2), the squared ratio; psi = min(psi_1, psi_2), a = psi z - z - 1 and
x = -(sqrt(a^2 + 4 z psi) + a) / (2 z).
Hypotheses. N differs from n.
Statement. As d grows R tends to limit = (E1 + tau_2 E2) / E0, polynomials in x, z, psi_1 and psi_2 below. At every d, on
all but one draw in four,

    close: abs(R - limit) <= 5 limit / d

Source. Mei, Montanari, Comm. Pure Appl. Math. 2022 (arXiv 1908.05355), Theorems 1 and 2, ridgeless; remembered. The order 1/d,
its constant and the share are ours: the source has no error term; at d = 20 to 80 three draws in four are within 4.4/d.
Remarks. At d = 120 a limit that is off by a twentieth is refuted (controls). At psi_1 = 10 the quadratic part of the ReLU is
not yet noise at these d: at d = 60 the gap there is 20 %.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Rational, pi

from harness import Claim, Control, Definition, Hypothesis, Min, Probability, Theorem, sqrt
from harness import double_descent as s

p1, p2 = s.psi_1, s.psi_2
LARGE: dict[str, Any] = {"sphere": 120, "psi_1": 1, "psi_2": 3, "tau_2": 0.5}
PLAIN: dict[str, Any] = {"sphere": 20, "psi_1": 4, "psi_2": 2, "tau_2": 0.5}

z = Definition("z", pi / (pi - 2), "mu_1^2 / mu_*^2")
psi = Definition("psi", Min(p1, p2), "of neurons and samples, the fewer")
a = Definition("a", psi * z - z - 1, "")
x = Definition("x", -(sqrt(a**2 + 4 * z * psi) + a) / (2 * z), "chi")
E0 = Definition(
    "E0",
    -(x**5) * z**3 + 3 * x**4 * z**2 + (p1 * p2 - p2 - p1 + 1) * x**3 * z**3 - 2 * x**3 * z**2
    - 3 * x**3 * z + (p1 + p2 - 3 * p1 * p2 + 1) * x**2 * z**2 + 2 * x**2 * z + x**2
    + 3 * p1 * p2 * x * z - p1 * p2,
    "common denominator",
)  # fmt: skip
E1 = Definition("E1", p2 * x**3 * z**2 - p2 * x**2 * z + p1 * p2 * x * z - p1 * p2, "of the bias")
E2 = Definition(
    "E2",
    x**5 * z**3 - 3 * x**4 * z**2 + (p1 - 1) * x**3 * z**3 + 2 * x**3 * z**2 + 3 * x**3 * z
    - (p1 + 1) * x**2 * z**2 - 2 * x**2 * z - x**2,
    "of the variance",
)  # fmt: skip
limit = Definition("limit", (E1 + s.tau_2 * E2) / E0, "limit of R")

theorem = Theorem(
    title="Random ReLU features near their precise limit",
    source="mei2022, Theorem 1",
    provenance="remembered",
    hypotheses=(Hypothesis("off the peak", "N differs from n", (p1 - p2) ** 2 > 0),),
    claims=(
        Claim(
            "close",
            Abs(s.relu_risk - limit) <= 5 * limit / s.sphere,
            Probability(Rational(1, 4), "rng"),
        ),
    ),
    spelled={"R": s.relu_risk, "d": s.sphere},
    controls=(
        Control("a-twentieth-more", "close", {limit: limit * 21 / 20}, configuration=LARGE),
        Control("a-twentieth-less", "close", {limit: limit * 19 / 20}, configuration=LARGE),
        Control("half-of-the-variance", "close", {E2: E2 / 2}, configuration=PLAIN),
        Control("half-of-the-bias", "close", {E1: E1 / 2}, configuration={**PLAIN, "psi_1": 1}),
    ),
)
