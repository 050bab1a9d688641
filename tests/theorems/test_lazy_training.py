"""Experiments of lazy training against torch: steps by autograd, kernels from the Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from experiments.lazy_training.relu_patterns import relu_patterns
from experiments.lazy_training.tanh_steps import tanh_steps
from harness import lazy_training as s


def given(experiment: Any) -> dict[str, Any]:
    found = {axis.name: axis.default for axis in experiment.axes}
    return found | {"offset": [0.25, -0.375], "misfit": [1.0, 0.75], "steps": 4}


def trained(phi: Any, share: float, W: Any, plan: dict[str, Any], step: float) -> dict[str, Any]:
    """Weights, errors and Jacobians along the way."""
    o, p = plan["offset"]
    X = torch.tensor([[1.0, o], [p, 1.0]], dtype=torch.float64)
    signs = torch.tensor([1.0, -1.0] * (len(W) // 2), dtype=torch.float64)

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


def test_tanh_network_and_its_linearization() -> None:
    plan = given(tanh_steps)
    here = tanh_steps.engine(**plan)
    step = float(here[s.tangent_step])
    there = trained(torch.tanh, plan["scale"] / 2, plan["weights"], plan, step)
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


def test_relu_neurons_move_as_torch_moves_them() -> None:
    plan = given(relu_patterns)
    here = relu_patterns.engine(**plan)
    W = plan["size"] * np.array(plan["weights"])
    there = trained(torch.relu, 8**-0.5, W, plan, float(here[s.tangent_step]))
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
