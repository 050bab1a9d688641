"""Adam's regret bound for convex losses, beta1 = 0 and no bias correction. (It is false.)

False claim (Kingma and Ba 2015, Theorem 4.1, as remembered): for f_t(x) = g_t x on [-1, 1], started
at 1 with steps a / sqrt(t v_t), R(T) <= D^2/(2a) sqrt(T v_T) + a G/sqrt(1 - beta2) |g_{1:T}|_2 with
D = 2.
Counterexample (Reddi, Kale and Kumar 2018, Theorem 1): gradients C, -1, -1 over and over, C > 2,
beta2 = 1/(1 + C^2): Adam drifts to +1 though -1 is optimal, and the regret grows linearly. As it
stands the bound also fails where v_T alone is small, say beta2 = 0 and a last gradient of 0.
True neighbour (derived): AMSGrad, which divides by the largest v so far. It is projected gradient
descent with steps that never grow, and v_t >= (1 - beta2) g_t^2.
Rounding: the losses are linear and clipping contracts, so errors only add up. v_t is off by 4t units
at most, a step is at most 1/sqrt((1 - beta2) t), and the errors of x sum to less than 1e-8.
"""

import math

from harness import Claim, Theorem, Verdict, experiment, reals, sqrt, symbol, vector

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
    """Adam and AMSGrad side by side on linear losses of period three; s and top are roots of v."""
    keep, take = math.sqrt(beta2), math.sqrt(1 - beta2)
    x = y = 1.0
    s = top = lost = lost_ams = 0.0
    for t in range(1, T + 1):
        g = gradients[(t - 1) % 3]
        lost, lost_ams = lost + g * x, lost_ams + g * y
        s = math.hypot(keep * s, take * g)
        top = max(top, s)
        if s:
            x = min(max(x - a / math.sqrt(t) * (g / s), -1.0), 1.0)
            y = min(max(y - a / math.sqrt(t) * (g / top), -1.0), 1.0)
    best, largest = abs(math.fsum(gradients) * T / 3), max(abs(g) for g in gradients)
    error = 1e-8 * T * largest
    return {
        regret: (lost + best, error), regret_ams: (lost_ams + best, error),
        s_last: (s, 1e-11 * s), s_top: (top, 1e-11 * top), g_max: largest,
        g_norm: math.hypot(*gradients) * math.sqrt(T / 3),
        g_damped: sum(abs(gradients[(t - 1) % 3]) / math.sqrt(t) for t in range(1, T + 1)),
    }


adam_regret = Theorem(
    title="Adam's regret is O(sqrt T)",
    source="kingma2015, Theorem 4.1",
    provenance="remembered",
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
