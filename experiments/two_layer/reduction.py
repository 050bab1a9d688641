"""The exact orthogonal reductions of a two-layer linear network.

Data, squared loss: with the thin SVD X = U S V', cut at the rank r, gradient descent sees only
S (r x r), U'Y (r x m) and V'W1 (r x h); the loss keeps the constant 1/2 |Y - U U'Y|_F^2, dropped.
Hidden layer: gradient descent multiplies [W1; W2'] from the left only, so its row space stays; with
one QR, [W1; W2']' = Q R, the network of width min(h, r + m) with weights R' has the same product,
the same singular values and the same non-zero eigenvalues of D = W1' W1 - W2 W2'.

What comes out is stored as doubles and *is* the problem: it is measured and certified as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.two_layer.norms import UNIT, Array
from harness.errors import UsageError


@dataclass(frozen=True)
class Problem:
    """A reduced problem: X (r x r, invertible), Y (r x m), its minimiser W* = X^-1 Y.

    ``basis`` is V (n x r) with reduced W1 = V' W1, or None where nothing was rotated; ``values``
    are the singular values of X, descending. ``*_error`` bound the rounding error, in spectral
    and Frobenius norm. ``rest`` is the constant that was dropped from the loss; ``diagonal``: whether X is.
    """

    X: Array
    Y: Array
    basis: Array | None
    rest: float
    rank: int
    cut: float
    values: Array
    values_error: float
    target: Array
    target_error: float
    diagonal: bool


def reduce_data(
    pairs: Sequence[tuple[Array, Array]], rotate: bool, precision: type
) -> list[Problem]:
    """The reduced problem of each X (N x n), Y (N x m), its doubles rounded to ``precision``.

    All X have one shape, and all Y; a problem does not depend on what it is reduced with. Singular
    values up to max(N, n) * 2^-52 * sigma_max count as zero. Without ``rotate``, a square
    invertible X is taken as it is.
    """
    inputs, targets = (np.stack(parts) for parts in zip(*pairs, strict=True))
    square = not rotate and inputs.shape[1] == inputs.shape[2]
    values, right, rotated = _decomposed(inputs, targets)
    cuts = max(inputs.shape[1:]) * 2 * UNIT * values[:, 0]
    ranks = (values > cuts[:, None]).sum(axis=1)
    if not ranks.all():
        raise UsageError("The data matrix X is zero: there is nothing to learn from it.")
    found: dict[int, Problem] = {}
    for rank in set(ranks.tolist()):
        rows = np.flatnonzero(ranks == rank).tolist()
        if square and rank == inputs.shape[1]:
            alike = [_solved(*pairs[row], None, 0.0, float(cuts[row]), precision) for row in rows]
        else:
            factors = values[rows, :rank], right[rows, :rank], rotated[rows]
            alike = _reduced(*factors, cuts[rows], precision)
        found.update(zip(rows, alike, strict=True))
    return [found[row] for row in range(len(pairs))]


def _decomposed(inputs: Array, targets: Array) -> tuple[Array, Array, Array]:
    """The singular values of X, V', and Y in an orthonormal basis that begins with U, of each.

    Y keeps its norm; it may lose rows that are zero.
    """
    samples, features = inputs.shape[1:]
    if samples <= features:
        left, values, right = np.linalg.svd(inputs, full_matrices=False)
        return values, right, left.swapaxes(1, 2) @ targets
    # the triangle of [X, Y] holds Q'Y: no Q is formed, and the SVD is that of a square matrix
    triangles = np.asarray(np.linalg.qr(np.concatenate([inputs, targets], axis=2), mode="r"))
    seen, unseen = np.split(triangles[:, :, features:], [features], axis=1)
    left, values, right = np.linalg.svd(triangles[:, :features, :features])
    return values, right, np.concatenate([left.swapaxes(1, 2) @ seen, unseen], axis=1)


def _reduced(
    values: Array, right: Array, rotated: Array, cuts: Array, precision: type
) -> list[Problem]:
    """From singular values (B, r), V' (B, r, n) and U'Y, whose rows beyond r are beyond reach."""
    rank = values.shape[1]
    bases = np.ascontiguousarray(right.swapaxes(1, 2))
    # summed over one axis: a sum must not depend on the other problems
    beyond = rotated[:, rank:].reshape(len(values), -1)
    rests, lowest = (np.sum(beyond**2, axis=1) / 2).tolist(), cuts.tolist()
    targets = rotated[:, :rank]
    diagonals, Y = (part.astype(precision).astype(np.float64) for part in (values, targets))
    if diagonals.all():
        return _divided(diagonals, Y, list(bases), rests, lowest)
    # what single precision takes for zero is not divided by
    whole = zip(map(np.diag, values), targets, bases, rests, lowest, strict=True)
    return [_solved(*one, precision) for one in whole]


def identity_problem(target: Array, precision: type) -> Problem:
    """The problem of a loss of W - W* itself: X is the identity, Y = W*."""
    return _solved(np.eye(len(target)), target, None, 0.0, 0.0, precision)


def _solved(
    X: Array, Y: Array, basis: Array | None, rest: float, cut: float, precision: type
) -> Problem:
    X, Y = (np.ascontiguousarray(part.astype(precision), np.float64) for part in (X, Y))
    rank = len(X)
    diagonal = np.diagonal(X)
    plain = np.array_equal(X, np.diag(diagonal))
    if plain and (diagonal > 0).all():
        return _divided(diagonal[None], Y[None], [basis], [rest], [cut])[0]
    values = np.asarray(np.linalg.svd(X, compute_uv=False), dtype=np.float64)
    values_error = 8 * UNIT * rank * float(values[0])
    target = np.asarray(np.linalg.solve(X, Y), dtype=np.float64)
    left_over = np.linalg.norm(Y - X @ target) + 2 * UNIT * (rank + 2) * (
        np.linalg.norm(X) * np.linalg.norm(target) + np.linalg.norm(Y)
    )
    smallest = values[-1] - values_error
    target_error = float(left_over / smallest) if smallest > 0 else float("inf")
    found = values, values_error, target, 1.01 * target_error
    return Problem(X, Y, basis, rest, rank, cut, *found, plain)


def _divided(
    diagonals: Array,
    Y: Array,
    bases: Sequence[Array | None],
    rests: Sequence[float],
    cuts: Sequence[float],
) -> list[Problem]:
    """The problems of diagonal X, their entries (B, r) positive; Y (B, r, m)."""
    count, rank = diagonals.shape
    targets = Y / diagonals[:, :, None]
    norms = np.sqrt(np.sum(targets.reshape(count, -1) ** 2, axis=1))
    # divided by one is exact
    errors = 1.01 * np.where((diagonals == 1).all(axis=1), 0.0, UNIT * norms)
    X = diagonals[:, :, None] * np.eye(rank)
    values = np.sort(diagonals, axis=1)[:, ::-1]
    return [
        Problem(
            X[row], Y[row], bases[row], rests[row], rank, cuts[row],
            values[row], 0.0, targets[row], float(errors[row]), True,
        )
        for row in range(count)
    ]  # fmt: skip


def reduce_width(layers: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
    """Weights (r x h), (h x m), of one shape all, on the hidden directions that ever matter.

    These are at most r + m; a pair does not depend on what it is reduced with.
    """
    (inputs, width), outputs = layers[0][0].shape, layers[0][1].shape[1]
    if width <= inputs + outputs:
        return [(np.ascontiguousarray(one), np.ascontiguousarray(two)) for one, two in layers]
    both = np.empty((len(layers), inputs + outputs, width))
    for place, (first, second) in zip(both, layers, strict=True):
        place[:inputs], place[inputs:] = first, second.T
    triangles = np.linalg.qr(both.swapaxes(1, 2), mode="r")
    return [
        (np.ascontiguousarray(one[:, :inputs].T), np.ascontiguousarray(one[:, inputs:]))
        for one in np.asarray(triangles)
    ]
