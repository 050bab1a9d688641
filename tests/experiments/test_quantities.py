"""Quantities against their definitions, computed in another way."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import torch

from experiments.two_layer.losses import log_cosh

SHAPES = [(1, 1, 1), (3, 2, 4), (2, 4, 3), (4, 3, 2), (3, 3, 20)]


@pytest.mark.parametrize("shape", SHAPES)
def test_tau_min_is_the_least_eigenvalue_of_the_operator(
    configure: Any, start: Any, shape: tuple[int, int, int]
) -> None:
    features, outputs, width = shape
    snapshot, measured = start(configure(features=features, outputs=outputs, width=width))
    W1, W2 = snapshot.W1[0], snapshot.W2[0]
    operator = np.kron(W1 @ W1.T, np.eye(outputs)) + np.kron(np.eye(features), W2.T @ W2)
    spectrum = np.linalg.eigvalsh(operator)
    assert measured["tau_min"].value[0, 0] == pytest.approx(
        spectrum[0], rel=1e-10, abs=1e-13 * spectrum[-1]
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_the_two_terms_of_tau_min_are_eigenvalues_of_gram_matrices(
    configure: Any, start: Any, shape: tuple[int, int, int]
) -> None:
    features, outputs, width = shape
    snapshot, measured = start(configure(features=features, outputs=outputs, width=width))
    W1, W2 = snapshot.W1[0], snapshot.W2[0]
    for name, gram in (("lamn_W1W1", W1 @ W1.T), ("lamm_W2W2", W2.T @ W2)):
        spectrum = np.linalg.eigvalsh(gram)
        least = measured[name].value[0, 0]
        assert least == pytest.approx(spectrum[0], rel=1e-10, abs=1e-13 * spectrum[-1])
        # by rank, not by rounding
        assert (least == 0) == (width < len(gram))


def test_narrow_networks_have_exact_zeros(configure: Any, start: Any) -> None:
    _, measured = start(configure(features=4, outputs=3, width=2, init="narrow"))
    for name in ("tau_min", "lamn_W1W1", "lamm_W2W2", "smin_W", "lamn_D", "lamm_mD"):
        assert measured[name].value[0, 0] == 0
        assert measured[name].error[0, 0] == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", ["squared", "logcosh"])
def test_drift_is_the_change_of_the_imbalance(
    configure: Any, start: Any, train: Any, stable: Any, shape: tuple[int, int, int], loss: str
) -> None:
    features, outputs, width = shape
    configuration = configure(features=features, outputs=outputs, width=width, loss=loss)
    snapshot, _ = start(configuration)
    batch, weights = snapshot.batch, (snapshot.W1, snapshot.W2)
    eta = np.array([stable(configuration, 0.8)])
    trace = train([configuration], eta[0], 5)
    imbalances = []
    for _ in range(6):
        W1, W2 = (part[0] for part in weights)
        imbalances.append(W1.T @ W1 - W2 @ W2.T)
        weights = type(snapshot)(batch, *weights).advanced(eta)
    size = np.linalg.norm(imbalances[0])
    for t in range(5):
        step = np.linalg.norm(imbalances[t + 1] - imbalances[t])
        total = np.linalg.norm(imbalances[t + 1] - imbalances[0])
        assert trace.measured["drift_step"].value[0, t] == pytest.approx(
            step, abs=1e-13 * float(size)
        )
        assert trace.measured["drift"].value[0, t + 1] == pytest.approx(
            total, abs=1e-13 * float(size)
        )
    assert trace.measured["drift"].value[0, 0] == 0
    assert np.isnan(trace.measured["drift_step"].value[0, 5])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", ["squared", "logcosh"])
def test_smoothness_bounds_the_hessian_along_the_step(
    configure: Any, start: Any, train: Any, shape: tuple[int, int, int], loss: str
) -> None:
    features, outputs, width = shape
    for seed, eta in enumerate((0.01, 0.3, 2.0)):
        configuration = configure(
            features=features, outputs=outputs, width=width, loss=loss, seed=seed, scale=0.7
        )
        snapshot, _ = start(configuration)
        bound = train([configuration], eta, 1).measured["smoothness"].value[0, 0]
        first = torch.tensor(np.concatenate([snapshot.W1[0].ravel(), snapshot.W2[0].ravel()]))
        after = snapshot.advanced(np.array([eta]))
        second = torch.tensor(np.concatenate([part.ravel() for part in after]))
        X, Y = torch.tensor(snapshot.batch.X[0]), torch.tensor(snapshot.batch.Y[0])
        cut, hidden = snapshot.W1[0].size, snapshot.W1.shape[2]

        def value(
            flat: torch.Tensor, X: torch.Tensor = X, Y: torch.Tensor = Y, cut: int = cut,
            hidden: int = hidden, gap: float = configuration["ratio"] - 1,
        ) -> torch.Tensor:  # fmt: skip
            W1, W2 = flat[:cut].reshape(-1, hidden), flat[cut:].reshape(hidden, -1)
            E = Y - X @ W1 @ W2
            square = (E**2).sum() / 2
            size = E.abs()
            logs = size + torch.log1p(torch.exp(-2 * size))
            return square if loss == "squared" else square + gap * logs.sum()

        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            point = first + share * (second - first)
            hessian = torch.autograd.functional.hessian(value, point)  # type: ignore[no-untyped-call]
            assert float(torch.linalg.matrix_norm(hessian, 2)) <= bound * (1 + 1e-12)


def test_minimiser_and_run_symbols_of_a_small_rational_problem(configure: Any, start: Any) -> None:
    _, measured = start(
        configure(
            data="given", X=[[2, 0], [0, 1]], Y=[[6, 0], [0, 2]],
            init="given", W1=[[1], [0]], W2=[[1, 0]],
        )
    )  # fmt: skip
    expected = {
        "inputs": 2, "K": 4, "mu": 1, "norm_Y": np.sqrt(40), "smin_Y": 2, "smin_target": 2,
        "smax_target": 3, "loss": (16 + 4) / 2, "residual": np.sqrt(20), "distance": np.sqrt(8),
        "product_grad": np.sqrt(68), "smax_W": 1, "smin_W": 0, "lam1_D": 0, "tau_min": 0,
    }  # fmt: skip
    for name, value in expected.items():
        assert measured[name].value[0, 0] == pytest.approx(value, rel=1e-14, abs=1e-15), name


@pytest.mark.parametrize(
    "value", [1e-200, 1e-100, 1e-9, 1e-3, 0.5, 0.999, 1.0, 1.001, 3.0, 30.0, 1e6, 1e300]
)
def test_log_cosh_of_extreme_arguments(value: float) -> None:
    with mpmath.workdps(500):
        exact = mpmath.mpf(value)
        expected = float(mpmath.log(mpmath.cosh(exact)) if value < 1e7 else exact - mpmath.log(2))
    for sign in (1, -1):
        assert log_cosh(np.array([sign * value]))[0] == pytest.approx(expected, rel=2e-15)


def test_a_quantity_of_the_user(configure: Any, train: Any) -> None:
    from experiments.two_layer.engine import TwoLayerLinear

    def trace(state: Any) -> Any:
        return np.array([np.sum(one * one) for one in state.W1])

    engine = TwoLayerLinear({"frobenius_W1": trace})
    wanted = frozenset({"frobenius_W1", "smax_W1"})
    measured = train([configure(features=1)], 0.05, 4, wanted, engine).measured
    assert set(measured) == wanted
    assert measured["frobenius_W1"].value == pytest.approx(measured["smax_W1"].value ** 2)
    assert (measured["frobenius_W1"].error > 0).all()
