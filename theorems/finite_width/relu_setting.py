"""Setting of the statements about the early phase of ReLU networks, for gradient descent.

f(x) = sum_j v_j max(w_j.x, 0) with h neurons, n samples, y_i = +-1; loss sum_i l(y_i, f(x_i)) with l
exponential, 2 log(1 + exp(-y f)) or 1/2 (y - f)^2; W(0) = eps W_0, v_j(0) = +-|w_j(0)|. Xm = max |x_i|, Wm = max |w_j|
over the rows of W_0; T steps of size eta.

The statements are about gradient flow until the time eta T; derived here for every step size. Let
z = max(|w_j|, |v_j|). While |f(x_i)| <= F <= 1/4, each -dl/df is within 2 |f| of y, so that g, the sum of
-dl/df x_i over active samples, has |g| <= (1 + 2 F) n Xm; w_j moves by eta v_j g and v_j by eta w_j.g,
and z grows by at most the factor 1 + eta (1 + 2 F) n Xm. Until the time allowed, z^2 <= eps Wm^2/sqrt(h),
hence |f| <= h Xm z^2 <= F.
"""

from __future__ import annotations

from harness import Definition, Hypothesis, Scaling, log, sqrt
from harness import finite_width as s
from harness.symbols import flow_time, samples, width

eps, Xm, Wm, n, h = s.small_init, s.longest_sample, s.longest_neuron, samples, width
F = Definition("F", eps * sqrt(h) * Xm * Wm**2, "above every |f(x_i)|")

small = Hypothesis("small start", "eps <= 1/(4 sqrt(h) Xm Wm^2)", 4 * F <= 1)
early = Hypothesis(
    "early", "eta T <= log(1/(sqrt(h) eps)) / (4 n Xm)",
    4 * n * Xm * s.step * s.steps_taken <= log(1 / (sqrt(h) * eps)),
)  # fmt: skip

DATA = Scaling(
    "data",
    {Xm: 2, Wm: -1, s.step: -2, flow_time: -2, s.neuron_squared: -2, s.turning_error: 2},
)
SPELLED = {
    "eps": eps, "Xm": Xm, "Wm": Wm, "n": n, "h": h, "T": s.steps_taken, "eta": s.step, "F": F,
    "max_j |w_j|^2": s.neuron_squared, "max_i |f(x_i)|": s.output_largest,
    "turning_error": s.turning_error, "layer_gap": s.layer_gap,
}  # fmt: skip
