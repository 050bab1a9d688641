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
