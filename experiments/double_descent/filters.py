"""Least squares trained by four methods, by recursions of matrices: two weights, or up to eight.

H = X'X/n has eigenvalues s_i and eigenvectors V. With noise of variance s2 in the labels X'eps/n has
covariance (s2/n) H, so the error of a method is M (w_0 - w*) + N X'eps/n and its risk
|M (w_0 - w*)|_P^2 + (s2/n) tr(P N H N'). M and N come from the method's own recursion, or from a solve,
never from the eigenvalues; only the flow of more than two weights takes exp(-H t) = V exp(-s t) V'.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness import solve
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, depending, integers, matrix, reals, vector

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


def emitted(
    H: Matrix, V: Matrix, E: Matrix, pseudo_inverse: Matrix, ridge_inverse: Matrix, spectrum: Any,
    offset: Any, test: Any, noise: Any, samples: int, step: Any, momentum: Any, steps: int, ridge: Any,
) -> dict[Any, Any]:  # fmt: skip
    """Risks of four methods and what they are made of.

    ``offset`` and ``test`` (a root of P) are in the eigenbasis of H, ``E`` is exp(-eta T H), and
    ``ridge_inverse`` that of H + lambda.
    """
    one = np.identity(len(spectrum), dtype=int).astype(object)
    root = np.array(test)
    in_basis = root.T @ root
    P, away, label_noise = V @ in_basis @ V.T, V @ np.array(offset), noise / samples

    def risk(M: Matrix, NHN: Matrix) -> Any:
        left = M @ away
        return left @ P @ left + label_noise * (P @ NHN).trace()

    def descended(m: Any) -> tuple[Any, list[Any]]:
        """Heavy ball with momentum m: w+ = w - eta grad + m (w - w-), and the scalar filters."""
        old, new = (one, 0 * one), (one, 0 * one)
        q_old, q_new = [1] * len(spectrum), [1] * len(spectrum)
        for index in range(steps):
            kept = m if index else 0
            moved = tuple(
                new[k] - step * (H @ new[k] - k * one) + kept * (new[k] - old[k]) for k in (0, 1)
            )
            old, new = new, moved
            q_old, q_new = (
                q_new,
                [
                    (1 - step * value + kept) * q - kept * before
                    for value, q, before in zip(spectrum, q_new, q_old, strict=True)
                ],
            )
        return risk(new[0], new[1] @ H @ new[1].T), q_new

    plain, q_plain = descended(0)
    heavy, q_heavy = descended(momentum)
    found = {
        s.step: step, s.steps_taken: steps, s.duration: step * steps, s.ridge: ridge,
        s.label_noise: label_noise, s.risk_descent: plain, s.risk_heavy: heavy,
        s.risk_flow: risk(E, (one - E) @ pseudo_inverse @ (one - E)),
        s.risk_ridge: risk(ridge * ridge_inverse, ridge_inverse @ H @ ridge_inverse),
    }  # fmt: skip
    count = len(spectrum)
    for i in range(s.WEIGHTS):
        names = s.spectra[i], s.inverses[i], s.offsets[i], s.descents[i], s.heavies[i]
        if i < count:
            value = spectrum[i]
            row = value, 1 / value if value > 0 else 0, offset[i], q_plain[i], q_heavy[i]
        else:
            row = 0, 0, 0, 1, 1
        found |= dict(zip(names, row, strict=True))
    for (i, j), name in s.tests.items():
        found[name] = in_basis[i - 1, j - 1] if j <= count else 0
    return found


def filtered(
    spectrum: Any, turn: Any, offset: Any, test: Any, noise: Any, samples: int, step: Any,
    momentum: Any, steps: int, ridge: Any,
) -> dict[Any, Any]:  # fmt: skip
    """Two weights; the eigenvectors are turned by twice the angle of tangent ``turn``."""
    c, v = (1 - turn * turn) / (1 + turn * turn), 2 * turn / (1 + turn * turn)
    V = np.array([[c, -v], [v, c]])
    H = V @ np.array([[spectrum[0], 0], [0, spectrum[1]]]) @ V.T
    return emitted(
        H, V, decay(H, step * steps), pseudo(H, spectrum), inverse(H + ridge * ONE), spectrum,
        offset, test, noise, samples, step, momentum, steps, ridge,
    )  # fmt: skip


def filtered_all(
    weights: int, samples: int, spectrum: Any, mirror: Any, offset: Any, test: Any, noise: Any,
    step: Any, momentum: Any, steps: int, ridge: Any,
) -> dict[Any, Any]:  # fmt: skip
    """Any number of weights up to eight; eigenvectors are the reflection of the axes in ``mirror``.

    With fewer samples than weights the eigenvalues beyond the samples are zero.
    """
    one = np.identity(weights, dtype=int).astype(object)
    values = [value if i < samples else 0 for i, value in enumerate(spectrum)]
    normal = np.array([1, *mirror], dtype=object)
    V = one - np.outer(normal, normal) * (2 / (normal @ normal))

    def of_eigenvalues(row: Any) -> Matrix:
        return (V * np.array(row, dtype=object)) @ V.T

    H = of_eigenvalues(values)
    E = of_eigenvalues([np.exp(-value * step * steps) if value else 1 for value in values])
    pseudo_inverse = of_eigenvalues([1 / value if value else 0 for value in values])
    ridge_inverse = np.array(solve((H + ridge * one).tolist(), one.tolist()))
    return emitted(
        H, V, E, pseudo_inverse, ridge_inverse, values, offset, test, noise, samples, step, momentum,
        steps, ridge,
    )  # fmt: skip


EMITTED = frozenset({
    *s.spectra, *s.inverses, *s.offsets, *s.tests.values(), *s.descents, *s.heavies, s.label_noise,
    s.duration, s.ridge, s.step, s.steps_taken, s.risk_descent, s.risk_heavy, s.risk_flow, s.risk_ridge,
})  # fmt: skip
EIGENVALUE = Mixed(reals(0.05, 4), choice(0.0), 0.2)
PAIR = vector(2, reals(-2, 2))
two_weights = Experiment(
    id="two_weights",
    title="Least squares with two weights: descent, heavy ball, flow and ridge by recursion",
    axes=(
        Axis("spectrum", vector(2, EIGENVALUE), [1.0, 0.25], "s_1, s_2"),
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
    emits=EMITTED,
    engine=filtered,
)  # fmt: skip


def _each(entries: Any, less: int = 0) -> Any:
    return depending(lambda before: vector(before["weights"] - less, entries))


many_weights = Experiment(
    id="many_weights",
    title="Least squares with up to eight weights: descent, heavy ball, flow and ridge by recursion",
    axes=(
        Axis("weights", integers(1, s.WEIGHTS), 3, "d"),
        Axis("samples", integers(1, 10), 4, "n; with fewer than d H is singular"),
        Axis("spectrum", _each(EIGENVALUE), [4.0, 1.0, 0.25], "s_1, s_2, ..., those beyond n ignored"),
        Axis("mirror", _each(reals(-1, 1), 1), [0.5, -1.0], "reflects the axes into the eigenvectors"),
        Axis("offset", _each(reals(-2, 2)), [1.0, 1.0, -1.0], "w_0 - w* in the eigenbasis"),
        Axis("test", depending(lambda before: matrix(before["weights"], before["weights"], reals(-2, 2))),
             [[1.0, 0.5, 0.0], [0.0, 1.0, -0.5], [0.25, 0.0, 1.0]], "root of P"),
        *two_weights.axes[4:5],
        *two_weights.axes[6:8],
        Axis("steps", choice(0, 1, 3, 12), 3, "T"),
        *two_weights.axes[9:],
    ),
    emits=EMITTED,
    engine=filtered_all,
    share=0.5,
)  # fmt: skip
