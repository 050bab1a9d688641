"""Symbols of implicit bias and stable minima: ``from harness.implicit_bias import step``.

All of it belongs to one run. Diagonal linear networks are x -> x.(u v) with products entry by entry;
w+ = u + v and w- = u - v.
"""

from __future__ import annotations

from harness.large_steps import step as step
from harness.large_steps import steps_taken as steps_taken
from harness.vocabulary.symbol import symbol

RUN = "run"

scale_start = symbol("scale_start", "product over the entries of |w+ w-| / 2 at the start", RUN)
scale_end = symbol("scale_end", "the same after T steps", RUN)
shrinkage = symbol("shrinkage", "product over steps and entries of |1 - (eta r)^2|", RUN)
dual_end = symbol("dual_end", "<z, asinh(beta / alpha^2)> at the end, alpha^2 = |w+ w-| / 2", RUN)
dual_flow = symbol("dual_flow", "the same with alpha^2 of the start", RUN)
dual_start = symbol("dual_start", "<z, log |w+ / w-|> at the start", RUN)
dual_bend = symbol(
    "dual_bend", "<z, sum over steps of log |1 - eta r| - log |1 + eta r| + 2 eta r>", RUN
)

samples_count = symbol("samples_count", "n: number of samples", RUN, "n")
margin = symbol("margin", "g: least z_i.w over the samples for one unit vector w", RUN, r"\gamma")
mean_loss = symbol("mean_loss", "mean of L(w_k) over k < T", RUN, r"\overline L")
longest = symbol("longest", "largest |z_i|", RUN)
phase_loss = symbol("phase_loss", "L(w_s), s the first state with L <= 1/eta", RUN)
phase_exp = symbol("phase_exp", "F(w_s) = mean of exp(-z_i.w_s)", RUN)
phase_start = symbol(
    "phase_start", "first step t with L(w_t) <= 1/eta and F(w_t) <= 1; T + 1 if none", RUN
)
late_loss = symbol("late_loss", "L(w_{s+k})", RUN)
late_steps = symbol("late_steps", "k: steps since s", RUN, "k")
late_growth = symbol("late_growth", "largest L(w_{t+1}) / L(w_t) for t >= s", RUN)

sharpness = symbol("sharpness", "largest eigenvalue of the Hessian of the loss", RUN)
path_norm = symbol("path_norm", "sum over the neurons of |v_i w_i| G(-b_i / w_i)", RUN)
clear = symbol("clear", "1 when no input lies on the kink of a neuron, else 0", RUN)

radius = symbol("radius", "spectral radius of the second-moment map of SGD", RUN, r"\rho")
threshold = symbol("threshold", "2 / lambda_max(C^+ D)", RUN, r"\eta^*")
mean_determinant = symbol("mean_determinant", "determinant of the mean Hessian", RUN)
mean_curvature = symbol("mean_curvature", "largest eigenvalue of the mean Hessian", RUN)

strong_gap = symbol("strong_gap", "squared distance of the student to the truth", RUN)
weak_gap = symbol("weak_gap", "squared distance of the weak labels to the truth", RUN)
label_misfit = symbol("label_misfit", "squared distance of the student to the weak labels", RUN)
convex_students = symbol("convex_students", "1 when the students form a convex set, else 0", RUN)

slope_low = symbol("slope_low", "gam: least derivative of the activation", RUN, r"\gamma")
slope_high = symbol("slope_high", "Gam: largest derivative of the activation", RUN, r"\Gamma")
smin_X = symbol("smin_X", "least of the n singular values of X", RUN, r"\sigma_{\min}(X)")
smax_X = symbol("smax_X", "|X|", RUN, r"\|X\|")
away_start = symbol("away_start", "|theta_0 - theta*|, the interpolator nearest to theta_0", RUN)
away = symbol("away", "|theta_T - theta*|", RUN)
path = symbol("path", "sum over the run of |theta_{k+1} - theta_k|", RUN)

alpha = symbol("alpha", "scale of the initialization, u = v = alpha up to sign", RUN, r"\alpha")
inputs_count = symbol("inputs_count", "d: number of inputs", RUN, "d")
norm_1 = symbol("norm_1", "|beta|_1 of the interpolator reached", RUN)
norm_2 = symbol("norm_2", "|beta|_2^2 of the interpolator reached", RUN)
least_1 = symbol("least_1", "least |beta|_1 of an interpolator", RUN, "B_1")
least_2 = symbol("least_2", "least |beta|_2 of an interpolator", RUN, "B_2")

spread_limit = symbol("spread_limit", "<P, Cov>, Cov the limit of E x x' under SGD", RUN)
spread_formula = symbol(
    "spread_formula", "<P, (2 C - eta D)^-1 Q>, Q = mean g_i g_i', symmetric matrices", RUN
)
batch_factor = symbol("batch_factor", "p = (n - B) / (B (n - 1))", RUN, "p")

label_energy = symbol("label_energy", "y' H^-1 y, H the kernel of an infinite ReLU layer", RUN)
label_scale = symbol("label_scale", "a^2 |b|^(2p) for the labels y_i = a (b.x_i)^p", RUN)
degree = symbol("degree", "p: degree of the labels", RUN, "p")
