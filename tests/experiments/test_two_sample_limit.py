"""Two samples of a diagonal linear network: least norms by linear programming, the limit by its flow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from experiments.flow.integrate import flowed
from experiments.implicit_bias.two_sample_limit import reached
from harness import implicit_bias as s

CASES = [
    ([0.5, -0.25, 0.75, 0.5, 0.5], 4.0, 0.5),
    ([0.0, 0.75, -0.75, 0.75, -0.75], 1.0, 0.1),
    ([-0.5, -0.5, 0.75, 0.0, 0.25], 2.0, 1.0),
]


def problem(shape: Any, level: float, alpha: float) -> tuple[Any, Any]:
    """X, and the limit of the flow from u = v = alpha up to sign, with labels that make it so."""
    X = np.array([[1, shape[1], shape[2]], [shape[0], 1, shape[3]]])
    ways = X.T @ np.array([1, shape[4]])
    nu = np.arcsinh(level / (2 * alpha**2)) / np.abs(ways).max()
    return X, 2 * alpha**2 * np.sinh(nu * ways)


@pytest.mark.parametrize("given", CASES)
def test_least_norms_are_those_of_optimization(given: Any) -> None:
    X, beta = problem(*given)
    found = reached(*given)
    y = X @ beta
    split = linprog(np.ones(6), A_eq=np.hstack([X, -X]), b_eq=y)
    assert found[s.least_1] == pytest.approx(split.fun, rel=1e-9)
    assert found[s.least_2] == pytest.approx(np.linalg.norm(np.linalg.pinv(X) @ y), rel=1e-12)
    assert found[s.norm_1] == pytest.approx(np.abs(beta).sum(), rel=1e-12)
    assert found[s.norm_2] == pytest.approx((beta**2).sum(), rel=1e-12)


@pytest.mark.parametrize("given", CASES)
def test_the_flow_ends_there(given: Any) -> None:
    X, beta = problem(*given)
    y, alpha = X @ beta, given[-1]

    def field(_: float, w: Any) -> Any:
        # beta = w+^2 - w-^2 from w+ = w- = alpha
        pull = X.T @ (y - X @ (w[:3] ** 2 - w[3:] ** 2))
        return np.concatenate([pull * w[:3], -pull * w[3:]])

    w = flowed(field, np.full(6, alpha), 60.0, 1e-11)
    assert w[:3] ** 2 - w[3:] ** 2 == pytest.approx(beta, abs=1e-6)
