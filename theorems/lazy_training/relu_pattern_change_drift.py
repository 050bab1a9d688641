r"""A ReLU neuron moves by at most the path of the errors, and the kernel by the neurons that can change sides.

Setting. f_i = sum_r a_r relu(w_r.x_i) / sqrt(h), |a_r| = 1 fixed; gradient descent with any step size on the w_r, loss
1/2 |e|^2; H_ij = x_i.x_j times the share of neurons active at both. A neuron is at risk for x_i where
|w_r(0).x_i| <= |w_r(T) - w_r(0)| |x_i|. Two samples.
Statement. Whatever the start,

    movement: moved <= eta |X|_2 path / sqrt(h)
    kernel: H_change <= |x_1.x_2| risk / h

with moved the largest |w_r(T) - w_r(0)|, path the sum of |e_t| over t < T, H_change = |H_12(T) - H_12(0)| and risk the
number of neurons at risk for one of the two.
Source. Derived; the step inside Lemma 3.2 of Du, Zhai, Poczos, Singh, ICLR 2019, with |X|_2 for sqrt(N).
Remarks. Both are attained: the first after one step where a neuron is active at all samples and e_0 is
proportional to the leading left singular vector of X; the second where all neurons at risk change sides one way.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Theorem, sqrt
from harness import lazy_training as s
from theorems.lazy_training.scalings import PATTERNS

h = s.hidden_neurons
travel = Definition(
    "travel", s.tangent_step * s.data_norm * s.error_path / sqrt(h), "farthest a neuron can move"
)
change = Definition("change", s.sample_product * s.neurons_at_risk / h, "largest change of H_12")
# one neuron alone moves farthest, so that balls tell which
POSITIVE = [[1.0, 1.0], *[[1.0, -1.0]] * 7]
TOGETHER: dict[str, Any] = {
    "offset": [0.5, 0.5], "misfit": [1.0, 1.0], "weights": POSITIVE, "size": 1.0, "pace": 0.25,
    "steps": 1,
}  # fmt: skip
TURNED: dict[str, Any] = {
    "offset": [0.5, 0.5], "misfit": [2.0, 2.0], "size": 0.05, "pace": 1.0, "steps": 1,
    "weights": [[0.25, 0.25], *[[-1.0, -1.0]] * 7],
}  # fmt: skip

theorem = Theorem(
    title="Movement of ReLU neurons and of their kernel under gradient descent",
    source="du2019kernel, Lemma 3.2",
    provenance="derived",
    claims=(
        Claim("movement", s.farthest_neuron <= travel, witness=TOGETHER),
        Claim("kernel", s.pair_moved <= change, witness=TURNED),
    ),
    scalings=PATTERNS,
    spelled={
        "eta": s.tangent_step, "|X|_2": s.data_norm, "h": h, "path": s.error_path,
        "moved": s.farthest_neuron, "H_change": s.pair_moved, "risk": s.neurons_at_risk,
        "|x_1.x_2|": s.sample_product,
    },
    controls=(
        Control("a-fiftieth-less", "movement", {travel: travel * 49 / 50}, configuration=TOGETHER),
        Control("a-twentieth-less", "kernel", {change: change * 19 / 20}, configuration=TURNED),
    ),
)  # fmt: skip
