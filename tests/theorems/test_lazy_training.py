"""Experiments of lazy training against torch: steps by autograd, kernels from the Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from experiments.lazy_training.abc_steps import features_learned
from experiments.lazy_training.growing_width import widened
from experiments.lazy_training.linear_models import linear_models
from experiments.lazy_training.relu_patterns import relu_patterns, wide_relu_patterns
from experiments.lazy_training.tanh_steps import tanh_steps, wide_tanh_steps
from harness import lazy_training as s
from harness.symbols import width as hidden_width


def given(experiment: Any) -> dict[str, Any]:
    found = {axis.name: axis.default for axis in experiment.axes}
    return found | {"offset": [0.25, -0.375], "misfit": [1.0, 0.75], "steps": 4}


def trained(
    phi: Any, share: float, W: Any, plan: dict[str, Any], step: float, coins: Any = (1.0, -1.0)
) -> dict[str, Any]:
    """Weights, errors and Jacobians along the way; the signs repeat ``coins``."""
    o, p = plan["offset"]
    X = torch.tensor([[1.0, o], [p, 1.0]], dtype=torch.float64)
    signs = torch.tensor(np.resize(coins, len(W)), dtype=torch.float64)

    def f(weights: torch.Tensor) -> torch.Tensor:
        return share * (phi(X @ weights.T) @ signs)

    W = torch.tensor(W, dtype=torch.float64)
    y = f(W) - torch.tensor(plan["misfit"], dtype=torch.float64)
    found: dict[str, Any] = {"W": [W], "J": [], "e": []}
    for _ in range(plan["steps"] + 1):
        W = found["W"][-1]
        J = torch.func.jacrev(f)(W).reshape(2, -1)
        e = f(W) - y
        found["J"].append(J.numpy())
        found["e"].append(e.numpy())
        found["W"].append(W - step * (J.T @ e).reshape(W.shape))
    return found


def drawn(neurons: int) -> tuple[Any, Any, Any]:
    """A generator, and the weights and signs that an experiment draws from one like it."""
    again = np.random.default_rng(7)
    W = again.standard_normal((neurons, 2))
    return np.random.default_rng(7), W, again.choice([-1, 1], neurons)


@pytest.mark.parametrize("wide", [False, True])
def test_tanh_network_and_its_linearization(wide: bool) -> None:
    plan = given(wide_tanh_steps if wide else tanh_steps)
    if wide:
        rng, W, coins = drawn(plan["root"] ** 2)
        here = wide_tanh_steps.engine(**plan, rng=rng)
    else:
        W, coins = plan["weights"], (1, -1)
        here = tanh_steps.engine(**plan)
    step = float(here[s.tangent_step])
    there = trained(torch.tanh, plan["scale"] / len(W) ** 0.5, W, plan, step, coins)
    J, e = there["J"], there["e"]
    A = np.eye(2) - step * J[0] @ J[0].T
    linear, rho = np.linalg.matrix_power(A, 4) @ e[0], np.linalg.norm(A, 2)
    values = np.linalg.svd(J[0], compute_uv=False)
    expected = {
        s.jacobian_norm: values[0], s.jacobian_least: values[1], s.error_end: np.linalg.norm(e[4]),
        s.linear_error: np.linalg.norm(linear), s.linear_away: np.linalg.norm(e[4] - linear),
        s.remainders: sum(rho ** (3 - t) * np.linalg.norm(e[t + 1] - A @ e[t]) for t in range(4)),
        s.weights_moved: np.linalg.norm(there["W"][4] - there["W"][0]),
        s.tangent_moved: np.linalg.norm(J[4] @ J[4].T - J[0] @ J[0].T, 2),
    }  # fmt: skip
    for one, value in expected.items():
        assert float(here[one]) == pytest.approx(value, rel=1e-9), one.name


@pytest.mark.parametrize("wide", [False, True])
def test_relu_neurons_move_as_torch_moves_them(wide: bool) -> None:
    plan = given(wide_relu_patterns if wide else relu_patterns)
    if wide:
        rng, W, coins = drawn(plan["neurons"])
        W, here = plan["size"] * W, wide_relu_patterns.engine(**plan, rng=rng)
    else:
        W, coins = plan["size"] * np.array(plan["weights"]), (1, -1)
        here = relu_patterns.engine(**plan)
    there = trained(torch.relu, len(W) ** -0.5, W, plan, float(here[s.tangent_step]), coins)
    moves = np.linalg.norm((there["W"][4] - there["W"][0]).numpy(), axis=1)
    o, p = plan["offset"]
    X = np.array([[1.0, o], [p, 1.0]])
    both = [((X @ there["W"][t].numpy().T) > 0).all(axis=0).mean() for t in (0, 4)]
    risk = np.abs(X @ W.T) <= moves * np.linalg.norm(X, axis=1)[:, None]
    assert float(here[s.farthest_neuron]) == pytest.approx(moves.max(), rel=1e-12)
    assert float(here[s.error_path]) == pytest.approx(
        sum(np.linalg.norm(e) for e in there["e"][:4]), rel=1e-12
    )
    assert here[s.neurons_at_risk] == risk.any(axis=0).sum() > 0
    assert float(here[s.pair_moved]) == pytest.approx(
        abs((X @ X.T)[0, 1] * (both[1] - both[0])), rel=1e-12, abs=1e-15
    )


PHI = {(1, 0): torch.relu, (0, 1): torch.tanh, (0, 0): torch.nn.functional.softplus}


@pytest.mark.parametrize(("kinked", "odd"), PHI)
@pytest.mark.parametrize("coins", [0, 1])
def test_wide_networks_drift_as_torch_has_it(kinked: int, odd: int, coins: int) -> None:
    angles, misfit, steps, pace, h = [0.0, 1.0, 2.25], [1.0, -1.0, 0.5], 6, 0.75, 40
    here = widened(kinked, odd, coins, angles, misfit, pace, steps, h, np.random.default_rng(5))
    again = np.random.default_rng(5)
    W = torch.tensor(again.standard_normal((2, h)))
    outer = torch.tensor(again.choice([-1.0, 1.0], h) if coins else np.ones(h))
    below = torch.tensor(misfit, dtype=torch.float64)
    X = torch.tensor(np.array([np.cos(angles), np.sin(angles)]).T)

    def f(weights: torch.Tensor) -> torch.Tensor:
        return PHI[kinked, odd](X @ weights) @ outer / h**0.5

    def jacobian(weights: torch.Tensor) -> torch.Tensor:
        return torch.func.jacrev(f)(weights).reshape(3, -1)

    J = jacobian(W)
    K, y, moving = J @ J.T, f(W) - below, W
    A = torch.eye(3, dtype=torch.float64) - pace / 3 * K
    drifts, gaps = [], []
    for t in range(1, steps + 1):
        J = jacobian(moving)
        moving = moving - pace / 3 * (J.T @ (f(moving) - y)).reshape(2, h)
        J = jacobian(moving)
        drifts.append(float(torch.linalg.norm(J @ J.T - K)))
        linear = torch.linalg.matrix_power(A, t) @ below
        gaps.append(float(torch.linalg.norm(f(moving) - y - linear)))
    assert here[s.tangent_drift] == pytest.approx(max(drifts), rel=1e-9)
    assert here[s.linear_gap] == pytest.approx(max(gaps), rel=1e-9)
    assert here[hidden_width] == h


@pytest.mark.parametrize("r", [0, 0.25, 0.5])
def test_features_move_as_torch_moves_them(r: float) -> None:
    inputs, misfit = [[1.0, 0.5], [-0.5, 1.0], [0.25, -1.0]], [-1.0, 1.0, -0.5]
    pace, steps, h = 0.75, 3, 12
    here = features_learned(r, inputs, misfit, pace, steps, h, np.random.default_rng(7))
    again = np.random.default_rng(7)
    weights = [
        torch.tensor(again.standard_normal(shape), requires_grad=True)
        for shape in ((h, 2), (h, h), (h,))
    ]
    X = torch.tensor(inputs, dtype=torch.float64)

    def layers() -> tuple[torch.Tensor, torch.Tensor]:
        A, W, w = weights
        z = torch.tanh(X @ A.T) @ W.T / h**0.5
        return z, h ** (r - 1) * torch.tanh(z) @ w

    z_start, f_start = (one.detach() for one in layers())
    W_start, y = weights[1].detach().clone(), f_start - torch.tensor(misfit)
    descent = torch.optim.SGD(weights, lr=pace * h ** (1 - 2 * r))
    for _ in range(steps):
        descent.zero_grad()
        (((layers()[1] - y) ** 2).mean() / 2).backward()  # type: ignore[no-untyped-call]
        descent.step()
    z, f = (one.detach() for one in layers())
    expected = {
        s.hidden_change: (z - z_start).square().mean().sqrt(),
        s.output_change: torch.linalg.norm(f - f_start),
        s.matrix_change: torch.linalg.norm(weights[1].detach() - W_start) / h**0.5,
    }
    for one, value in expected.items():
        assert here[one] == pytest.approx(float(value), rel=1e-9), one.name


@pytest.mark.parametrize("layers", ["first", "second", "both"])
def test_linear_models_beside_the_jacobian_of_the_network(layers: str) -> None:
    """The linear model trained by autograd, and the kernel's closed form with a matrix power."""
    plan = given(linear_models) | {"layers": layers, "pace": 1.75, "steps": 5}
    here = linear_models.engine(**plan)
    chosen = {"first": [0], "second": [1], "both": [0, 1]}[layers]
    start = [torch.tensor(plan[one], dtype=torch.float64) for one in ("first", "second")]
    (o, p), probe = plan["offset"], plan["test"]
    Z = torch.tensor([[1.0, o], [p, 1.0], probe], dtype=torch.float64)

    def f(*weights: torch.Tensor) -> torch.Tensor:
        W, a = (weights[chosen.index(i)] if i in chosen else start[i] for i in range(2))
        return torch.tanh(Z @ W.T) @ a / 2

    at = tuple(start[i] for i in chosen)
    J = torch.cat(
        [one.reshape(3, -1) for one in torch.func.jacrev(f, tuple(range(len(at))))(*at)], 1
    )
    K, e0 = (J @ J.T).numpy(), np.array(plan["misfit"])
    step = plan["pace"] / np.linalg.eigvalsh(K[:2, :2])[1]
    v = torch.zeros(J.shape[1], dtype=torch.float64, requires_grad=True)
    descent = torch.optim.SGD([v], lr=step)
    for _ in range(plan["steps"]):
        descent.zero_grad()
        (((J[:2] @ v + torch.tensor(e0)) ** 2).sum() / 2).backward()
        descent.step()
    base = float(f(*at)[2])
    assert here[s.test_start] == pytest.approx(base, rel=1e-13)
    assert here[s.test_prediction] == pytest.approx(base + float((J[2] @ v).detach()), rel=1e-12)
    left = np.linalg.matrix_power(np.eye(2) - step * K[:2, :2], plan["steps"])
    closed = base - K[2, :2] @ np.linalg.solve(K[:2, :2], (np.eye(2) - left) @ e0)
    assert here[s.test_prediction] == pytest.approx(closed, rel=1e-12)
    assert here[s.linear_error] == pytest.approx(np.linalg.norm(left @ e0), rel=1e-12)
    values, vectors = np.linalg.eigh(K[:2, :2])
    loads = (K[2, :2] @ vectors) * (e0 @ vectors)
    assert [here[s.test_load_least], here[s.test_load_norm]] == pytest.approx(loads, rel=1e-11)
    kept = (1 - step * values) ** plan["steps"]
    assert [here[s.kept_least], here[s.kept_norm]] == pytest.approx(kept, rel=1e-11)
    norms = [here[s.jacobian_least], here[s.jacobian_norm]]
    assert norms == pytest.approx(np.sqrt(values), rel=1e-12)
