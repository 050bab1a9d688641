"""Experiments of implicit bias against enumeration, closed forms and torch."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from experiments.implicit_bias.diagonal_network import diagonal_network
from experiments.implicit_bias.exact_kernels import energy, stationary
from experiments.implicit_bias.linear_models import generalized_linear, reached, student
from experiments.implicit_bias.separable_logistic import logistic
from experiments.implicit_bias.stable_minima import moments, relu_minimum
from harness import implicit_bias as s


def test_the_effective_scale_of_one_step_by_hand() -> None:
    # one step on both samples; r by torch, alpha from u and v as torch leaves them
    given = {axis.name: axis.default for axis in diagonal_network.axes} | {"steps": 1}
    X, y = (torch.tensor(given[name], dtype=torch.float64) for name in ("X", "y"))
    u, v = (
        torch.tensor(given[name], dtype=torch.float64, requires_grad=True) for name in ("u", "v")
    )
    gu, gv = torch.autograd.grad(((X @ (u * v) - y) ** 2).sum() / 4, (u, v))
    u1, v1 = u - given["step"] * gu, v - given["step"] * gv
    found = diagonal_network.engine(**given)
    scale = ((u1 + v1) * (u1 - v1)).abs().prod() / 8
    assert float(found[s.scale_end]) == pytest.approx(float(scale.detach()), rel=1e-13)


def test_logistic_of_one_sample_by_hand() -> None:
    # w_1 = eta z / 2 with z = (1, 0): L_1 = log(1 + exp(-eta/2))
    found = logistic(1, [1.0], [0.0], 1.0, 1)
    assert found[s.mean_loss] == pytest.approx(math.log(2), rel=1e-14)
    assert found[s.late_loss] == pytest.approx(math.log1p(math.exp(-0.5)), rel=1e-14)
    assert found[s.late_steps] == 1


@pytest.mark.parametrize("facing", [1, -1])
def test_sharpness_is_that_of_torchs_hessian(facing: int) -> None:
    points, w, b, v = [-1.5, -0.5, 0.25, 1.0], [1.0, 0.75], [0.25, 0.5], [1.0, 0.5]
    x = torch.tensor(points, dtype=torch.float64)

    def f(theta: Any) -> Any:
        return torch.relu(x[:, None] * theta[:2] + theta[2:4]) @ theta[4:6] + theta[6]

    at = torch.tensor([w[0], facing * w[1], *b, *v, 0.0], dtype=torch.float64)
    y = f(at)
    hessian = torch.autograd.functional.hessian(lambda one: ((f(one) - y) ** 2).mean() / 2, at)
    found = relu_minimum(points, w, b, v, facing)
    assert float(found[s.sharpness]) == pytest.approx(
        float(torch.linalg.eigvalsh(hessian)[-1]), rel=1e-12
    )


def test_the_path_norm_by_hand() -> None:
    # kink at 0: half of the points below, E[0 - X | X < 0] = 1: (1/4) 1 sqrt(2) for each neuron
    found = relu_minimum([-1.5, -0.5, 0.5, 1.5], [1.0, 2.0], [0.0, 0.0], [1.0, 0.5], 1)
    assert float(found[s.path_norm]) == pytest.approx(2 * math.sqrt(2) / 4, rel=1e-14)


def test_mirrored_neurons_attain_the_path_norm_by_hand() -> None:
    # G(0) = (1/4) (3/4) (5/4) = 15/64 and |v w| = 15/16, twice; the Hessian sends the constant
    # direction to 1 + 225/256 times itself
    points = [-0.75, -0.75, 0.75, 0.75]
    found = relu_minimum(points, [1.25, 1.25], [0.0, 0.0], [0.75, 0.75], -1)
    assert float(found[s.path_norm]) == pytest.approx(225 / 512, rel=1e-14)
    assert float(found[s.sharpness]) == pytest.approx(1 + 225 / 256, rel=1e-14)


@pytest.mark.parametrize("share", [0.99, 1.0, 1.01])
def test_the_threshold_is_where_the_enumerated_moments_stop_shrinking(share: float) -> None:
    rows = [[1.0, 0.0], [0.5, 1.0], [1.0, -0.5]]
    step = share * float(moments(3, rows, 2, 0.5)[s.threshold])
    factors = [np.eye(2) - step * (np.outer(a, a) + np.outer(b, b)) / 2
               for a, b in ((rows[0], rows[1]), (rows[0], rows[2]), (rows[1], rows[2]))]  # fmt: skip
    whole = sum(np.kron(one, one) for one in factors) / 3
    radius = max(abs(np.linalg.eigvals(whole)))
    assert float(moments(3, rows, 2, step)[s.radius]) == pytest.approx(radius, rel=1e-10)
    assert np.sign(round(radius - 1, 9)) == np.sign(share - 1)


def test_a_student_is_the_nearest_function() -> None:
    found = student([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], 1.0, [3.0, 3.0, 0.0], 1)
    # the weak labels project to t = 2, which the class cuts to 1
    assert (found[s.strong_gap], found[s.label_misfit]) == (0, Fraction(4 + 4 + 1, 3))


def test_a_linear_model_contracts_at_its_rate() -> None:
    given = {axis.name: axis.default for axis in generalized_linear.axes}
    found = generalized_linear.engine(**given)
    assert float(found[s.away]) == pytest.approx(0.5**3 * math.sqrt(1.25), rel=1e-12)
    assert float(found[s.path]) == pytest.approx(0.875 * math.sqrt(1.25), rel=1e-12)


def test_limits_of_a_diagonal_network() -> None:
    x = [1.0, 0.5, 0.5]
    # at large scales beta is a multiple of x
    wide = reached(x, 4.0, 1e5)
    assert wide[s.norm_1] == pytest.approx(8, rel=1e-8)
    assert wide[s.norm_2] == pytest.approx(wide[s.least_2] ** 2, rel=1e-8)
    # at small ones only the widest entry is left
    narrow = reached(x, 4.0, 1e-12)
    assert narrow[s.norm_1] == pytest.approx(narrow[s.least_1], rel=1e-5)


def test_the_kernel_energy_of_two_inputs_by_hand() -> None:
    # at 0 and 90 degrees the kernel is 1/2 on the diagonal and 0 beside it
    found = energy([0.0, 1.0], [3.0, 1.0], 2)
    assert float(found[s.label_energy]) == pytest.approx(2 * (81 + 1), rel=1e-14)
    assert found[s.label_scale] == 100


def test_the_covariance_of_single_samples_on_a_line() -> None:
    # a_i = 0: every Hessian is 1/4, so Cov = (1 - eta/4)^2 Cov + eta^2 mean g^2
    found = stationary([[0.0, 0.0]] * 3, [[1.0, 0.0], [1.0, 0.0]], 1, 1.0, [1, 0, 0])
    assert found[s.spread_limit] == Fraction(6, 3) / (1 - Fraction(9, 16))
