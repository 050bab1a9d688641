r"""The catapult of a two-layer linear network, exactly and at any width.

Setting. f = u.v / sqrt(n), u and v in R^n, one sample x = 1 with target 0, loss f^2/2, gradient
descent; F = f / sqrt(n), lambda = (|u|^2 + |v|^2)/n, the neural tangent kernel.
Hypotheses. eta lambda_0 < 4.
Statement. One step takes F to F+ and lambda_0 to lambda+, and along the whole run

    output: F+ = F (1 - eta lambda_0 + eta^2 F^2)
    kernel: lambda+ = lambda_0 + eta F^2 (eta lambda_0 - 4)
    kernel-peak: lambda_max <= lambda_0
    loss-sum: loss_sum <= n lambda_0 / (2 eta (4 - eta lambda_0))
    loss-peak: loss_peak <= n lambda_0^2 / 8

Source. Lewkowycz, Bahri, Dyer, Sohl-Dickstein, Gur-Ari, arXiv 2003.02218, for the recursion at
leading order in 1/n; at every n, and the last three, derived.
Remarks. Summing the second telescopes to the fourth, so f -> 0 from every start; the last is
|F| <= lambda/2 at the peak, attained by u = v, which at eta lambda_0 = 2 attains the sum, too. The loss may
well rise on the way: the factor is below -1 for eta lambda_0 > 2 and small F.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS, WIDTH

EQUAL: dict[str, Any] = {"neurons": 2, "u": [1.0, 0.5], "v": [1.0, 0.5], "step": 0.25}
LONG: dict[str, Any] = {"neurons": 1, "u": [2.0], "v": [0.25], "step": 1.0625}
AT_ONCE: dict[str, Any] = {"neurons": 1, "u": [1.0], "v": [1.0], "step": 1.0}
eta, F, kernel, n = s.step, s.output, s.kernel_start, s.neurons

theorem = Theorem(
    title="Two-layer linear network on one sample below eta lambda = 4",
    source="lewkowycz2020, Section 3",
    provenance="derived",
    hypotheses=(Hypothesis("step below 4/lambda", "eta lambda_0 < 4", eta * kernel < 4, LONG),),
    claims=(
        Claim("output", Eq(s.output_after, F * (1 - eta * kernel + eta**2 * F**2))),
        Claim("kernel", Eq(s.kernel_after, kernel + eta * F**2 * (eta * kernel - 4))),
        Claim("kernel-peak", s.kernel_end <= kernel),
        Claim(
            "loss-sum", s.loss_sum <= n * kernel / (2 * eta * (4 - eta * kernel)), witness=AT_ONCE
        ),
        Claim("loss-peak", s.loss_peak <= n * kernel**2 / 8, witness=EQUAL),
    ),
    scalings=(FACTORS, WIDTH),
    spelled={
        "F": F,
        "F+": s.output_after,
        "eta": eta,
        "lambda_0": kernel,
        "lambda+": s.kernel_after,
        "lambda_max": s.kernel_end,
        "n": n,
    },
    controls=(
        Control("linearised", "output", {F: s.output_after}),
        Control("a-twentieth-more-output", "kernel", {F: F * 21 / 20}),
        Control("step-too-long", "kernel-peak", drop="step below 4/lambda", configuration=LONG),
        Control("a-twentieth-less-sum", "loss-sum", {n: n * 19 / 20}, configuration=AT_ONCE),
        Control("a-twentieth-less", "loss-peak", {n: n * 19 / 20}, configuration=EQUAL),
    ),
)
