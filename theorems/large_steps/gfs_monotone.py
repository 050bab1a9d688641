r"""Every step makes the minimum that the flow would reach flatter, however large the step.

Setting. Gradient descent on 1/2 (w_1 w_2 w_3 - 1)^2, e = w_1 w_2 w_3 - 1, w_ij the product of all
weights but w_i and w_j. The flow keeps every w_i^2 - w_j^2, so the minimum it would reach from w is
where s (s + c) (s + d) = 1, with c <= d the squares less the least of them; phi is the sharpness
there, sum 1/w_i^2.
Hypotheses. eta |e| max |w_ij| <= sqrt(2).
Statement. With b = w_1^2 - w_2^2

    gap: b+ = b (1 - (eta e w_12)^2)
    flow-sharpness: phi_after <= phi
    phi = 1/s + 1/(s + c) + 1/(s + d)

Source. Kreisler, Shpigel Nacson, Soudry, Carmon, ICML 2023 (arXiv 2305.13064), is the setting; the
identity, which needs no hypothesis, is derived.
Remarks. By the identity every |w_i^2 - w_j^2| shrinks; that phi falls with them is shown in the
paper on a set of its own and is put to the test here under the hypothesis above. For two weights
phi = sqrt(b^2 + 4). phi sees squares only: a step that changes the sign of the product leaves it.
"""

from __future__ import annotations

from sympy import Eq, Expr

from harness import Claim, Control, Definition, Hypothesis, Root, Theorem, Unknown
from harness import large_steps as s
from theorems.large_steps.scalings import LOSS

FAR = {"weights": [2.0, 1.5, 1.0], "step": 1.75}


def reached(name: str, mid: Expr, high: Expr) -> tuple[Root, Expr]:
    """The least square at the minimum that the flow reaches, and the sharpness there."""
    x = Unknown("x")
    least = Root(name, x * (x + mid) * (x + high) - 1, x, 0, 2, text="least square at the end")
    return least, 1 / least + 1 / (least + mid) + 1 / (least + high)


least, sharpness = reached("s", s.mid, s.high)
least_after, sharpness_after = reached("s_after", s.mid_after, s.high_after)
phi = Definition("phi", sharpness, "sharpness where the flow ends", r"\varphi")
phi_after = Definition("phi_after", sharpness_after, "the same after the step", r"\varphi_+")
long = Definition("long", (s.step * s.error * s.widest) ** 2, "squared left side of the hypothesis")

theorem = Theorem(
    title="Sharpness where the flow would end never grows",
    source="kreisler2023, setting",
    provenance="derived",
    hypotheses=(
        Hypothesis("short step", "eta |e| max |w_ij| <= sqrt(2)", long <= 2, breaks_with=FAR),
    ),
    claims=(
        Claim("gap", Eq(s.gap_12_after, s.gap_12 * (1 - (s.step * s.error * s.others_12) ** 2))),
        Claim("flow-sharpness", phi_after <= phi),
    ),
    scalings=(LOSS,),
    spelled={
        "eta": s.step, "e": s.error, "w_12": s.others_12, "b": s.gap_12, "b+": s.gap_12_after,
        "c": s.mid, "d": s.high,
    },
    controls=(
        Control("conserved", "gap", {s.error: 0}),
        Control("step-too-long", "flow-sharpness", drop="short step", configuration=FAR),
    ),
)  # fmt: skip
