"""Experiments of nonlinear networks at finite width against torch, closed forms and mpmath."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
import torch

from experiments.finite_width.deep_linear_draw import HUGE, train
from experiments.finite_width.lazy_flow import flow, lazy_flow, risen
from experiments.finite_width.relu_early import early, relu_early
from experiments.finite_width.relu_flow import relu_flow
from experiments.finite_width.two_layer_fit import bend, given, two_layer_fit
from experiments.flow.integrate import flowed
from harness import finite_width as s
from harness import symbols
from harness.vocabulary.experiment import Experiment

SMOOTH = {"tanh": torch.tanh, "softplus": torch.nn.functional.softplus}
WEIGHTS = [[0.5, -0.25], [1.0, 0.75], [-0.5, 0.25]]
OUTER = [1.0, -0.5, 0.75]
X = [[1.0, 0.5], [-0.25, 1.5]]
COMMON: dict[str, Any] = {"neurons": 3, "X": X, "W": WEIGHTS, "v": OUTER}


def tensor(values: Any) -> Any:
    return torch.tensor(values, dtype=torch.float64)


def defaults(experiment: Experiment) -> dict[str, Any]:
    return {axis.name: axis.default for axis in experiment.axes}


def number(value: Any) -> float:
    """The value, of a pair with its error too."""
    return float(value[0] if isinstance(value, tuple) else value)


def jacobian(activation: str, W: Any) -> Any:
    phi, v, rows = SMOOTH[activation], tensor(OUTER), tensor(X)
    found = torch.autograd.functional.jacobian(lambda one: phi(rows @ one.T) @ v, tensor(W))
    return found.reshape(2, -1).numpy()


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_descent_and_jacobian_are_those_of_torch(activation: str) -> None:
    phi, v, rows = SMOOTH[activation], tensor(OUTER), tensor(X)
    found = given(**COMMON, gap=[0.5, -1.0], near=0.5, activation=activation, pace=0.5, steps=3)
    W = tensor(WEIGHTS).requires_grad_()
    y = (phi(rows @ W.T) @ v).detach() - tensor([0.25, -0.5])
    path, fits = 0.0, []
    for _ in range(3):
        (slope,) = torch.autograd.grad(((phi(rows @ W.T) @ v - y) ** 2).sum() / 2, W)
        path += float(found[s.step]) * float(slope.norm())
        W = (W - float(found[s.step]) * slope).detach().requires_grad_()
        fits.append(float((phi(rows @ W.T) @ v - y).detach().norm()))
    values = np.linalg.svd(jacobian(activation, WEIGHTS), compute_uv=False)
    assert [float(found[one]) for one in (s.fit_next, s.fit_end, s.path, s.jac_smin)] == (
        pytest.approx([fits[0], fits[-1], path, values[-1]], rel=1e-12)
    )
    # pace = step (beta^2 + L |r_0|)
    size = found[s.jac_bound] ** 2 + found[s.jac_lipschitz] * math.sqrt(0.3125)
    assert found[s.step] * size == pytest.approx(0.5, rel=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_the_constants_of_the_jacobian_bound_it_everywhere(activation: str) -> None:
    found = given(**COMMON, gap=[1, 1], near=1.0, activation=activation, pace=0.5, steps=1)
    rng = np.random.default_rng(3)
    for _ in range(40):
        one, move = 2 * rng.standard_normal((3, 2)), 0.5 * rng.standard_normal((3, 2))
        J, other = jacobian(activation, one), jacobian(activation, one + move)
        assert np.linalg.norm(J, 2) <= found[s.jac_bound]
        rise = np.linalg.norm(other - J, 2) / np.linalg.norm(move)
        assert rise <= found[s.jac_lipschitz]


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_the_bend_is_the_largest_second_derivative(activation: str) -> None:
    z = tensor(np.linspace(-4, 4, 4001)).requires_grad_()
    (slope,) = torch.autograd.grad(SMOOTH[activation](z).sum(), z, create_graph=True)
    (second,) = torch.autograd.grad(slope.sum(), z)
    assert float(bend(activation)) == pytest.approx(float(second.abs().max()), rel=1e-6)


def test_without_gradient_nothing_moves() -> None:
    still = given(**{**defaults(two_layer_fit), "v": [0.0, 0.0]})
    assert (still[s.path], still[s.jac_smin], still[s.fit_end]) == (0, 0, still[s.fit_start])


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
@pytest.mark.parametrize("z", [-3.0, 0.0, 2.0])
def test_small_differences_of_activations_are_accurate(activation: str, z: float) -> None:
    def phi(x: Any) -> Any:
        return mpmath.tanh(x) if activation == "tanh" else mpmath.log1p(mpmath.exp(x))

    d = 1e-11
    with mpmath.workdps(60):
        exact = float(phi(mpmath.mpf(z) + mpmath.mpf(d)) - phi(mpmath.mpf(z)))
    assert float(risen(activation, np.array(z), np.array(d))) == pytest.approx(exact, rel=1e-14)


def test_a_linear_model_decays_as_its_closed_form() -> None:
    # J = |v| [I] for X = I: each residual decays like exp(-c |v|^2 T), whatever the scale
    at = {**defaults(lazy_flow), "activation": "linear", "curvatures": [1.0, 2.0], "clock": 1.5}
    found = flow(**at)
    time = 1.5 / (2 * 2)
    left = [math.exp(-2 * time), 0.5 * math.exp(-4 * time)]
    assert number(found["lazy_gap"]) == pytest.approx(math.hypot(*left), rel=1e-9)
    # w moves by (1 - e^-..)/|v| for each sample, over the scale 100
    moved = math.hypot(1 - left[0], 0.5 - left[1]) / math.sqrt(2) / 100
    assert number(found["flow_move"]) == pytest.approx(moved, rel=1e-9)
    drop = (1 + 2 * 0.25 - left[0] ** 2 - 2 * left[1] ** 2) / 2
    assert number(found["risk_drop"]) == pytest.approx(drop, rel=1e-9)


def test_a_flow_of_no_time_stands_still() -> None:
    start = np.array([1.0, -2.0])
    assert flowed(lambda _, x: x, start, 0.0, 1e-9) is start


LOSSES = {
    "exponential": lambda y, f: torch.exp(-y * f),
    "logistic": lambda y, f: 2 * torch.log1p(torch.exp(-y * f)),
    "squared": lambda y, f: (y - f) ** 2 / 2,
}


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_small_relu_networks_descend_as_in_torch(loss: str) -> None:
    at = {
        **defaults(relu_early), "width": 2, "samples": 2, "X": X, "y": [1, -1], "loss": loss,
        "W": WEIGHTS[:2], "signs": [1, -1], "eps": 0.125, "steps": 3,
    }  # fmt: skip
    found = early(**at)
    rows, y = tensor(X), tensor([1.0, -1.0])
    w = 0.125 * tensor(WEIGHTS[:2])
    v = tensor([1.0, -1.0]) * w.norm(dim=1)
    for _ in range(3):
        w, v = w.detach().requires_grad_(), v.detach().requires_grad_()
        slopes = torch.autograd.grad(LOSSES[loss](y, torch.relu(rows @ w.T) @ v).sum(), (w, v))
        w, v = (a - float(found[s.step]) * g for a, g in zip((w, v), slopes, strict=True))
    w, v = w.detach().requires_grad_(), v.detach()
    f = torch.relu(rows @ w.T) @ v
    (slope,) = torch.autograd.grad(LOSSES[loss](y, f).sum(), w)
    w = w.detach()
    asked = tensor([[1.0], [-1.0]]) * (((w @ rows.T) > 0).double() * y) @ rows
    apart = -slope / w.norm(dim=1, keepdim=True) - asked
    unit = w / w.norm(dim=1, keepdim=True)
    across = (apart - unit * (unit * apart).sum(dim=1, keepdim=True)).norm(dim=1)
    gap = (v.abs() / w.norm(dim=1) - 1).abs()
    names = (s.neuron_squared, s.output_largest, s.turning_error, s.layer_gap)
    expected = [(w**2).sum(dim=1).max(), f.detach().abs().max(), across.max(), gap.max()]
    assert [float(found[one]) for one in names] == (
        pytest.approx([float(one) for one in expected], rel=1e-9, abs=1e-15)
    )


DEEP: dict[str, Any] = {
    "width": 3, "depth": 3, "rank": 2, "outputs": 2, "spread": 1.5, "goal": 0.5, "pace": 0.75,
}  # fmt: skip


def test_a_deep_linear_network_is_that_of_torch() -> None:
    found = train(**DEEP, steps=1, rng=np.random.default_rng(5))
    rng = np.random.default_rng(5)
    layers = [tensor(rng.standard_normal(shape)) for shape in ((3, 2), (3, 3), (2, 3))]
    data = torch.diag(tensor([1, 1 / 1.5]))

    def F(first: Any, second: Any, third: Any) -> Any:
        return third @ second @ first @ data / math.sqrt(3 * 3 * 2)

    parts = torch.autograd.functional.jacobian(F, tuple(layers))
    J = torch.cat([one.reshape(4, -1) for one in parts], dim=1)
    wanted = torch.kron(torch.eye(2, dtype=torch.float64), data @ data)
    gap = float((2 / 3 * J @ J.T - wanted).norm())
    assert number(found[s.kernel_gap]) == pytest.approx(gap, rel=1e-12)
    target = 0.5 * data
    weights = [one.requires_grad_() for one in layers]
    slopes = torch.autograd.grad(((F(*weights) - target) ** 2).sum() / 2, weights)
    step = 0.75 * 2 / 9
    after = [one - step * slope for one, slope in zip(weights, slopes, strict=True)]
    assert number(found[s.fit_start]) == pytest.approx(float((F(*layers) - target).detach().norm()))
    assert number(found[s.fit_end]) == pytest.approx(float((F(*after) - target).detach().norm()))


def test_a_run_that_diverges_ends_where_it_is_huge() -> None:
    found = train(**{**DEEP, "pace": 100.0}, steps=200, rng=np.random.default_rng(0))
    assert found[s.steps_taken] < 200
    assert HUGE < number(found[s.fit_end]) < math.inf


ONE: dict[str, Any] = {
    **{axis.name: axis.default for axis in relu_flow.axes}, "loss": "squared", "eps": 0.25,
}  # fmt: skip


def test_one_neuron_on_its_sample_follows_the_logistic_curve() -> None:
    # z = |w| = |v|: z' = z (1 - z^2)
    found = relu_flow.engine(**ONE | {"share": 3.0})
    grown = 0.0625 * math.exp(2 * found[symbols.flow_time])
    value, error = found[s.neuron_squared.name]
    assert value == pytest.approx(grown / (1 - 0.0625 + grown), rel=1e-10)
    assert 0 < error < 1e-8
    assert found[s.smooth_pieces] == 1


def test_a_neuron_that_reaches_its_kink_is_dead_from_then_on() -> None:
    at = ONE | {"signs": [-1], "W": [[0.25, 1.0]], "share": 40.0}
    found = relu_flow.engine(**at)
    # the first weight has come down to 0, the second never moved
    assert found[s.neuron_squared.name][0] == pytest.approx(0.0625, rel=1e-10)
    assert (found[s.output_largest.name][0], found[s.smooth_pieces]) == (0, 1)


def test_a_kink_that_both_sides_push_towards_is_not_crossed() -> None:
    # the first sample pushes the first weight down while it is active, the second one up
    at = ONE | {"samples": 2, "X": [[1.0, 0.0], [0.5, 1.0]], "y": [-1, 1]}
    found = relu_flow.engine(**at | {"W": [[0.25, 1.0]], "share": 40.0})
    assert found[s.smooth_pieces] == 0


def test_the_direction_of_a_neuron_beneath_the_tolerance_is_not_known() -> None:
    large = ONE | {"width": 2, "signs": [1, 1], "W": [[0.5, 1.0], [0.75, 1.0]], "share": 0.5}
    small = large | {"W": [[0.5, 1.0], [3e-30, 4e-30]]}
    sure, unsure = (relu_flow.engine(**at)[s.turning_error.name] for at in (large, small))
    assert 0 < sure[1] < 1e-8 * sure[0]
    assert unsure[1] > 0.1 * unsure[0]


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_an_eighth_of_the_step_comes_eight_times_as_near_the_flow(loss: str) -> None:
    at = {
        "width": 2, "samples": 2, "X": X, "y": [1, -1], "loss": loss, "W": WEIGHTS[:2],
        "signs": [1, -1], "eps": 0.125, "share": 2.0,
    }  # fmt: skip
    exact, coarse, fine = relu_flow.engine(**at), early(**at, steps=250), early(**at, steps=2000)
    for one in (s.neuron_squared, s.output_largest, s.turning_error):
        value = exact[one.name][0]
        assert float(fine[one]) - value == pytest.approx((float(coarse[one]) - value) / 8, rel=0.05)
