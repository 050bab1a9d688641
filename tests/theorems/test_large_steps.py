"""Experiments of large steps against torch's gradients and closed forms; witnesses attain their bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from experiments.large_steps.deep_linear_step import deep_linear_step
from experiments.large_steps.imbalance_after_a_step import imbalance_after_a_step
from experiments.large_steps.small_factorizations import three_factors, two_factors
from experiments.large_steps.two_factors_run import run
from experiments.large_steps.two_layer_scalar import catapult
from experiments.large_steps.two_modes import two_modes
from harness import large_steps as s
from harness.controls.declared import outcome
from harness.discovery import finder
from harness.session import experiments_for
from harness.vocabulary.theorem import Control


def defaults(experiment: Any, **changes: Any) -> dict[str, Any]:
    return {axis.name: axis.default for axis in experiment.axes} | changes


def measured(experiment: Any, **changes: Any) -> dict[str, float]:
    found = experiment.engine(**defaults(experiment, **changes))
    return {one.name: float(value) for one, value in found.items()}


def stepped(loss: Any, weights: list[torch.Tensor], step: float) -> list[np.ndarray[Any, Any]]:
    """One step of gradient descent by torch."""
    gradients = torch.autograd.grad(loss(*weights), weights)
    return [(w - step * g).detach().numpy() for w, g in zip(weights, gradients, strict=True)]


def leaves(*arrays: Any) -> list[torch.Tensor]:
    return [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in arrays]


def test_three_layers_move_as_torch_moves_them() -> None:
    given = defaults(imbalance_after_a_step, decay=0.5, probe=[[1, 2], [-1, 3]])
    M = torch.tensor(given["target"], dtype=torch.float64)

    def loss(a: Any, b: Any, c: Any) -> Any:
        return ((c @ b @ a - M) ** 2).sum() / 2 + sum((w**2).sum() for w in (a, b, c)) / 4

    _, b, c = stepped(loss, leaves(given["W1"], given["W2"], given["W3"]), given["step"])
    after = (np.array(given["probe"]) * (c.T @ c - b @ b.T)).sum()
    found = imbalance_after_a_step.engine(**given)
    assert float(found[s.deep_imbalance_after]) == pytest.approx(after, rel=1e-13)


def test_the_neuron_moves_as_torch_moves_it() -> None:
    given = defaults(imbalance_after_a_step)
    X, y = (
        torch.tensor(one, dtype=torch.float64) for one in (given["samples"], given["target"][0])
    )

    def loss(w: Any, a: Any) -> Any:
        return ((torch.relu(X @ w.T) @ a - y) ** 2).sum() / 2

    w, a = stepped(loss, leaves(given["W1"], given["out"]), given["step"])
    found = imbalance_after_a_step.engine(**given)
    assert float(found[s.neuron_after]) == pytest.approx(w[0] @ w[0] - a[0] ** 2, rel=1e-13)


def test_two_factors_by_hand() -> None:
    # e = 1, so x+ = 2 - 1/4, y+ = 1 - 1/2
    found = two_factors(2.0, 1.0, 1.0, 0.25)
    assert found[s.product_after] == Fraction(7, 8)
    assert found[s.skewness_after] == Fraction(7, 4) ** 2 - Fraction(1, 4)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_run_on_two_factors_is_that_many_exact_steps(steps: int) -> None:
    # q_0 + 4 mu = 9, so that share 9/16 is the step 1/4
    x, y, h = Fraction(2), Fraction(1), Fraction(1, 4)
    errors = []
    for _ in range(steps):
        e = x * y - 1
        errors.append(abs(e))
        x, y = x - h * e * y, y - h * e * x
    beyond = two_factors(float(x), float(y), 1.0, 0.25)[s.product_after]
    found = run(2.0, 1.0, 1.0, 9 / 16, steps)
    assert found[s.size_end] == pytest.approx(float(x * x + y * y), rel=1e-14)
    assert found[s.product_beyond] == pytest.approx(float(beyond), rel=1e-14)
    assert found[s.error_most] == pytest.approx(float(max(errors)), rel=1e-14)


def test_the_limit_of_wang_et_al_is_inside_with_room_to_spare() -> None:
    generator = np.random.default_rng(3)
    for x, y, mu in generator.integers(-64, 65, size=(500, 3)).tolist():
        goal, p, q = Fraction(abs(mu) + 1, 16), Fraction(x * y, 256), Fraction(x * x + y * y, 256)
        h = 4 / (q + 4 * goal)
        assert 4 - h * q + h**2 * goal * (p - goal) >= 2 * h * goal


def test_three_factors_by_hand() -> None:
    # e = 3 - 1 = 2, others 3/2, 2, 3: w+ = (2 - 3/2, 3/2 - 2, 1 - 3) at step 1/2
    found = three_factors([2.0, 1.5, 1.0], 0.5)
    assert (found[s.mid], found[s.high]) == (Fraction(5, 4), Fraction(3))
    assert (found[s.mid_after], found[s.high_after]) == (0, Fraction(15, 4))
    assert found[s.gap_12_after] == 0


def test_catapult_of_equal_weights_ends_at_once() -> None:
    # u = v = 1 at eta = 1: f_0^2/2 = 1/2 and f_1 = 0
    found = catapult(1, [1.0], [1.0], 1.0)
    assert (found[s.loss_sum], found[s.loss_peak], found[s.output_after]) == (0.5, 0.5, 0)


@pytest.mark.parametrize("steps", [1, 5, 17])
def test_a_mode_of_the_matrices_follows_its_scalar_recursion(steps: int) -> None:
    found = measured(two_modes, steps=steps)
    p, hit = Fraction(found["mode_start"]), None
    for k in range(100):
        if k == steps:
            assert found["mode_end"] == pytest.approx(float(p), rel=1e-12)
        if hit is None and p >= Fraction(found["fraction"]):
            hit = k
        p = Fraction(float(p * (1 + Fraction(found["step"]) * (1 - p)) ** 2))
    assert found["hit"] == hit


def test_deep_layers_move_as_torch_moves_them() -> None:
    # step 1/64: the decrease can be told from the losses; layers diag(w) without rotations
    given = {"depth": 3, "turns": [0.0, 0.0], "w": [1.0, 1.25], "step": 2.0**-6}
    found = measured(deep_linear_step, **given)
    E = torch.tensor([[0.125, 0.0], [0.0, 0.125]], dtype=torch.float64)
    D = np.diag([1.0, 1.25])
    target = torch.tensor(D**3) + E

    def loss(a: Any, b: Any, c: Any) -> Any:
        return ((c @ b @ a - target) ** 2).sum() / 2

    after = loss(*map(torch.tensor, stepped(loss, leaves(D, D, D), 2.0**-6)))
    assert found["step_decrease"] == pytest.approx(float((E**2).sum() / 2 - after), rel=1e-12)
    assert found["deficiency"] == pytest.approx(1.125 - math.sqrt(2) / 8, rel=1e-13)


ATTAINED = [
    ("saxe_gd_sandwich", "slowest"),
    ("saxe_gd_sandwich", "fastest"),
    ("catapult_two_layer", "loss-sum"),
    ("catapult_two_layer", "loss-peak"),
    ("catapult_below_two", "monotone"),
    ("linear_stability_2_over_eta", "stays"),
    ("mulayoff21_minima_stability", "sharpness"),
    ("mulayoff_michaeli24_sgd_threshold", "below-full-batch"),
    ("w2s_misfit", "gain"),
    ("os19_glm", "distance"),
]


@pytest.mark.parametrize(("name", "claim_id"), ATTAINED)
def test_the_declared_witness_attains_the_bound(name: str, claim_id: str) -> None:
    theorem = finder.theorem(name)
    claim = theorem.claim(claim_id)
    (experiment,) = experiments_for(theorem, (), None)
    # a control that changes nothing judges the claim on its witness alone
    idle = Control("idle", claim_id, {s.step: s.step}, configuration=claim.witness or {})
    found = outcome(theorem, idle, experiment, finder.theorem).finding
    assert found.ratio is not None
    assert 0.999 <= found.ratio <= 1 + 1e-12
