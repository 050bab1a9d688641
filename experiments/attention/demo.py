"""The demonstration on linear attention: both readings of Theorems 3.1 and 3.2 of Xu et al. (2023)."""

from __future__ import annotations

from experiments.attention.exact import exact
from harness.vocabulary.demo import Demo

attention = Demo(
    title="Linear attention trained on in-context regression, judged by Xu et al. (2023)",
    opening=(
        "One linear self-attention layer learns linear regression in context (d = 2), by gradient\n"
        "descent with a finite step. That is a two-layer linear network with n = d^2 = 4 inputs, one\n"
        "output and width 1, so the theorems on such networks apply; and n differs from m."
    ),
    pairs=(
        ("xu23_thm31_spectral@1", "xu23_thm31_spectral@2"),
        ("xu23_thm32_linear_rate@1", "xu23_thm32_linear_rate@2"),
    ),
    claim="least-eigenvalue",
    fixed={
        "dimension": 2,
        "init": "balanced_margin",
        "parameters": {"c1": 0.99, "c2": 1.01},
    },
    script=exact,
    remark=(
        "@1 has alpha0 as printed in Table 2, @2 the index test that the authors' public code uses:\n"
        "for n = m they agree. The correction changes one definition; the theorem stands with it."
    ),
)
