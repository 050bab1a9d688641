"""Symbols of first-order methods on functions, for theorem files: ``from harness.first_order import gap``.

f is a function with a Lipschitz gradient; f* its least value, x* the minimiser nearest to the
start x_0 (every orbit begins there). x_k is the k-th iterate of a method, N the last index.
Means are over the noise of the method and exact. All of it belongs to a whole orbit.
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN = "run"

rounds = symbol("rounds", "number of steps N of the orbit", RUN, "N")
gamma = symbol("gamma", "constant step size", RUN, r"\gamma")
smooth = symbol("smooth", "L: the gradient is L-Lipschitz (an upper bound)", RUN, "L")
lower = symbol("lower", "least second derivative of f in any direction", RUN, "m")
strong = symbol("strong", "mu: f is mu-strongly convex, 0 for other functions", RUN, r"\mu")
pl = symbol("pl", "mu: 1/2 |f'|^2 >= mu (f - f*) everywhere, a lower bound", RUN, r"\mu")
convex = symbol("convex", "1 when f is convex, else 0", RUN)
quadratic = symbol("quadratic", "1 when f is quadratic, else 0", RUN)
bounded = symbol("bounded", "1 when f is bounded below, else 0", RUN)

start_squared = symbol("start_squared", "|x_0 - x*|^2", RUN, r"\|x_0-x^*\|^2")
gap_start = symbol("gap_start", "f(x_0) - f*", RUN, "f_0-f^*")
grad_start = symbol("grad_start", "|f'(x_0)|^2", RUN, r"\|f'(x_0)\|^2")
dist_squared = symbol("dist_squared", "|x_N - x*|^2", RUN, r"\|x_N-x^*\|^2")
gap = symbol("gap", "f(x_N) - f*", RUN, "f_N-f^*")
grad_squared = symbol("grad_squared", "|f'(x_N)|^2", RUN, r"\|f'(x_N)\|^2")
grad_least = symbol("grad_least", "min |f'(x_k)|^2 over k <= N", RUN, r"\min_k\|f'(x_k)\|^2")
decrease = symbol("decrease", "f(x_0) - f(x_N)", RUN, "f_0-f_N")
gap_before = symbol("gap_before", "f(x_{N-1}) - f*", RUN, "f_{N-1}-f^*")
grad_before = symbol("grad_before", "|f'(x_{N-1})|^2", RUN, r"\|f'(x_{N-1})\|^2")
dist_before = symbol("dist_before", "|x_{N-1} - x*|^2", RUN, r"\|x_{N-1}-x^*\|^2")
fall = symbol("fall", "f(x_{N-1}) - f(x_N)", RUN, "f_{N-1}-f_N")
fall_next = symbol("fall_next", "f(x_N) - f(x_{N+1})", RUN, "f_N-f_{N+1}")

noise_squared = symbol("noise_squared", "variance of the gradient's noise", RUN, r"\sigma^2")
mean_gap = symbol("mean_gap", "E f(x_N) - f*", RUN, r"\mathbb{E}f_N-f^*")
mean_dist_squared = symbol("mean_dist_squared", "E |x_N - x*|^2", RUN, r"\mathbb{E}\|x_N-x^*\|^2")
sample_smooth = symbol("sample_smooth", "largest |a_i|^2 of the samples", RUN, r"L_{\max}")
ball_squared = symbol("ball_squared", "|x_N - x*|^2 of Polyak's heavy ball", RUN, r"\|x_N-x^*\|^2")
noise_at_minimum = symbol(
    "noise_at_minimum", "mean of |f_i'(x*)|^2 over the samples", RUN, r"\sigma_*^2"
)

schedule_sum = symbol(
    "schedule_sum", "sum of the step sizes g_t over t <= T", RUN, r"\sum_t\gamma_t"
)
moves_squared = symbol("moves_squared", "sum of g_t^2 |s_t|^2, the squared moves, over t <= T", RUN)
tail_sum = symbol(
    "tail_sum",
    "sum over k < T of g_k G_k / (S_k S_{k+1}), where S_k and G_k are the sums of g_t and of "
    "g_t^2 |s_t|^2 over k <= t <= T",
    RUN,
)
last_gap = symbol("last_gap", "f(x_T) - f* of subgradient descent with steps g_t", RUN, "f_T-f^*")

dimension = symbol("dimension", "number of coordinates d", RUN, "d")
rate_adaptive = symbol("rate_adaptive", "step size alpha of Adagrad and Adam", RUN, r"\alpha")
decay = symbol("decay", "beta_2, decay of the second moment", RUN, r"\beta_2")
epsilon = symbol("epsilon", "added to the second moment under the root", RUN, r"\varepsilon")
grad_bound = symbol("grad_bound", "R = G + sqrt(eps), |grad f|_inf <= G everywhere", RUN, "R")
adagrad_mean = symbol(
    "adagrad_mean", "mean of |grad f(x_k)|^2 over k < N, Adagrad", RUN, r"\overline{\|\nabla f\|^2}"
)
adam_mean = symbol(
    "adam_mean",
    "mean of |grad f(x_k)|^2 over k < N, Adam with beta_1 = 0",
    RUN,
    r"\overline{\|\nabla f\|^2}",
)

label_noise = symbol("label_noise", "s^2: variance of the labels' noise", RUN, r"\sigma^2")
trace = symbol(
    "trace", "tr H of the inputs' covariance H, eigenvalues lam_i", RUN, r"\mathrm{tr} H"
)
mean_risk = symbol(
    "mean_risk", "E 1/2 |w - w*|_H^2, w the average of w_0 ... w_{N-1} of SGD with steps g", RUN
)
effective_dimension = symbol("effective_dimension", "sum of min(1, N g lam_i)^2", RUN)
effective_start = symbol("effective_start", "sum of (w_0 - w*)_i^2 min(1, N g lam_i)", RUN)
effective_bias = symbol("effective_bias", "sum of (w_0 - w*)_i^2 min(1, N g lam_i)^2 / lam_i", RUN)
