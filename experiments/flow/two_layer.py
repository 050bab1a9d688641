"""What `two_layer_flow` measures, at the start and after the flow has run for a while.

W1 has D rows; the data matrix is [diag(x), 0] in R^{r x D}, so that the first r rows of W1 are
trained and the others stand still. Every full-rank problem is of this form after the rotations that
the reduction makes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.flow.integrate import ROUNDING, TOLERANCES, Array, measured

Pair = tuple[float, float]


def ranked(values: NDArray[np.floating[Any]], k: int) -> float:
    """The k-th largest; 0 when there are fewer."""
    ordered = np.sort(values)[::-1]
    return float(ordered[k - 1]) if k <= len(ordered) else 0.0


def imbalance(W1: Array, W2: Array) -> dict[str, Pair]:
    """Spectrum of the imbalance of the trained rows of W1."""
    n, m = len(W1), W2.shape[1]
    D = np.linalg.eigvalsh(W1.T @ W1 - W2 @ W2.T)
    size = float(np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)
    found = {
        "lam1_D": ranked(D, 1), "lamn_D": ranked(D, n),
        "lam1_mD": ranked(-D, 1), "lamm_mD": ranked(-D, m),
    }  # fmt: skip
    # lambda_n of an h x h matrix is 0 exactly when there is no such eigenvalue
    missing = {"lamn_D": n > len(D), "lamm_mD": m > len(D)}
    return {
        name: (value, 0.0 if missing.get(name) else ROUNDING * size)
        for name, value in found.items()
    }


def run(
    x: Array,
    Y: Array,
    W1: Array,
    W2: Array,
    time: float,
    tolerances: tuple[float, float] = TOLERANCES,
) -> dict[str, Pair | float | int]:
    """Everything the experiment emits, by name."""
    (rank, m), h = Y.shape, len(W2)
    trained, frozen = W1[:rank], W1[rank:]
    X, still = x[:, None], float(np.linalg.norm(frozen))
    size = float(np.linalg.norm(Y) + np.linalg.norm(X * trained) * np.linalg.norm(W2))

    def parts(state: Array) -> tuple[Array, Array]:
        return state[: rank * h].reshape(rank, h), state[rank * h :].reshape(h, m)

    def field(_: float, state: Array) -> Array:
        U, V = parts(state)
        pull = X * (Y - X * (U @ V))
        return np.concatenate([(pull @ V.T).ravel(), (U.T @ pull).ravel()])

    def at(state: Array) -> dict[str, Pair]:
        U, V = parts(state)
        residual = float(np.linalg.norm(Y - X * (U @ V)))
        # the loss is quadratic in a residual that is known only to the rounding of X W
        return {
            "flow_loss": (residual**2 / 2, residual * size + ROUNDING * size**2),
            "flow_frozen": (float(np.linalg.norm(frozen @ V)), still * float(np.linalg.norm(V))),
        }

    W = trained @ W2
    E = float(np.linalg.norm(Y - X * W))
    target = Y / X
    wanted = np.linalg.svd(target, compute_uv=False)
    coupling = float(np.hypot(np.linalg.norm(frozen @ W2), np.linalg.norm(trained @ frozen.T)))
    weights = float(np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)

    def near(value: float, scale: float) -> Pair:
        return value, ROUNDING * scale

    return {
        "inputs": rank, "outputs": m, "width": h,
        "K": near(x.max() ** 2, x.max() ** 2), "mu": near(x.min() ** 2, x.min() ** 2),
        "norm_Y": near(float(np.linalg.norm(Y)), float(np.linalg.norm(Y))),
        "smin_Y": near(float(np.linalg.svd(Y, compute_uv=False)[-1]), float(np.linalg.norm(Y))),
        "residual": near(E, size), "loss": (E**2 / 2, ROUNDING * size * (E + ROUNDING * size)),
        "smin_target": near(float(wanted[-1]), float(wanted[0])),
        "distance": near(float(np.linalg.norm(target - W)), weights + float(wanted.sum())),
        "coupling": near(coupling, still * weights**0.5),
        **imbalance(trained, W2),
        "flow_time": time,
        **measured(field, np.concatenate([trained.ravel(), W2.ravel()]), time, at, tolerances),
    }  # fmt: skip
