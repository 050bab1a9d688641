"""Averaged stochastic gradient descent on linear regression with Gaussian inputs: exact mean risk.

x ~ N(0, diag(lam)), y = w*.x + noise of variance s^2, one fresh pair a step: with b_i = E (w_t - w*)_i^2,
E x x' A x x' = 2 H A H + tr(H A) H gives b_i+ = ((1 - g lam_i)^2 + g^2 lam_i^2) b_i + g^2 lam_i (sum_j lam_j
b_j + s^2), and E (w_k - w*)_i (w_t - w*)_i = (1 - g lam_i)^(k-t) b_i for k > t.
"""

from __future__ import annotations

from typing import Any

from harness import first_order as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Domain, Partial, depending, integers, reals, vector


def averaged(
    dimension: int, spectrum: Any, start: Any, noise: Any, share: Any, passes: int
) -> dict[Any, Any]:
    """The average of w_0 ... w_{N-1}, for steps of ``share`` / tr H."""
    trace = sum(spectrum)
    step, N = share / trace, passes
    b = begin = [one * one for one in start]
    keep = [1 - step * lam for lam in spectrum]
    # 1 + 2 (q + ... + q^(N-1-t)) for t = N - 1 first, each coordinate
    weights = [[1 + 0 * q for q in keep]]
    powers = [1 + 0 * q for q in keep]
    for _ in range(N - 1):
        powers = [p * q for p, q in zip(powers, keep, strict=True)]
        weights.append([w + 2 * p for w, p in zip(weights[-1], powers, strict=True)])
    total = 0 * step
    for weight in reversed(weights):
        total = total + sum(lam * w * one for lam, w, one in zip(spectrum, weight, b, strict=True))
        pull = sum(lam * one for lam, one in zip(spectrum, b, strict=True)) + noise
        b = [
            (q * q + (1 - q) * (1 - q)) * one + step * (1 - q) * pull
            for q, one in zip(keep, b, strict=True)
        ]
    reach = [min(1, N * step * lam) for lam in spectrum]
    each = list(zip(reach, begin, spectrum, strict=True))
    return {
        s.gamma: step, s.rounds: N, s.trace: trace, s.label_noise: noise,
        s.mean_risk: total / (2 * N * N),
        s.effective_dimension: sum(x * x for x in reach),
        s.effective_start: sum(x * one for x, one, _ in each),
        s.effective_bias: sum(x * x * one / lam for x, one, lam in each),
    }  # fmt: skip


def _spectrum(before: Partial) -> Domain:
    return vector(before["dimension"], reals(1e-3, 1, log=True))


averaged_sgd = Experiment(
    id="averaged_sgd",
    title="Averaged stochastic gradient descent on Gaussian linear regression, exact mean risk",
    axes=(
        Axis("dimension", integers(1, 8), 2, "number of weights"),
        Axis("spectrum", depending(_spectrum), [1.0, 0.25], "eigenvalues of H"),
        Axis("start", depending(lambda at: vector(at["dimension"], reals(-2, 2))), [1.0, 1.0], "w_0 - w*"),
        Axis("noise", reals(0, 4), 1.0, "s^2: variance of the labels' noise"),
        Axis("share", reals(0.01, 0.75, log=True), 0.25, "step size times tr H"),
        Axis("passes", integers(1, 200, log=True), 8, "number of steps N"),
    ),
    emits=frozenset(
        {
            s.gamma, s.rounds, s.trace, s.label_noise, s.mean_risk, s.effective_dimension,
            s.effective_start, s.effective_bias,
        }
    ),
    engine=averaged,
)  # fmt: skip
