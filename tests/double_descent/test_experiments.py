"""Experiments of double descent against closed forms, torch, scipy and enumeration by hand."""

from __future__ import annotations

import importlib.util
import math
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
import sympy
import torch

import theorems.double_descent.scalings as units
from experiments.double_descent.filters import many_weights, two_weights
from experiments.double_descent.frozen import features, noise_risks, trained
from experiments.double_descent.gaussian import least_norm, mean_trace
from experiments.double_descent.growing import growing_ridge, realised
from experiments.double_descent.learnability import kernel_of_features, with_tangents
from experiments.double_descent.limits import epochs, ridgeless
from experiments.double_descent.random_relu import relu_features
from experiments.double_descent.stopping import averaged, decays, stopped_early
from experiments.double_descent.sweep import test_error as clean_error
from experiments.double_descent.trained import clean_errors, errors_by_samples, minimised, outputs
from harness import double_descent as s

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "double_descent.py"


def defaults(experiment: Any) -> dict[str, Any]:
    return {axis.name: axis.default for axis in experiment.axes}


def eigenvectors(given: dict[str, Any]) -> Any:
    """Turned by twice the angle of a tangent, or reflected in a vector that begins with 1."""
    if "turn" in given:
        t = given["turn"]
        return np.array([[1 - t * t, -2 * t], [2 * t, 1 - t * t]]) / (1 + t * t)
    normal = np.array([1.0, *given["mirror"]]) / math.hypot(1.0, *given["mirror"])
    return np.eye(len(normal)) - 2 * np.outer(normal, normal)


LARGE: dict[str, Any] = {
    "weights": 8, "samples": 5, "spectrum": [3.0, 1.5, 0.0, 0.5, 0.25, 4.0, 1.0, 2.0],
    "mirror": [0.5, -1.0, 0.25, 0.75, -0.5, 1.0, -0.25],
    "offset": [1.0, -0.5, 2.0, 0.25, -1.0, 0.5, 1.5, -2.0],
    "test": np.random.default_rng(3).uniform(-2, 2, (8, 8)).tolist(), "step": 1.0,
}  # fmt: skip
"""As many weights as have symbols, fewer samples, and a step at which descent diverges."""


@pytest.mark.parametrize(
    ("experiment", "changed"),
    [(two_weights, {}), (many_weights, {}), (many_weights, LARGE),
     (many_weights, LARGE | {"samples": 10})],
)  # fmt: skip
def test_risks_of_four_methods_by_simulating_the_noise_as_basis_vectors(
    experiment: Any, changed: dict[str, Any]
) -> None:
    """X is a root of n H, on top of zeros where there are more samples: each noise is run on its own."""
    given = defaults(experiment) | {"steps": 5} | changed
    found = {key: float(value) for key, value in experiment.engine(**given).items()}
    V, n, eta, root = eigenvectors(given), given["samples"], given["step"], np.array(given["test"])
    d = len(V)
    X = np.sqrt(n * np.array(given["spectrum"]))[:, None] * V.T
    X = np.vstack([X[:n], np.zeros((max(n - d, 0), d))])

    def ran(start: Any, noise: Any, momentum: float) -> Any:
        before, w = start, start
        for step in range(given["steps"]):
            kick = momentum * (w - before) if step else 0
            before, w = w, w - eta * X.T @ (X @ w - noise) / n + kick
        return w

    def ridged(start: Any, noise: Any) -> Any:
        big = X.T @ X / n + given["ridge"] * np.eye(d)
        return np.linalg.solve(big, X.T @ noise / n + given["ridge"] * start)

    def flowed(start: Any, noise: Any) -> Any:
        best = np.linalg.lstsq(X, noise, rcond=1e-10)[0]
        H = torch.tensor(-X.T @ X / n * eta * given["steps"])
        return best + torch.linalg.matrix_exp(H).numpy() @ (start - best)

    def risk(method: Any) -> float:
        noises = [method(np.zeros(d), one) for one in math.sqrt(given["noise"]) * np.eye(n)]
        away = [method(V @ np.array(given["offset"]), np.zeros(n)), *noises]
        return float(sum(np.sum((root @ V.T @ one) ** 2) for one in away))

    assert found[s.risk_descent] == pytest.approx(risk(lambda w, e: ran(w, e, 0)), rel=1e-12)
    assert found[s.risk_heavy] == pytest.approx(
        risk(lambda w, e: ran(w, e, given["momentum"])), rel=1e-12
    )
    assert found[s.risk_ridge] == pytest.approx(risk(ridged), rel=1e-12)
    assert found[s.risk_flow] == pytest.approx(risk(flowed), rel=1e-12)


CHANGES: list[tuple[Any, Any, dict[str, float]]] = [
    (two_weights, units.LABELS, {"offset": 2, "noise": 4}),
    (two_weights, units.TEST, {"test": 2}),
    (two_weights, units.INPUTS, {"spectrum": 4, "step": 1 / 4, "ridge": 4, "offset": 1 / 2}),
    (many_weights, units.LABELS, {"offset": 2, "noise": 4}),
    (many_weights, units.TEST, {"test": 2}),
    (many_weights, units.INPUTS, {"spectrum": 4, "step": 1 / 4, "ridge": 4, "offset": 1 / 2}),
    (stopped_early, units.LABELS, {"prior": 4, "noise": 4}),
    (stopped_early, units.TEST, {"weights": 4}),
    (growing_ridge, units.INPUTS, {"design": 2, "added": 2, "loading": 4}),
    (kernel_of_features, units.KERNEL, {"features": 2, "jitter": 4}),
]


@pytest.mark.parametrize(("experiment", "scaling", "factors"), CHANGES)
def test_every_emitted_symbol_scales_by_its_degree(
    experiment: Any, scaling: Any, factors: dict[str, float]
) -> None:
    given = defaults(experiment)
    other = {name: (np.array(given[name]) * factor).tolist() for name, factor in factors.items()}
    here, there = experiment.engine(**given), experiment.engine(**given | other)
    power = 2 if scaling is units.KERNEL else 1
    for one, value in here.items():
        factor = 2.0 ** (power * float(scaling.degrees.get(one, 0)))
        assert float(there[one]) == pytest.approx(float(value) * factor, rel=1e-12), one.name


def test_gaussian_risks_scale_with_squared_labels() -> None:
    here, there = (least_norm(3, 7, c, c / 2, np.random.default_rng(5)) for c in (1.0, 4.0))
    assert there[s.test_error] == pytest.approx(4 * here[s.test_error], rel=1e-14)
    here, there = (realised(3, 2, c, c / 2, np.random.default_rng(5)) for c in (1.0, 4.0))
    for one in (s.risk_now, s.risk_change):
        assert there[one][0] == pytest.approx(4 * here[one][0], rel=1e-12)


def test_one_direction_by_hand() -> None:
    assert decays(1.0, 1)[s.decay_gap] == pytest.approx(math.exp(-1), rel=1e-15)
    assert decays(0.5, 2)[s.decay_gap] == pytest.approx(math.exp(-1) - 0.25, rel=1e-14)


def test_averaged_risks_of_one_step_by_hand() -> None:
    # x = 1: descent is there at once, ridge at lambda = 1 goes half the way
    found = averaged([1.0, 1.0, 1.0], [1.0, 0.0, 0.0], 2.0, 3.0, 1.0, 1)
    assert found[s.bayes_descent] == 3
    assert found[s.bayes_ridge] == pytest.approx(2 / 4 + 3 / 4, rel=1e-15)
    e = math.exp(-1)
    assert found[s.bayes_flow] == pytest.approx(2 * e**2 + 3 * (1 - e) ** 2, rel=1e-14)


def test_moments_of_the_smallest_wishart_matrices() -> None:
    # one entry: moments 1, 3, 15, 105 of x^2; a row of two: |x|^2 is chi-squared
    assert [mean_trace(1, 1, k) for k in (1, 2, 3, 4)] == [1, 3, 15, 105]
    assert [mean_trace(1, 2, k) for k in (1, 2, 3)] == [2, 8, 48]
    assert mean_trace(2, 1, 2) == Fraction(8, 4)


def test_the_tangent_kernel_is_that_of_torch() -> None:
    inputs, W, v = [[1.0, 0.5], [-0.5, 1.0], [0.25, -1.0], [1.0, 1.0]], [[1.0, 0.5], [-0.5, 1.0], [0.5, -1.0]], [1.0, -1.0, 0.5]  # fmt: skip
    rows = []
    for x in torch.tensor(inputs, dtype=torch.float64):
        first, second = (
            torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in (W, v)
        )
        grads = torch.autograd.grad(second @ torch.relu(first @ x), (first, second))
        rows.append(torch.cat([one.flatten() for one in grads]))
    K = torch.stack(rows)[:2] @ torch.stack(rows)[:2].T
    low, high = torch.linalg.eigvalsh(K).tolist()
    found = with_tangents(inputs, W, v, [0.0] * 4, 0.5)
    assert [float(found[one]) for one in (s.gram_2, s.gram_1)] == pytest.approx(
        [low, high], rel=1e-12
    )


def test_the_least_norm_fit_beside_the_pseudo_inverse() -> None:
    found = least_norm(3, 7, 2.0, 0.5, np.random.default_rng(5))
    X = np.random.default_rng(5).standard_normal((3, 7))
    inverse = np.linalg.pinv(X)
    bias = np.sum((np.eye(7) - inverse @ X)[:, 0] ** 2)
    assert found[s.bias_share] == pytest.approx(bias, rel=1e-12)
    assert found[s.test_error] == pytest.approx(
        0.5 + 2 * bias + 0.5 * np.sum(inverse**2), rel=1e-12
    )


def test_the_stated_variance_of_the_trace_is_that_of_an_inverse_chi_squared() -> None:
    from theorems.double_descent.bhx_gaussian_weak_features import (
        bhx_gaussian_weak_features as record,
    )

    kind: Any = record.claims[0].kind
    (v,) = (one for one in record.definitions if one.name == "v")
    assert kind.variance == v
    n = 9
    values = sympy.sympify(v.expression)
    while values.free_symbols - {s.rows, s.columns}:
        values = values.subs({one: one.expression for one in record.definitions})
    # E 1/chi2^2 - (E 1/chi2)^2 with 9 degrees
    assert values.subs({s.rows: n, s.columns: 1}) == sympy.Rational(1, 7 * 5) - sympy.Rational(
        1, 49
    )


def test_noise_of_frozen_features_by_hand() -> None:
    Z = np.random.default_rng(2).standard_normal((5, 3))
    held, everywhere, fine = noise_risks(Z, 4)
    alone, of_all = [], []
    for rows in combinations(range(5), 4):
        inverse = np.linalg.inv(Z[list(rows)].T @ Z[list(rows)])
        variances = np.einsum("ij,jk,ik->i", Z, inverse, Z)
        (left,) = set(range(5)) - set(rows)
        alone.append(variances[left])
        of_all.append(variances.mean())
    assert fine
    assert held == pytest.approx(np.mean(alone), rel=1e-12)
    assert everywhere == pytest.approx(np.mean(of_all), rel=1e-12)


def test_dependent_features_are_told() -> None:
    assert not noise_risks(np.ones((4, 2)), 3)[2]


def test_training_of_the_first_layer_is_gradient_descent() -> None:
    rng = np.random.default_rng(0)
    X, Y, first = (
        rng.standard_normal((7, 3)),
        rng.standard_normal((7, 2)),
        rng.standard_normal((3, 4)),
    )
    found = trained(X, Y, first, np.random.default_rng(1))
    W = torch.tensor(first, requires_grad=True)
    start = np.random.default_rng(1).standard_normal((4, 2)) / 2
    V = torch.tensor(start, requires_grad=True)
    for _ in range(100):
        loss = ((torch.relu(torch.tensor(X) @ W) @ V - torch.tensor(Y)) ** 2).mean() / 2
        steps = torch.autograd.grad(loss, (W, V))
        with torch.no_grad():
            W -= 0.05 * steps[0]
            V -= 0.05 * steps[1]
    assert found == pytest.approx(W.detach().numpy(), rel=1e-10)


def test_features_of_one_draw_are_those_of_a_longer_one() -> None:
    short, long = (
        features("diabetes", "relu", 3, count, np.random.default_rng(1))[0] for count in (5, 9)
    )
    assert np.array_equal(short, long[:5])


def test_ridge_regression_in_the_sweep_is_that_of_the_normal_equations() -> None:
    rng = np.random.default_rng(3)
    Z, Y, noisy = (
        rng.standard_normal((12, 3)),
        rng.standard_normal((12, 1)),
        rng.standard_normal((8, 1)),
    )
    loading = 0.5 * np.sum(Z[:8] ** 2) / 8
    w = np.linalg.solve(Z[:8].T @ Z[:8] + loading * np.eye(3), Z[:8].T @ noisy)
    expected = np.mean((Z[8:] @ w - Y[8:]) ** 2)
    assert clean_error(Z, Y, noisy, 0.5) == pytest.approx(expected, rel=1e-12)


def test_the_jacobian_of_the_trained_network_is_that_of_torch() -> None:
    rng = np.random.default_rng(4)
    X, theta = rng.standard_normal((5, 3)), rng.standard_normal(2 * 5 + 1)

    def network(at: Any) -> Any:
        hidden = torch.relu(torch.tensor(X) @ at[:6].reshape(2, 3).T + at[6:8])
        return hidden @ at[8:10] + at[10]

    f, J = outputs(theta, 2, X)
    at = torch.tensor(theta)
    assert f == pytest.approx(network(at).numpy(), rel=1e-12)
    assert pytest.approx(torch.autograd.functional.jacobian(network, at).numpy()) == J


def test_training_without_decay_interpolates_when_it_can() -> None:
    rng = np.random.default_rng(6)
    X, y = rng.standard_normal((6, 3)), rng.standard_normal(6)
    start = rng.standard_normal(16 * 5 + 1)
    fitted = {decay: minimised(start, 16, X, y, decay) for decay in (0.0, 2.0)}
    errors = {decay: np.abs(outputs(one, 16, X)[0] - y).max() for decay, one in fitted.items()}
    assert errors[0.0] < 1e-8
    assert errors[2.0] > 1e-2
    assert np.linalg.norm(fitted[2.0]) < np.linalg.norm(fitted[0.0])


def test_trained_networks_at_one_size_are_the_same_whatever_is_swept() -> None:
    found = clean_errors([(8, 60)], 0.0, np.random.default_rng(4))
    assert found == clean_errors([(8, 60), (1, 60)], 0.0, np.random.default_rng(4))[:1]
    errors = errors_by_samples(0.0, np.random.default_rng(4))
    assert [*errors.values()] == clean_errors(
        [(8, one) for one in (15, 60, 160)], 0.0, np.random.default_rng(4)
    )


def test_one_ridge_risk_by_hand() -> None:
    # one feature: X'X = x0^2 before, lambda = s2/b2
    x = np.random.default_rng(8).standard_normal(2)
    (before, _), _ = realised(1, 1, 2.0, 3.0, np.random.default_rng(8)).values()
    lam = 1.5
    expected = (2 * lam**2 + 3 * x[0] ** 2) / (x[0] ** 2 + lam) ** 2
    assert before == pytest.approx(expected, rel=1e-12)


def test_the_limit_for_equal_spectrum() -> None:
    # 1/(1 + c g) = 1 - 1/g at c = 1/(g (g - 1)), so that g c A / B = 1/(g - 1)
    found = ridgeless(6, 3, 1.0, np.random.default_rng(0))
    assert found[s.dilation] == pytest.approx(1 / 6, rel=1e-10)
    assert found[s.mean_variance] == pytest.approx(6 / 11, rel=0.1)


def test_the_gap_along_the_epochs_vanishes_with_many_samples() -> None:
    few, many = (
        epochs(n, 0.5, 1.0, 0.1, np.random.default_rng(0))[s.epoch_gap] for n in (50, 500_000)
    )
    assert many < 0.02 < few


@pytest.fixture
def example() -> Any:
    spec = importlib.util.spec_from_file_location("double_descent_curves", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_curves_peak_at_the_threshold(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert example.exact(20) == pytest.approx(0.25 * 39 / 19)
    assert example.exact(80) == pytest.approx(1 - 0.5 + 0.25 * 79 / 39)
    assert math.isinf(example.exact(41))
    monkeypatch.setattr(example, "WIDTHS", (10, 40, 120))
    monkeypatch.setattr(example, "DRAWS", 5)
    rows = list(example.curves())
    for curve in ("synthetic", "diabetes", "digits"):
        risks = {row[2]: row[5] for row in rows if row[0] == curve}
        assert max(risks, key=lambda p: risks[p]) == 40


def test_the_curves_are_drawn(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib, figure, axes = MagicMock(), MagicMock(), MagicMock()
    matplotlib.pyplot.subplots.return_value = figure, axes
    monkeypatch.setitem(sys.modules, "matplotlib", matplotlib)
    monkeypatch.setattr(example, "WIDTHS", (10, 40))
    rows = [[name, 40, p, "", "", 1.0 + p] for name in example.LABELS for p in example.WIDTHS]
    example.draw(rows, "curves.png")
    drawn = [one.args[:2] for one in axes.plot.call_args_list]
    assert drawn[:3] == [((10, 40), [11.0, 41.0])] * 3
    assert drawn[3] == ((10, 40), [example.exact(10), math.inf])
    # the limit along a fine grid
    assert (drawn[4][0][0], drawn[4][0][-1]) == (10, 40)
    assert drawn[4][1][0] == example.theory(10)
    assert figure.savefig.call_args.args == ("curves.png",)


def test_random_relu_features_beside_regression_for_one_target() -> None:
    """Means over the direction of the target are sums over the coordinate directions over d."""
    found = relu_features(5, 1, 3, 0.5, np.random.default_rng(2))[s.relu_risk]
    rng = np.random.default_rng(2)

    def rows(count: int) -> Any:
        one = rng.standard_normal((count, 5))
        return one / np.linalg.norm(one, axis=1, keepdims=True) * math.sqrt(5)

    X, neurons, fresh = rows(15), rows(5), rows(400)
    train, new = (np.maximum(one @ neurons.T / math.sqrt(5), 0) for one in (X, fresh))
    errors = [
        np.mean((new @ np.linalg.lstsq(train, X[:, j], rcond=None)[0] - fresh[:, j]) ** 2) / 5
        for j in range(5)
    ]
    noises = [
        np.mean((new @ np.linalg.lstsq(train, one, rcond=None)[0]) ** 2) for one in np.eye(15)
    ]
    assert found == pytest.approx(sum(errors) + 0.5 * sum(noises), rel=1e-10)
