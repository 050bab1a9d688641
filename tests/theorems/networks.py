"""Random two-layer networks, what an experiment would emit of them, and evaluation of theorems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy

from harness import symbols as s
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.vocabulary.definition import Parameter
from harness.vocabulary.symbol import Named, Scope


@dataclass(frozen=True)
class Network:
    """X square and invertible, targets Y, weights W1 (n x h), W2 (h x m); the squared loss."""

    X: Any
    Y: Any
    W1: Any
    W2: Any

    @property
    def W(self) -> Any:
        return self.W1 @ self.W2

    @property
    def E(self) -> Any:
        return self.Y - self.X @ self.W

    @property
    def G(self) -> Any:
        return -self.X.T @ self.E

    @property
    def loss(self) -> float:
        return float(np.sum(self.E**2)) / 2

    def after(self, step: float) -> Network:
        """One simultaneous step of gradient descent."""
        first = self.W1 - step * self.G @ self.W2.T
        return Network(self.X, self.Y, first, self.W2 - step * self.W1.T @ self.G)


def drawn(n: int, m: int, h: int, seed: int, margin: bool = False) -> Network:
    """A random network; with ``margin``, balanced and close to its target."""
    rng = np.random.default_rng(seed)
    X = np.eye(n) + 0.1 * rng.standard_normal((n, n))
    target = 3 * rng.standard_normal((n, m))
    if not margin:
        return Network(X, X @ target, rng.standard_normal((n, h)), rng.standard_normal((h, m)))
    left, values, right = np.linalg.svd(target, full_matrices=False)
    hidden = np.linalg.qr(rng.standard_normal((h, len(values))))[0]
    near = target + 0.02 * rng.standard_normal((n, m))
    roots = np.sqrt(values)
    return Network(X, X @ near, left * roots @ hidden.T, (hidden * roots) @ right)


def top(matrix: Any, k: int) -> float:
    """lambda_k of a symmetric matrix, 0 beyond its size."""
    values = sorted(np.linalg.eigvalsh(matrix).tolist(), reverse=True)
    return values[k - 1] if k <= len(values) else 0.0


def singular(matrix: Any) -> list[float]:
    """Singular values, descending."""
    return list(map(float, np.linalg.svd(matrix, compute_uv=False)))


def size(matrix: Any) -> float:
    """Frobenius norm."""
    return float(np.linalg.norm(matrix))


def measured(one: Network, eta: float) -> dict[Named, float]:
    """The symbols of harness.symbols at this state, straight from their meanings."""
    n, m = one.Y.shape
    target, stretch = np.linalg.solve(one.X, one.Y), singular(one.X)
    D = one.W1.T @ one.W1 - one.W2 @ one.W2.T
    grads = one.G @ one.W2.T, one.W1.T @ one.G
    return {
        s.inputs: n, s.outputs: m, s.width: one.W1.shape[1], s.squared: 1,
        s.K: stretch[0] ** 2, s.mu: stretch[-1] ** 2, s.eta: eta, s.loss: one.loss,
        s.norm_Y: size(one.Y), s.smin_Y: singular(one.Y)[-1],
        s.smin_target: singular(target)[-1], s.smax_target: singular(target)[0],
        s.residual: size(one.E), s.distance: size(one.W - target),
        s.product_grad: size(one.G),
        s.grad_norm: sum(size(g) ** 2 for g in grads) ** 0.5,
        s.smax_W1: singular(one.W1)[0], s.smax_W2: singular(one.W2)[0],
        s.smin_W: singular(one.W)[-1], s.smax_W: singular(one.W)[0],
        s.tau_min: top(one.W1 @ one.W1.T, n) + top(one.W2.T @ one.W2, m),
        s.lamn_W1W1: top(one.W1 @ one.W1.T, n), s.lamm_W2W2: top(one.W2.T @ one.W2, m),
        s.lam1_D: top(D, 1), s.lamn_D: top(D, n), s.lam1_mD: top(-D, 1), s.lamm_mD: top(-D, m),
    }  # fmt: skip


def evaluator(run: list[Network], eta: float, parameters: Mapping[Parameter, float]) -> Evaluator:
    """Intervals for a run of states with a constant step: (1, T+1), or (1, 1) where constant."""
    columns = [measured(one, eta) for one in run]
    values = {}
    for symbol in columns[0]:
        read = columns if symbol.scope is Scope.STEP else columns[:1]
        values[symbol] = Interval.exact(np.array([[float(column[symbol]) for column in read]]))
    values[s.t] = Interval.exact(np.arange(len(run), dtype=float)[None, :])
    for parameter, number in parameters.items():
        values[parameter] = Interval.exact(np.array([[number]]))
    return Evaluator(IntervalAlgebra(), values)


def number(evaluate: Evaluator, expression: sympy.Expr, step: int = 0) -> float:
    """The middle of the enclosure at a step; it must be tight to 1e-9."""
    found = evaluate(expression)
    low, high = (float(end[0, min(step, end.shape[1] - 1)]) for end in (found.lo, found.hi))
    assert high - low <= 1e-9 * (abs(low) + abs(high)) + 1e-300
    return (low + high) / 2
