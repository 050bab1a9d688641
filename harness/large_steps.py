"""Symbols of finite and large steps, for theorem files: ``from harness.large_steps import step``.

All of it belongs to one run. A step is one of plain gradient descent; "after" says after that
step, T is the number of steps of a run. D stands for the imbalance of two layers that follow each
other, W_{j+1}' W_{j+1} - W_j W_j' for a product ... W_{j+1} W_j ...
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN = "run"

step = symbol("step", "step size", RUN, r"\eta")
steps_taken = symbol("steps_taken", "T: number of steps of the run", RUN, "T")
weight_decay = symbol(
    "weight_decay", "weight decay: lambda/2 |weights|^2 is added to the loss", RUN, r"\lambda"
)
homogeneous = symbol("homogeneous", "1 when the hidden neurons have no bias, else 0", RUN)
imbalance = symbol("imbalance", "<P, D> for two layers, P a fixed matrix", RUN)
imbalance_after = symbol("imbalance_after", "the same after the step", RUN)
skew = symbol("skew", "<P, G2' G2 - G1 G1'> with the gradients of the data loss", RUN)
deep_imbalance = symbol("deep_imbalance", "<P, D> of the last two of three layers", RUN)
deep_imbalance_after = symbol("deep_imbalance_after", "the same after the step", RUN)
deep_skew = symbol("deep_skew", "<P, G3' G3 - G2 G2'> with the gradients of the data loss", RUN)
neuron = symbol("neuron", "|w|^2 - a^2 of a ReLU neuron, weights w in and a out", RUN)
neuron_after = symbol("neuron_after", "the same after the step", RUN)
neuron_skew = symbol("neuron_skew", "|g_w|^2 - g_a^2 with the gradients of the data loss", RUN)

strength = symbol("strength", "s: singular value of the target in this mode", RUN, "s")
mode_start = symbol("mode_start", "p_0: the mode of W2 W1 at the start", RUN, "p_0")
mode_end = symbol("mode_end", "p_T: the mode of W2 W1 after T steps", RUN, "p_T")
fraction = symbol("fraction", "f: share of s that counts as learned", RUN, "f")
hit = symbol("hit", "first step at which the mode has reached f s", RUN)
second_strength = symbol("second_strength", "s_2: the singular value of the other mode", RUN, "s_2")
second_start = symbol("second_start", "q_0: the other mode at the start", RUN, "q_0")
second_hit = symbol("second_hit", "first step at which the other mode has reached f s_2", RUN)

neurons = symbol("neurons", "n: hidden width of f = u.v / sqrt(n)", RUN, "n")
kernel_start = symbol("kernel_start", "(|u|^2 + |v|^2) / n at the start", RUN, r"\lambda_0")
kernel_after = symbol("kernel_after", "(|u|^2 + |v|^2) / n after the first step", RUN)
kernel_end = symbol("kernel_end", "largest (|u|^2 + |v|^2) / n of the run", RUN)
output = symbol("output", "u.v / n = f / sqrt(n) at the start", RUN, "F")
output_after = symbol("output_after", "u.v / n after the first step", RUN)
loss_sum = symbol("loss_sum", "sum of f^2 / 2 over the run", RUN, r"\sum_k f_k^2/2")
loss_peak = symbol("loss_peak", "largest f^2 / 2 of the run", RUN, r"\max_k f_k^2/2")
worst_growth = symbol("worst_growth", "largest |f_{k+1} / f_k| of the run", RUN)

product = symbol("product", "p = x y", RUN, "p")
product_after = symbol("product_after", "x y after the step", RUN)
size = symbol("size", "q = x^2 + y^2", RUN, "q")
size_after = symbol("size_after", "x^2 + y^2 after the step", RUN)
skewness = symbol("skewness", "x^2 - y^2", RUN)
skewness_after = symbol("skewness_after", "x^2 - y^2 after the step", RUN)
goal = symbol("goal", "mu: the number to be factored", RUN, r"\mu")
product_start = symbol("product_start", "p_0: x y at the start", RUN, "p_0")
product_end = symbol("product_end", "p_T: x y after T steps", RUN, "p_T")
product_beyond = symbol("product_beyond", "p_{T+1}: x y one step later", RUN, "p_{T+1}")
size_start = symbol("size_start", "q_0: x^2 + y^2 at the start", RUN, "q_0")
size_end = symbol("size_end", "q_T: x^2 + y^2 after T steps", RUN, "q_T")
skewness_start = symbol("skewness_start", "x_0^2 - y_0^2", RUN)
skewness_end = symbol("skewness_end", "x_T^2 - y_T^2", RUN)
error_most = symbol("error_most", "largest |p_k - mu| of the steps taken", RUN, r"\max_k|e_k|")

error = symbol("error", "product of all weights less 1", RUN, "e")
widest = symbol("widest", "largest product of all weights but two, in absolute value", RUN)
gap_12 = symbol("gap_12", "w_1^2 - w_2^2", RUN, "b_{12}")
gap_12_after = symbol("gap_12_after", "w_1^2 - w_2^2 after the step", RUN)
others_12 = symbol("others_12", "product of all weights but the first two", RUN, r"\pi_{12}")
mid = symbol("mid", "c: middle w_i^2 less the least", RUN, "c")
high = symbol("high", "d: largest w_i^2 less the least", RUN, "d")
mid_after = symbol("mid_after", "the same after the step", RUN)
high_after = symbol("high_after", "the same after the step", RUN)

curvature = symbol("curvature", "largest eigenvalue of the Hessian at the minimum", RUN)
least_curvature = symbol("least_curvature", "its least eigenvalue", RUN)
offset_start = symbol("offset_start", "|x_0 - x*|^2", RUN, r"\|x_0-x^*\|^2")
offset = symbol("offset", "|x_T - x*|^2", RUN, r"\|x_T-x^*\|^2")
sharp_start = symbol("sharp_start", "squared component of x_0 - x* along the top eigenvector", RUN)
sharp = symbol("sharp", "squared component of x_T - x* along the top eigenvector", RUN)

layers = symbol("layers", "N: number of layers", RUN, "N")
deficiency = symbol("deficiency", "c: sigma_min(Phi) - |W - Phi|_F at the start", RUN, "c")
unbalanced = symbol("unbalanced", "largest |W_{j+1}' W_{j+1} - W_j W_j'|_F", RUN, r"\delta")
target_norm = symbol("target_norm", "|Phi|_F", RUN, r"\|\Phi\|_F")
loss_now = symbol("loss_now", "1/2 |W - Phi|_F^2 before the step", RUN)
step_decrease = symbol("step_decrease", "by how much the step lowers 1/2 |W - Phi|_F^2", RUN)
