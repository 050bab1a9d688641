"""Symbols of deep linear networks at one point: ``from harness.deep_layers import operator_min``.

W_1 ... W_L in this order, the input first; A_l = W_1 ... W_{l-1}, B_l = W_{l+1} ... W_L. With the operator
T: U -> sum_l A_l A_l' U B_l' B_l the loss falls under gradient flow at a rate of at least lambda_min(T).
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN = "run"

operator_min = symbol("operator_min", "least eigenvalue of T", RUN, r"\lambda_{\min}(T)")
rows_in = symbol("rows_in", "n: rows of W_1", RUN, "n")
columns_out = symbol("columns_out", "m: columns of W_L", RUN, "m")

d21_1, d21_2, d21_3 = (
    symbol(f"d21_{i}", f"eigenvalue {i} of D21 = W_2 W_2' - W_1' W_1, 3 x 3, descending", RUN)
    for i in (1, 2, 3)
)
d23_1, d23_2, d23_3 = (
    symbol(f"d23_{i}", f"eigenvalue {i} of D23 = W_2' W_2 - W_3 W_3', 3 x 3, descending", RUN)
    for i in (1, 2, 3)
)

low_1, low_2, low_3 = (
    symbol(f"low_{i}", f"least eigenvalue of D_{i} = W_{i}' W_{i} - W_{i + 1} W_{i + 1}'", RUN)
    for i in (1, 2, 3)
)
top_1, top_2, top_3 = (symbol(f"top_{i}", f"largest eigenvalue of D_{i}", RUN) for i in (1, 2, 3))
product_squared = symbol(
    "product_squared", "sigma_min(W)^2, W = W_1 ... W_L", RUN, r"\sigma_{\min}(W)^2"
)
