"""Symbols of least squares, ridge and double descent: ``from harness.double_descent import noise``.

n samples, p features; H = X'X/n. "Risk" is excess risk, E (x.w - x.w*)^2 over a fresh input, without
the noise of its label. A filter q(s) is what a method leaves of w_0 - w* in a direction of H with
eigenvalue s.
"""

from __future__ import annotations

from harness.large_steps import step as step
from harness.large_steps import steps_taken as steps_taken
from harness.vocabulary.symbol import symbol

RUN, CONFIGURATION = "run", "configuration"

WEIGHTS = 8
"""Eigendirections of H that have symbols of their own; a problem with fewer has zeros in the others."""
_INDICES = range(1, WEIGHTS + 1)

spectra = [
    symbol(f"spectrum_{i}", f"s_{i}: eigenvalue {i} of H = X'X/n", RUN, f"s_{i}") for i in _INDICES
]
inverses = [
    symbol(f"inverse_{i}", f"1/s_{i}, or 0 where s_{i} = 0", RUN, f"s_{i}^+") for i in _INDICES
]
offsets = [
    symbol(f"offset_{i}", f"a_{i}: w_0 - w* along eigenvector {i} of H", RUN, f"a_{i}")
    for i in _INDICES
]
tests = {
    (i, j): symbol(f"test_{i}{j}", f"P_{i}{j}: second moment of a fresh input, in the eigenbasis of H",
                   RUN, f"P_{{{i}{j}}}")
    for i in _INDICES for j in range(i, WEIGHTS + 1)
}  # fmt: skip
label_noise = symbol("label_noise", "s2/n: variance of the label noise over samples", RUN, "v")
descents = [
    symbol(f"descent_{i}", f"filter of gradient descent at s_{i}: q <- (1 - eta s) q", RUN)
    for i in _INDICES
]
heavies = [
    symbol(f"heavy_{i}", f"filter of the heavy ball at s_{i}: q+ = (1 - eta s + m) q - m q-", RUN)
    for i in _INDICES
]
duration = symbol("duration", "eta times the number of steps: time of the flow", RUN, r"\tau")
ridge = symbol("ridge", "lambda of |Xw - y|^2/n + lambda |w - w_0|^2", RUN, r"\lambda")
risk_descent = symbol(
    "risk_descent", "risk of gradient descent after T steps, mean over labels", RUN
)
risk_heavy = symbol("risk_heavy", "risk of the heavy ball after T steps, mean over the labels", RUN)
risk_flow = symbol("risk_flow", "risk of gradient flow, mean over the labels", RUN)
risk_ridge = symbol("risk_ridge", "risk of ridge regression, mean over the labels", RUN)

pace = symbol("pace", "x = eta s: step size times an eigenvalue", RUN, "x")
decay_gap = symbol("decay_gap", "exp(-x T) - (1 - x)^T", RUN)
pace_most = symbol("pace_most", "h: step size times the largest eigenvalue of H", RUN, "h")
bayes_descent = symbol(
    "bayes_descent", "risk of T steps of descent, mean over w* ~ N(w_0, r2 I)", RUN
)
bayes_flow = symbol("bayes_flow", "risk of the flow at time tau, mean over w* ~ N(w_0, r2 I)", RUN)
bayes_ridge = symbol(
    "bayes_ridge", "risk of ridge at lambda = 1/tau, mean over w* ~ N(w_0, r2 I)", RUN
)

gram_1, gram_2 = (
    symbol(f"gram_{i}", f"k_{i}: eigenvalue {i} of the kernel matrix of both samples, k_1 >= k_2", RUN,
           f"k_{i}")
    for i in (1, 2)
)  # fmt: skip
jitter = symbol("jitter", "delta: ridge added to the kernel matrix", RUN, r"\delta")
learned = symbol("learned", "sum over an orthonormal basis of <phi, kernel ridge fit of phi>", RUN)
basis_size = symbol("basis_size", "M: number of points, and of functions in the basis", RUN, "M")

rows = symbol("rows", "n: training samples", CONFIGURATION, "n")
ratio = symbol("ratio", "g = p/n: features a sample", CONFIGURATION, "g")
columns = symbol("columns", "p: features fitted", CONFIGURATION, "p")
signal = symbol("signal", "b2: squared norm of the target on the features fitted", CONFIGURATION)
leftover = symbol("leftover", "e: noise plus squared norm of the target elsewhere", CONFIGURATION)
spread_trace = symbol("spread_trace", "tr((X'X)^+)", RUN, r"\mathrm{tr}(X'X)^+")
first_entry = symbol(
    "first_entry", "first diagonal entry of the inverse of X'X, or of XX' where p > n", RUN
)
trace_mean = symbol("trace_mean", "mean over X of tr((X'X)^+)", RUN)
trace_variance = symbol("trace_variance", "variance over X of tr((X'X)^+)", RUN)
bias_share = symbol(
    "bias_share", "bias of the least-norm fit over b2: target outside the row space", RUN
)
test_error = symbol("test_error", "mean square error on fresh data, noise included, given X", RUN)
descent_step = symbol(
    "descent_step", "eta: step size on |Xw - y|^2 / (2 n)", CONFIGURATION, r"\eta"
)
noise_ratio = symbol("noise_ratio", "s2: noise variance over |w_0 - w*|^2", CONFIGURATION)
mean_once = symbol("mean_once", "mean risk over |w_0 - w*|^2 after one step", RUN)
mean_twice = symbol("mean_twice", "mean risk over |w_0 - w*|^2 after two steps", RUN)

points = symbol("points", "M: points of the population", CONFIGURATION, "M")
independent = symbol(
    "independent", "1 when the features of any min(n, p) points are independent, else 0", RUN
)
held_out_noise = symbol(
    "held_out_noise", "noise part of the risk over its variance, mean over the points held out", RUN
)
population_noise = symbol(
    "population_noise", "noise part of the risk over its variance, mean over all M points", RUN
)

loading = symbol("loading", "lambda of |Xw - y|^2 + lambda |w|^2", RUN, r"\lambda")
loaded_trace = symbol("loaded_trace", "tr((X'X + lambda)^-1) with n samples", RUN, "T_n")
loaded_trace_after = symbol(
    "loaded_trace_after", "tr((X'X + lambda)^-1) with one sample more", RUN, "T_{n+1}"
)
null_risk = symbol(
    "null_risk", "b2: squared norm of the target, risk of the null predictor", CONFIGURATION
)
risk_now = symbol(
    "risk_now", "risk of ridge at lambda = p s2 / b2 with n samples, given X", RUN, "R_n"
)
risk_change = symbol(
    "risk_change",
    "risk of ridge at lambda = p s2 / b2 with one sample more less that before, given X",
    RUN,
)

penalty = symbol(
    "penalty", "ridge parameter of the fit over the mean squared feature", CONFIGURATION
)
error_below = symbol("error_below", "clean test error at a quarter of the threshold", RUN)
error_at = symbol("error_at", "clean test error with as many features as samples", RUN)
error_beyond = symbol("error_beyond", "clean test error at four times the threshold", RUN)

mean_variance = symbol(
    "mean_variance", "variance of the least-norm fit over s2, mean over 150 designs", RUN, "V_n"
)
dilation = symbol(
    "dilation", "c: mean of 1/(1 + c g s) over the spectrum is 1 - 1/g, g = p/n", RUN, "c"
)
shrunk_once = symbol("shrunk_once", "B: mean of s/(1 + c g s)^2 over the spectrum", RUN, "B")
shrunk_twice = symbol("shrunk_twice", "A: mean of s^2/(1 + c g s)^2 over the spectrum", RUN, "A")
epoch_gap = symbol("epoch_gap", "largest |R(w_k) - Rbar(k)| over steps k of gradient descent", RUN)

weight_penalty = symbol("weight_penalty", "decay of |f - y|^2 + decay |theta|^2", CONFIGURATION)
trained_below = symbol("trained_below", "clean test error at width 1", RUN)
trained_at = symbol(
    "trained_at", "clean test error at width 8, where training begins to fit all", RUN
)
trained_beyond = symbol("trained_beyond", "clean test error at width 64", RUN)

trained_on_few = symbol(
    "trained_on_few", "clean test error of a network of 97 parameters trained on 15 samples", RUN
)
trained_on_some = symbol("trained_on_some", "the same after training on 60 samples", RUN)
trained_on_many = symbol("trained_on_many", "the same after training on 160 samples", RUN)

sphere = symbol(
    "sphere", "d: inputs and neurons lie on the sphere of radius sqrt(d)", CONFIGURATION, "d"
)
psi_1 = symbol("psi_1", "N/d: neurons over inputs", CONFIGURATION, r"\psi_1")
psi_2 = symbol("psi_2", "n/d: samples over inputs", CONFIGURATION, r"\psi_2")
tau_2 = symbol(
    "tau_2", "variance of the label noise, for a linear target of norm 1", CONFIGURATION, r"\tau^2"
)
relu_risk = symbol(
    "relu_risk",
    "risk of ridgeless random ReLU features given them and the inputs, mean over labels",
    RUN,
)
