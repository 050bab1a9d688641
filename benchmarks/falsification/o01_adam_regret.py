"""Adam's regret bound for convex losses, beta1 = 0 and no bias correction. (It is false.)

False claim (Kingma and Ba 2015, Theorem 4.1, as remembered): for f_t(x) = g_t x on [-1, 1], started
at 1 with steps a / sqrt(t v_t), R(T) <= D^2/(2a) sqrt(T v_T) + a G/sqrt(1 - beta2) |g_{1:T}|_2 with
D = 2.
Counterexample (Reddi, Kale and Kumar 2018, Theorem 1): gradients C, -1, -1 over and over, C > 2,
beta2 = 1/(1 + C^2): Adam drifts to +1 though -1 is optimal, and the regret grows linearly. The
theorem asks for beta1^2 < sqrt(beta2), that is beta2 > 0, and divides by sqrt(v_t).
True neighbour (derived): AMSGrad, which divides by the largest v so far. It is projected gradient
descent with steps that never grow, and v_t >= (1 - beta2) g_t^2.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, sqrt, symbol, vector

T = 1500
beta2 = symbol("beta2", "decay of the second moment", "configuration", r"\beta_2")
a = symbol("a", "step size: a / sqrt(t) at step t", "configuration")
regret = symbol("regret", "R(T) of Adam against the best fixed point", "run", "R(T)")
regret_ams = symbol("regret_ams", "R(T) of AMSGrad", "run", r"R_{\mathrm{AMS}}(T)")
s_last = symbol("s_last", "root of the second moment v_T", "run", r"\sqrt{v_T}")
s_top = symbol("s_top", "root of the largest v_t, t <= T", "run", r"\sqrt{\hat v_T}")
g_max = symbol("g_max", "largest |g_t|", "run", "G")
g_norm = symbol("g_norm", "|g_{1:T}|_2", "run", r"\|g_{1:T}\|_2")
g_damped = symbol("g_damped", "sum of |g_t| / sqrt(t)", "run", r"\sum_t |g_t|/\sqrt{t}")


@experiment(
    emits=[beta2, a, regret, regret_ams, s_last, s_top, g_max, g_norm, g_damped],
    beta2=reals(0, 0.999), a=reals(0.05, 1), gradients=vector(3, reals(-10, 10)),
)
def adam(beta2, a, gradients):
    """Adam and AMSGrad side by side on linear losses of period three."""
    x = y = 1.0
    v = top = lost = lost_ams = damped = 0.0
    for t in range(1, T + 1):
        g = gradients[(t - 1) % 3]
        lost, lost_ams = lost + g * x, lost_ams + g * y
        v = beta2 * v + (1 - beta2) * g * g
        top, damped = max(top, v), damped + abs(g) / np.sqrt(t)
        if g != 0:
            x = min(max(x - a * g / np.sqrt(t * v), -1.0), 1.0)
            y = min(max(y - a * g / np.sqrt(t * top), -1.0), 1.0)
    best, squares = abs(sum(gradients)) * (T // 3), sum(g * g for g in gradients) * (T // 3)
    return {
        regret: lost + best, regret_ams: lost_ams + best, s_last: np.sqrt(v), s_top: np.sqrt(top),
        g_max: max(abs(g) for g in gradients), g_norm: np.sqrt(squares), g_damped: damped,
    }


adam_regret = Theorem(
    title="Adam's regret is O(sqrt T)",
    source="kingma2015, Theorem 4.1",
    provenance="remembered",
    hypotheses=[
        Hypothesis("decay", "beta1^2 < sqrt(beta2)", beta2 > 0),
        Hypothesis("steps are defined", "v_T, by whose root a step is divided, is not zero", s_last > 0),
    ],
    claims=[
        Claim("regret",
              regret <= 2 / a * sqrt(T) * s_last + a * g_max / sqrt(1 - beta2) * g_norm,
              expected=Verdict.VIOLATED, because="Reddi, Kale and Kumar (2018), Theorem 1")
    ],
)
amsgrad_regret = Theorem(
    title="AMSGrad's regret is O(sqrt T)",
    provenance="derived",
    claims=[
        Claim("regret",
              regret_ams <= 2 / a * sqrt(T) * s_top + a / (2 * sqrt(1 - beta2)) * g_damped)
    ],
)
