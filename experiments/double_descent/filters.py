"""Least squares with two weights trained by four methods, by recursions of 2 x 2 matrices.

H = X'X/n has eigenvalues s_1, s_2 and eigenvectors turned by an angle; every H is of that form. With
noise of variance s2 in the labels X'eps/n has covariance (s2/n) H, so the error of a method is
M (w_0 - w*) + N X'eps/n and its risk |M (w_0 - w*)|_P^2 + (s2/n) tr(P N H N'). M and N come from the
method's own recursion, or from a solve, never from the eigenvalues.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector

Matrix = Any
ONE: Matrix = np.array([[1, 0], [0, 1]], dtype=object)


def inverse(A: Matrix) -> Matrix:
    """Of a 2 x 2 matrix, by Cramer's rule."""
    det = A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
    return np.array([[A[1, 1] / det, -A[0, 1] / det], [-A[1, 0] / det, A[0, 0] / det]])


def pseudo(H: Matrix, spectrum: Any) -> Matrix:
    """Moore-Penrose inverse of a positive semidefinite H whose zero eigenvalues are known."""
    if min(spectrum) > 0:
        return inverse(H)
    trace = H[0, 0] + H[1, 1]
    return H / (trace * trace) if max(spectrum) > 0 else 0 * H


def decay(H: Matrix, time: Any) -> Matrix:
    """exp(-time H) from trace and determinant: e^-m (cosh d I - sinh d / d (time H - m I))."""
    A = H * time
    mean, half = (A[0, 0] + A[1, 1]) / 2, (A[0, 0] - A[1, 1]) / 2
    d = np.sqrt(half * half + A[0, 1] * A[0, 1])
    up, down = np.exp(d - mean), np.exp(-d - mean)
    if not d > 0:
        return ONE * up
    return ONE * ((up + down) / 2) - (A - ONE * mean) * ((up - down) / (2 * d))


def filtered(
    spectrum: Any, turn: Any, offset: Any, test: Any, noise: Any, samples: int, step: Any,
    momentum: Any, steps: int, ridge: Any,
) -> dict[Any, Any]:  # fmt: skip
    """Risks of four methods; ``offset`` and ``test`` (a root of P) are in the eigenbasis of H."""
    c, v = (1 - turn * turn) / (1 + turn * turn), 2 * turn / (1 + turn * turn)
    V = np.array([[c, -v], [v, c]])
    H = V @ np.array([[spectrum[0], 0], [0, spectrum[1]]]) @ V.T
    root = np.array(test)
    in_basis = root.T @ root
    P, away, label_noise = V @ in_basis @ V.T, V @ np.array(offset), noise / samples

    def risk(M: Matrix, NHN: Matrix) -> Any:
        left = M @ away
        return left @ P @ left + label_noise * (P @ NHN).trace()

    def descended(m: Any) -> tuple[Any, list[Any]]:
        """Heavy ball with momentum m: w+ = w - eta grad + m (w - w-), and the scalar filters."""
        old, new = (ONE, 0 * ONE), (ONE, 0 * ONE)
        q_old, q_new = [1, 1], [1, 1]
        for index in range(steps):
            kept = m if index else 0
            moved = tuple(
                new[k] - step * (H @ new[k] - k * ONE) + kept * (new[k] - old[k]) for k in (0, 1)
            )
            old, new = new, moved
            q_old, q_new = (
                q_new,
                [
                    (1 - step * one + kept) * q - kept * before
                    for one, q, before in zip(spectrum, q_new, q_old, strict=True)
                ],
            )
        return risk(new[0], new[1] @ H @ new[1].T), q_new

    plain, q_plain = descended(0)
    heavy, q_heavy = descended(momentum)
    time = step * steps
    E = decay(H, time)
    R = inverse(H + ridge * ONE)
    found = {
        s.step: step, s.steps_taken: steps, s.duration: time, s.ridge: ridge,
        s.label_noise: label_noise, s.test_11: in_basis[0, 0], s.test_12: in_basis[0, 1],
        s.test_22: in_basis[1, 1], s.risk_descent: plain, s.risk_heavy: heavy,
        s.risk_flow: risk(E, (ONE - E) @ pseudo(H, spectrum) @ (ONE - E)),
        s.risk_ridge: risk(ridge * R, R @ H @ R),
    }  # fmt: skip
    for i, names in enumerate(
        (
            (s.spectrum_1, s.inverse_1, s.offset_1, s.descent_1, s.heavy_1),
            (s.spectrum_2, s.inverse_2, s.offset_2, s.descent_2, s.heavy_2),
        )
    ):
        one = spectrum[i]
        values = one, 1 / one if one > 0 else 0, offset[i], q_plain[i], q_heavy[i]
        found |= dict(zip(names, values, strict=True))
    return found


PAIR = vector(2, reals(-2, 2))
two_weights = Experiment(
    id="two_weights",
    title="Least squares with two weights: descent, heavy ball, flow and ridge by recursion",
    axes=(
        Axis("spectrum", vector(2, Mixed(reals(0.05, 4), choice(0.0), 0.2)), [1.0, 0.25], "s_1, s_2"),
        Axis("turn", reals(-1, 1), 0.5, "tangent of half the angle of the eigenvectors"),
        Axis("offset", PAIR, [1.0, 1.0], "w_0 - w* in the eigenbasis"),
        Axis("test", matrix(2, 2, reals(-2, 2)), [[1.0, 0.5], [0.0, 1.0]], "root of P"),
        Axis("noise", reals(0, 4), 1.0, "s2"),
        Axis("samples", integers(2, 20), 4, "n"),
        Axis("step", reals(0.05, 2), 0.5, "eta"),
        Axis("momentum", reals(0, 1), 0.5, "m of the heavy ball"),
        Axis("steps", integers(0, 12), 3, "T"),
        Axis("ridge", reals(0.05, 4), 0.5, "lambda"),
    ),
    emits=frozenset(
        {
            s.spectrum_1, s.spectrum_2, s.inverse_1, s.inverse_2, s.offset_1, s.offset_2,
            s.test_11, s.test_12, s.test_22, s.label_noise, s.descent_1, s.descent_2, s.heavy_1,
            s.heavy_2, s.duration, s.ridge, s.step, s.steps_taken, s.risk_descent, s.risk_heavy,
            s.risk_flow, s.risk_ridge,
        }
    ),
    engine=filtered,
)  # fmt: skip
