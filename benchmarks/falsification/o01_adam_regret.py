"""Adam's regret bound for convex losses, beta1 = 0 and no bias correction. (It is false.)

False claim (Kingma and Ba 2015, Theorem 4.1, as remembered): for f_t(x) = g_t x on [-1, 1], started
at 1 with steps a / sqrt(t v_t), R(T) <= D^2/(2a) sqrt(T v_T) + a G/sqrt(1 - beta2) |g_{1:T}|_2, D = 2.
Counterexample (Reddi, Kale and Kumar 2018, Theorem 1): gradients C, -1, -1 over and over, C > 2,
beta2 = 1/(1 + C^2): Adam drifts to +1 though -1 is optimal, and the regret grows linearly.
True neighbour (derived): AMSGrad, which divides by the largest v so far. It is projected gradient
descent with steps that never grow, and v_t >= (1 - beta2) g_t^2.
Rounding: 28 digits; the losses are linear and clipping contracts, so errors only add up.
"""

from decimal import Decimal

from harness import Claim, Theorem, Verdict, experiment, reals, sqrt, symbol, vector

T = 1500
beta2 = symbol("beta2", "decay of the second moment", "configuration", r"\beta_2")
a = symbol("a", "step size: a / sqrt(t) at step t", "configuration")
regret = symbol("regret", "R(T) of Adam against the best fixed point", "run", "R(T)")
regret_ams = symbol("regret_ams", "R(T) of AMSGrad", "run", r"R_{\mathrm{AMS}}(T)")
v_last = symbol("v_last", "second moment v_T", "run", "v_T")
v_top = symbol("v_top", "largest v_t, t <= T", "run", r"\hat v_T")
g_max = symbol("g_max", "largest |g_t|", "run", "G")
g_norm = symbol("g_norm", "|g_{1:T}|_2", "run", r"\|g_{1:T}\|_2")
g_damped = symbol("g_damped", "sum of |g_t| / sqrt(t)", "run", r"\sum_t |g_t|/\sqrt{t}")


@experiment(
    emits=[beta2, a, regret, regret_ams, v_last, v_top, g_max, g_norm, g_damped],
    beta2=reals(0, 0.999), a=reals(0.05, 1), gradients=vector(3, reals(-10, 10)),
)  # fmt: skip
def adam(beta2, a, gradients):
    """Adam and AMSGrad side by side on linear losses of period three."""
    beta2, a, gradients = Decimal(beta2), Decimal(a), [Decimal(g) for g in gradients]
    x = y = Decimal(1)
    v = top = lost = lost_ams = total = squares = damped = Decimal(0)
    for t in range(1, T + 1):
        g = gradients[(t - 1) % 3]
        lost, lost_ams, total = lost + g * x, lost_ams + g * y, total + g
        squares, damped = squares + g * g, damped + abs(g) / Decimal(t).sqrt()
        v = beta2 * v + (1 - beta2) * g * g
        top = max(top, v)
        if g:
            x = min(max(x - a * g / (t * v).sqrt(), Decimal(-1)), Decimal(1))
            y = min(max(y - a * g / (t * top).sqrt(), Decimal(-1)), Decimal(1))
    largest = max(abs(g) for g in gradients)
    error = 1e-15 * T * float(largest)
    return {
        regret: (lost + abs(total), error), regret_ams: (lost_ams + abs(total), error),
        v_last: v, v_top: top, g_max: largest, g_norm: squares.sqrt(), g_damped: damped,
    }  # fmt: skip


adam_regret = Theorem(
    title="Adam's regret is O(sqrt T)",
    source="kingma2015, Theorem 4.1",
    provenance="remembered",
    claims=[
        Claim(
            "regret",
            regret <= 2 / a * sqrt(T * v_last) + a * g_max / sqrt(1 - beta2) * g_norm,
            expected=Verdict.VIOLATED,
            because="Reddi, Kale and Kumar (2018), Theorem 1",
        )
    ],
)
amsgrad_regret = Theorem(
    title="AMSGrad's regret is O(sqrt T)",
    provenance="derived",
    claims=[
        Claim(
            "regret", regret_ams <= 2 / a * sqrt(T * v_top) + a / (2 * sqrt(1 - beta2)) * g_damped
        )
    ],
)
