r"""Imbalance alone keeps the rate of three linear layers away from zero (Theorem 2).

Setting. W_1 in R^{n x 3}, W_2 in R^{3 x 3}, W_3 in R^{3 x m}, any weights; d21_i and d23_i are the
eigenvalues of D21 = W_2 W_2' - W_1' W_1 and D23 = W_2' W_2 - W_3 W_3', in descending order, and

    b_1 = max(d21_1, d23_1, 0)
    b_2 = max(d21_2, d23_2, 0)
    b_3 = max(d21_3, d23_3, 0).

Hypotheses. n and m are 1 or 2.
Statement. With c_i = min(b_i, eigenvalue i + 1 - n of D21), where those before the first are infinite,
S21 = sum b_i - c_i, Q21 = sum b_i^2 - c_i^2, and S23, Q23 likewise from D23 and m,

    least-eigenvalue: operator_min >= (Q21 + S21^2)/2 + S21 S23 + (Q23 + S23^2)/2

where operator_min is the least eigenvalue of T, and -2 mu operator_min L bounds L' under gradient flow.

Source. Min, Vidal, Mallada, ICML 2023, Theorem 2, for hidden widths 3.
Remarks. The best bound in terms of the imbalances, so the source; attained without a second layer, where
lambda_min(T) = lambda_n(W_1 W_1') lambda_m(W_3' W_3). An index off by one makes it 0.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Max, Min, Theorem
from harness import deep_layers as s
from harness.vocabulary.symbol import Named
from theorems.convergence.scalings import DEEP

NO_MIDDLE: dict[str, Any] = {
    "n": 1, "m": 1, "W1": [[0.0, 0.0, 1.5]], "W2": [[0.0] * 3] * 3, "W3": [[0.5], [0.0], [0.0]],
}  # fmt: skip

D21, D23 = (s.d21_1, s.d21_2, s.d21_3), (s.d23_1, s.d23_2, s.d23_3)
b = tuple(
    Definition(f"b_{i}", Max(x, y, 0), f"bound {i}")
    for i, x, y in zip((1, 2, 3), D21, D23, strict=True)
)


def sums(side: str, spectrum: tuple[Named, ...], rank: Named) -> tuple[Definition, Definition]:
    """S and Q of one side: the rank is 1 or 2, and with 2 the eigenvalues are shifted by one."""
    plain = [Min(*pair) for pair in zip(b, spectrum, strict=True)]
    shifted = [b[0], *(Min(*pair) for pair in zip(b[1:], spectrum[:-1], strict=True))]
    c = [(2 - rank) * one + (rank - 1) * two for one, two in zip(plain, shifted, strict=True)]
    S = Definition(f"S{side}", sum(x - y for x, y in zip(b, c, strict=True)), "")
    return S, Definition(f"Q{side}", sum(x**2 - y**2 for x, y in zip(b, c, strict=True)), "")


S21, Q21 = sums("21", D21, s.rows_in)
S23, Q23 = sums("23", D23, s.columns_out)

theorem = Theorem(
    title="Imbalance bounds the rate of three linear layers",
    source="min2023, Theorem 2",
    hypotheses=(
        Hypothesis("sizes", "n and m are 1 or 2", Max(s.rows_in, s.columns_out) <= 2),
    ),
    claims=(
        Claim(
            "least-eigenvalue",
            s.operator_min >= (Q21 + S21**2) / 2 + S21 * S23 + (Q23 + S23**2) / 2,
            trivial=0,
            witness=NO_MIDDLE,
        ),
    ),
    scalings=(DEEP[3],),
    controls=(
        Control("five-percent-more", "least-eigenvalue", {S21: 1.05 * S21}, configuration=NO_MIDDLE),
        Control("squares-forgotten", "least-eigenvalue", {Q21: 0}, configuration=NO_MIDDLE),
    ),
)  # fmt: skip
