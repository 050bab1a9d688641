"""Symbols of nonlinear networks at finite width: ``from harness.finite_width import jac_smin``.

All of it belongs to one run on the loss 1/2 |r|^2, r = f(theta) - y in R^n for n samples. J(theta) is the
n x p Jacobian of f, sigma_n(J) the n-th of its singular values (0 when p < n).
"""

from __future__ import annotations

from harness.implicit_bias import path as path
from harness.large_steps import step as step
from harness.large_steps import steps_taken as steps_taken
from harness.vocabulary.symbol import symbol

RUN = "run"

jac_smin = symbol("jac_smin", "sigma_n(J) at the start", RUN, r"\sigma_n(J_0)")
jac_bound = symbol("jac_bound", "beta: |J(theta)| is at most this everywhere", RUN, r"\beta")
jac_lipschitz = symbol("jac_lipschitz", "L: Lipschitz constant of J, everywhere", RUN, "L")
fit_start = symbol("fit_start", "|r| at the start", RUN, r"\|r_0\|")
fit_next = symbol("fit_next", "|r| after one step", RUN, r"\|r_1\|")
fit_end = symbol("fit_end", "|r| after T steps", RUN, r"\|r_T\|")
first_move = symbol("first_move", "|theta_1 - theta_0|", RUN, r"\|\theta_1-\theta_0\|")

jac_smax = symbol("jac_smax", "|J| at the start", RUN, r"\|J_0\|")
lazy_scale = symbol("lazy_scale", "a: the model is a h(w)", RUN, "a")
risk_convex = symbol("risk_convex", "m: R is m-strongly convex", RUN, "m")
risk_smooth = symbol("risk_smooth", "M: R is M-smooth", RUN, "M")
risk_start = symbol("risk_start", "R(a h(w)) at the start, 0 at the minimiser y*", RUN, "R_0")
risk_drop = symbol("risk_drop", "R(a h(w)) at the start less that at time T", RUN, "R_0-R_T")
label_norm = symbol("label_norm", "|y*|", RUN, r"\|y^*\|")
model_start = symbol("model_start", "|h(w)| at the start", RUN, r"\|h(w_0)\|")
lazy_gap_start = symbol("lazy_gap_start", "|a h(w) - y*| at the start", RUN)
lazy_gap = symbol("lazy_gap", "|a h(w) - y*| at time T", RUN)
flow_move = symbol("flow_move", "|w(T) - w(0)| under gradient flow", RUN, r"\|w(T)-w_0\|")

small_init = symbol("small_init", "eps: the weights are eps W_0 at the start", RUN, r"\epsilon")
longest_sample = symbol("longest_sample", "Xm: largest |x_i|", RUN, r"X_{\max}")
longest_neuron = symbol("longest_neuron", "Wm: largest |w_j| of W_0", RUN, r"W_{\max}")
neuron_squared = symbol("neuron_squared", "largest |w_j|^2 after T steps", RUN)
output_largest = symbol("output_largest", "largest |f(x_i)| after T steps", RUN)
turning_error = symbol(
    "turning_error",
    "largest |(I - u u') (v_j g / |w_j| - sign(v_j(0)) sum of y_i x_i over x_i.w_j > 0)|, u = w_j/|w_j|, "
    "where w_j is about to move by eta v_j g, after T steps",
    RUN,
)
smooth_pieces = symbol(
    "smooth_pieces", "1 when the flow crosses each kink of the ReLUs, and slides along none", RUN
)
layer_gap = symbol("layer_gap", "largest | |v_j| / |w_j| - 1 | after T steps", RUN)

kernel_gap = symbol(
    "kernel_gap", "|(m/L) J J' - I kron X' X|_F at the start, L layers, m outputs", RUN
)
teacher_norm = symbol("teacher_norm", "|W*| of the linear map that gives the targets", RUN)
