"""Symbols of lazy training, for theorem files: ``from harness.lazy_training import jacobian_least``.

f_i = (alpha / sqrt(h)) sum_r a_r phi(w_r.x_i) with |a_r| = 1 fixed; gradient descent on the w_r with the
loss 1/2 |e|^2, e = f - y. J_0 is the Jacobian at the start, Theta = J J'; the linear model is
f_0 + J_0 (w - w_0), trained by the same steps.
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN = "run"

descent_step = symbol("descent_step", "step size", RUN, r"\eta")
descent_steps = symbol("descent_steps", "T: number of steps", RUN, "T")
output_scale = symbol("output_scale", "alpha: factor of the output", RUN, r"\alpha")
hidden_neurons = symbol("hidden_neurons", "h: number of hidden neurons", RUN, "h")
data_norm = symbol("data_norm", "|X|_2", RUN, r"\|X\|_2")
longest_input = symbol("longest_input", "largest |x_i|", RUN, r"\max_i\|x_i\|")
jacobian_least = symbol("jacobian_least", "least singular value of J_0", RUN, r"\sigma_{\min}(J_0)")
jacobian_norm = symbol("jacobian_norm", "|J_0|_2", RUN, r"\|J_0\|_2")
error_start = symbol("error_start", "|e_0|", RUN, r"\|e_0\|")
error_end = symbol("error_end", "|e_T|", RUN, r"\|e_T\|")
linear_error = symbol("linear_error", "|e_T| of the linear model", RUN)
linear_away = symbol("linear_away", "|e_T - e_T of the linear model|", RUN)
remainders = symbol(
    "remainders",
    "sum over t < T of |I - eta Theta_0|^(T-1-t) |e_{t+1} - (I - eta Theta_0) e_t|",
    RUN,
)
weights_moved = symbol("weights_moved", "|W_T - W_0|_F", RUN, r"\|W_T-W_0\|_F")
tangent_moved = symbol("tangent_moved", "|Theta_T - Theta_0|_2", RUN, r"\|\Theta_T-\Theta_0\|_2")
