r"""Hidden layers move by order 1 in muP and by order h^(-1/2) in the NTK parametrisation, outputs by order 1 in both.

Setting. f(x) = h^(r - 1) w.tanh(W tanh(A x) / sqrt(h)), all entries N(0, 1) at the start, gradient descent with step size
c h^(1 - 2 r) on all layers: r = 0 is muP, r = 1/2 the NTK parametrisation. After T steps, T >= 2 and e_0 fixed,
hidden is the root mean square over neurons and samples of the change of W tanh(A x) / sqrt(h), output = |f_T - f_0|,
matrix the Frobenius norm of the change of W / sqrt(h).
Statement. For r = 0, 1/4, 1/2, as h grows and all else stays, up to constants

    hidden: hidden = h^(-r)
    matrix: matrix = h^(-r)
    output: output = 1

Source. Yang, Hu, ICML 2021 (arXiv 2011.14522), section 3, remembered; the exponents were derived again: the gradient in a
hidden unit is h^(r - 1), times the step and the h entries of one sample's inner product it gives h^(-r).
Remarks. Since |W|_2 / sqrt(h) stays near 2, matrix = 1 is the spectral condition of Yang, Simon, Bernstein 2023 (the
change has rank at most 3 T). The outputs do not tell the parametrisations apart. Standard parametrisation with a constant
step blows up instead.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Rational

from harness import Claim, Control, Exponent, Theorem
from harness import lazy_training as s
from harness.symbols import width as h

r = s.abc_exponent
ORDER = Exponent(h, (16, 32, 64, 128), "rng", tolerance=0.25, replicates=40)
MUP: dict[str, Any] = {"abc_exponent": 0}
NTK: dict[str, Any] = {"abc_exponent": 0.5}
BESIDE = r + Rational(1, 2)

theorem = Theorem(
    title="What moves in muP and in the NTK parametrisation",
    source="yang2021, section 3",
    provenance="remembered",
    claims=(
        Claim("hidden", Eq(s.hidden_change, h ** (-r)), ORDER, witness=MUP),
        Claim("matrix", Eq(s.matrix_change, h ** (-r)), ORDER, witness=NTK),
        Claim("output", Eq(s.output_change, 1), ORDER, witness=NTK),
    ),
    spelled={"h": h, "r": r, "hidden": s.hidden_change, "matrix": s.matrix_change,
             "output": s.output_change},
    controls=(
        Control("muP-as-if-lazy", "hidden", {r: BESIDE}, configuration=MUP),
        Control("lazy-as-if-muP", "hidden", {r: 0}, configuration=NTK),
        Control("lazy-matrix-as-if-muP", "matrix", {r: 0}, configuration=NTK),
        Control("outputs-fall", "output", {s.output_change: s.output_change * h**Rational(1, 2)}),
    ),
)  # fmt: skip
