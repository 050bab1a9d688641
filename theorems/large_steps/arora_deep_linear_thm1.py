r"""Deep linear networks: linear convergence from a balanced start with deficiency margin.

Setting. Gradient descent on 1/2 |W_N ... W_1 - Phi|_F^2, hidden widths at least those of Phi.
Hypotheses. c = sigma_min(Phi) - |W - Phi|_F > 0 at the start; with |Phi| the Frobenius norm,

    balance: max_j |W_{j+1}' W_{j+1} - W_j W_j'|_F <= c^2 / (256 N^3 |Phi|^(2 (N-1)/N))
    step: eta <= c^((4N-2)/N) / (6144 N^3 |Phi|^((6N-4)/N)).

Statement. At every step, here at the first,

    per-step: L(t) - L(t+1) >= eta c^(2 (N-1)/N) L(t)

Source. Arora, Cohen, Golowich, Hu, ICLR 2019 (arXiv 1810.02281), Theorem 1.
Remarks. Read were the text without its displayed formulas, which has the rate (Lemma 1 and the proof of Theorem
1) and 6144 (proof of Theorem 2), and the step limit at N = 2 as restated by Xu et al. (2023). The constant 256 is
remembered. The step may be 10^5 times larger before the statement fails: a pass does not confirm them.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import LAYERS

N, c, Phi = s.layers, s.deficiency, s.target_norm
PROMPT: dict[str, Any] = {"off": [[0.125, 0.0], [0.0, 0.125]], "step": 1e-9}

theorem = Theorem(
    title="Linear convergence of deep linear networks",
    source="arora2019deep, Theorem 1",
    provenance="remembered",
    hypotheses=(
        Hypothesis("margin", "c > 0", c > 0),
        Hypothesis(
            "balance", "the start is nearly balanced",
            s.unbalanced <= c**2 / (256 * N**3 * Phi ** (2 * (N - 1) / N)),
        ),
        Hypothesis(
            "short step", "the step is short",
            s.step <= c ** ((4 * N - 2) / N) / (6144 * N**3 * Phi ** ((6 * N - 4) / N)),
        ),
    ),
    claims=(
        Claim("per-step", s.step_decrease >= s.step * c ** (2 * (N - 1) / N) * s.loss_now, trivial=0),
    ),
    scalings=(LAYERS,),
    spelled={
        "L(t) - L(t+1)": s.step_decrease, "L(t)": s.loss_now, "eta": s.step, "c": c, "N": N,
        "|Phi|": Phi,
    },
    controls=(
        Control("sixteenfold-rate", "per-step", {s.loss_now: 16 * s.loss_now}, configuration=PROMPT),
    ),
)  # fmt: skip
