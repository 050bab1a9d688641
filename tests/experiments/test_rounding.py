"""Error bounds against the same quantities recomputed with 50 digits: true, and not loose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest

CASES: list[dict[str, Any]] = [
    {"features": 1, "outputs": 1, "width": 1},
    {"features": 3, "outputs": 3, "width": 6},
    {"features": 2, "outputs": 3, "width": 2, "init": "imbalanced", "imbalance": 20.0},
    {"features": 3, "outputs": 2, "width": 30, "init": "zero_output"},
    {"features": 2, "outputs": 2, "width": 5, "data": "conditioned", "condition": 1000.0},
    {"features": 2, "outputs": 3, "width": 4, "loss": "logcosh", "ratio": 50.0},
    {"features": 3, "outputs": 1, "width": 2, "dtype": "float32"},
    {"data": "given", "X": [[2, 1], [1, 3]], "Y": [[1], [2]], "width": 2},
]

NAMES = (
    "loss", "residual", "distance", "product_grad", "grad_norm", "smax_W1", "smax_W2", "smin_W",
    "smax_W", "tau_min", "lamn_W1W1", "lamm_W2W2", "lam1_D", "lamn_D", "lam1_mD", "lamm_mD",
)  # fmt: skip


@pytest.fixture(autouse=True)
def fifty_digits() -> Iterator[None]:
    with mpmath.workdps(50):
        yield


def matrix(values: Any) -> Any:
    return mpmath.matrix([[mpmath.mpf(float(one)) for one in row] for row in values])


class Exact:
    """The run in 50 digits: plain matrix formulas."""

    def __init__(self, snapshot: Any, configuration: dict[str, Any]) -> None:
        batch = snapshot.batch
        self.X, self.Y = matrix(batch.X[0]), matrix(batch.Y[0])
        self.W1, self.W2 = matrix(snapshot.W1[0]), matrix(snapshot.W2[0])
        self.gap = mpmath.mpf(configuration["ratio"]) - 1
        self.logcosh = configuration["loss"] == "logcosh"
        self.missing = batch.missing
        self.target = mpmath.inverse(self.X) * self.Y

    @property
    def gradient(self) -> Any:
        E = self.X * self.W1 * self.W2 - self.Y
        return E + self.gap * E.apply(mpmath.tanh) if self.logcosh else self.X.T * E

    def step(self, eta: float) -> None:
        G = self.gradient
        A, B = G * self.W2.T, self.W1.T * G
        self.W1, self.W2 = self.W1 - mpmath.mpf(eta) * A, self.W2 - mpmath.mpf(eta) * B

    def at(self, W1: Any, W2: Any) -> Exact:
        other = object.__new__(Exact)
        other.__dict__.update(self.__dict__, W1=matrix(W1), W2=matrix(W2))
        return other

    def measured(self) -> dict[str, Any]:
        n, m, h = self.W1.rows, self.W2.cols, self.W1.cols
        W = self.W1 * self.W2
        E = self.Y - self.X * W
        G = self.gradient
        square = norm(E) ** 2 / 2
        logs = mpmath.fsum(mpmath.log(mpmath.cosh(one)) for one in E)
        D = eigenvalues(self.W1.T * self.W1 - self.W2 * self.W2.T) + [mpmath.mpf(0)] * self.missing
        up = sorted(D, reverse=True) + [mpmath.mpf(0)] * max(n, m)
        down = sorted((-one for one in D), reverse=True) + [mpmath.mpf(0)] * max(n, m)
        spectrum = eigenvalues(W.T * W if m <= n else W * W.T)
        first, second = eigenvalues(self.W1 * self.W1.T), eigenvalues(self.W2.T * self.W2)
        return {
            "loss": square + self.gap * logs if self.logcosh else square,
            "residual": norm(E),
            "distance": norm(W - self.target),
            "product_grad": norm(G),
            "grad_norm": mpmath.hypot(norm(G * self.W2.T), norm(self.W1.T * G)),
            "smax_W1": mpmath.sqrt(max(first)),
            "smax_W2": mpmath.sqrt(max(second)),
            "smin_W": mpmath.sqrt(abs(min(spectrum))) if h >= min(n, m) else mpmath.mpf(0),
            "smax_W": mpmath.sqrt(max(spectrum)),
            "tau_min": min(first) + min(second),
            "lamn_W1W1": min(first),
            "lamm_W2W2": min(second),
            "lam1_D": up[0],
            "lamn_D": up[n - 1],
            "lam1_mD": down[0],
            "lamm_mD": down[m - 1],
        }


def norm(values: Any) -> Any:
    return mpmath.sqrt(mpmath.fsum(one**2 for one in values))


def eigenvalues(symmetric: Any) -> list[Any]:
    return list(mpmath.eigsy(symmetric, eigvals_only=True))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("share", [0.2, 1.8])
def test_bounds_contain_the_exact_values(
    configure: Any, start: Any, train: Any, stable: Any, case: dict[str, Any], share: float
) -> None:
    steps, configuration = 6, configure(scale=0.6, seed=4, **case)
    snapshot, _ = start(configuration)
    eta = stable(configuration, share)
    trace = train([configuration], eta, steps)
    exact = Exact(snapshot, configuration)
    state, before = snapshot, None
    for t in range(steps + 1):
        never_rounded = exact.measured()
        if before is None:
            one_step = never_rounded
        else:
            from_before = exact.at(before.W1[0], before.W2[0])
            from_before.step(eta)
            one_step = from_before.measured()
        here = exact.at(state.W1[0], state.W2[0]).measured()
        for name in NAMES:
            quantity = trace.measured[name]
            value, error = quantity.value[0, t], quantity.error[0, t]
            # eigsy leaves 1e-48 or so of the largest; roots of that are 1e-24
            slack = mpmath.mpf("1e-22")
            assert abs(value - here[name]) <= error + slack, (name, t)
            assert abs(value - one_step[name]) <= error + slack, (name, t)
            assert abs(value - never_rounded[name]) <= quantity.drift[0, t] + slack, (name, t)
            assert quantity.drift[0, t] >= error * 0.999
        before, state = state, type(state)(state.batch, *state.advanced(np.array([eta])))
        exact.step(eta)


@pytest.mark.parametrize("case", CASES)
def test_drift_symbols_contain_the_exact_values(
    configure: Any, start: Any, train: Any, stable: Any, case: dict[str, Any]
) -> None:
    configuration = configure(scale=0.6, seed=4, **case)
    snapshot, _ = start(configuration)
    eta = stable(configuration, 0.7)
    trace = train([configuration], eta, 5)
    exact = Exact(snapshot, configuration)

    def imbalance() -> Any:
        return exact.W1.T * exact.W1 - exact.W2 * exact.W2.T

    first = imbalance()
    for t in range(5):
        before = imbalance()
        exact.step(eta)
        for name, value, at in (
            ("drift_step", norm(imbalance() - before), t),
            ("drift", norm(imbalance() - first), t + 1),
        ):
            quantity = trace.measured[name]
            assert abs(quantity.value[0, at] - value) <= quantity.drift[0, at], (name, t)


def test_bounds_are_useful(configure: Any, train: Any) -> None:
    group = [configure(features=3, outputs=3, width=6, seed=seed) for seed in range(20)]
    trace = train(group, 0.01, 3)
    loss = trace.measured["loss"]
    assert (loss.error[:, 0] <= 1e-13 * loss.value[:, 0]).all()
    for name in ("smax_W1", "smax_W2", "smax_W", "lam1_D"):
        quantity = trace.measured[name]
        assert np.median(quantity.error / np.abs(quantity.value)) <= 1e-13, name
    assert np.median(loss.drift[:, -1] / loss.value[:, -1]) <= 1e-12
    tau = trace.measured["tau_min"]
    assert np.median(tau.error / tau.value) <= 1e-13


@pytest.mark.parametrize("name", ["K", "mu", "norm_Y", "smin_Y", "smin_target", "smax_target"])
def test_run_symbols_contain_the_exact_values(configure: Any, start: Any, name: str) -> None:
    for case in CASES:
        configuration = configure(seed=6, **case)
        snapshot, measured = start(configuration)
        exact = Exact(snapshot, configuration)
        squares = eigenvalues(exact.X.T * exact.X)
        logcosh, (rows, columns) = configuration["loss"] == "logcosh", snapshot.batch.Y.shape[1:]

        def spectrum(part: Any, wide: bool = rows < columns) -> list[Any]:
            return [
                mpmath.sqrt(abs(one))
                for one in eigenvalues(part * part.T if wide else part.T * part)
            ]

        expected = {
            "K": mpmath.mpf(configuration["ratio"]) if logcosh else max(squares),
            "mu": mpmath.mpf(1) if logcosh else min(squares),
            "norm_Y": norm(exact.Y),
            "smin_Y": min(spectrum(exact.Y)),
            "smin_target": min(spectrum(exact.target)),
            "smax_target": max(spectrum(exact.target)),
        }[name]
        quantity = measured[name]
        assert abs(quantity.value[0, 0] - expected) <= quantity.error[0, 0] + mpmath.mpf("1e-22")
        largest = {"mu": "K", "smin_Y": "norm_Y", "smin_target": "smax_target"}.get(name, name)
        assert quantity.error[0, 0] <= 1e-13 * measured[largest].value[0, 0]
