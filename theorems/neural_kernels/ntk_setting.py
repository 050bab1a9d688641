r"""Setting of the two-layer tangent kernel at two inputs of length 1.

f(x) = sum a_r relu(w_r.x) / sqrt(h), a_r = +-1, w_r ~ N(0, I), the w_r trained; the inputs at angle k pi/6, c its
cosine and c2 the square of it, G = [[1, c], [c, 1]]. H_ij is G_ij times the share of neurons active at both; its limit
H_inf has 1/2 on the diagonal and c p off it, p = (6 - k) / 12, and w = p (1 - p) is the variance of one neuron.
h times a share is binomial.
"""

from __future__ import annotations

from typing import Any

from harness import Definition
from harness import neural_kernels as s
from theorems.neural_kernels.relu_setting import h

k, c = s.sixths, s.cosine
p = Definition("p", (6 - k) / 12, "probability that a neuron is active at both")
u = Definition("u", (k - 3) ** 2, "squared distance from a right angle, in sixths of pi")
c2 = Definition("c2", (13 * u - u**2) / 48, "squared cosine: 0, 1/4, 3/4 at u = 0, 1, 4")
w = Definition("w", p * (1 - p), "variance of one neuron")
NARROW: dict[str, Any] = {"width": 16, "sixths": 1}
SPELLED = {"h": h, "c": c, "c2": c2, "w": w, "p": p, "error_squared": s.kernel_error_squared,
           "|H - H_inf|_F": s.kernel_error, "|H - H_inf|_2": s.kernel_error_norm}  # fmt: skip
