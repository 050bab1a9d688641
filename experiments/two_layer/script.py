"""Source text that defines the quantities of one run for a script that needs only mpmath.

Everything is written out from its textbook definition, on the reduced problem that was run: exact
rationals in, plain matrix products, singular values and eigenvalues by mpmath.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from experiments.two_layer.norms import Array
from experiments.two_layer.setup import assembled

MOST_ENTRIES = 64
"""Matrices beyond this are no reading matter."""

STEPS = """\
states = [(W1, W2)]
for step_size in step_sizes:
    W1, W2 = states[-1]
    G = gradient(W1 * W2)
    states.append((W1 - step_size * G * W2.T, W2 - step_size * W1.T * G))

def norm(M):  # Frobenius
    return mp.sqrt(mp.fsum(x * x for x in M))

def sigma(M):  # singular values, largest first
    return sorted(mp.svd_r(M, compute_uv=False), reverse=True)
"""

EIGENVALUE = """\
def eigenvalue(t, k, sign):  # the k-th largest of sign D(t); 0 when there are fewer
    D = states[t][0].T * states[t][0] - states[t][1] * states[t][1].T
    found = sorted([*mp.eigsy(sign * D, eigvals_only=True), *[mp.mpf(0)] * {missing}], reverse=True)
    return found[k - 1] if k <= len(found) else mp.mpf(0)
"""

SQUARED = """\
def gradient(W):  # of the loss 1/2 |Y - X W|_F^2 with respect to W
    return -X.T * (Y - X * W)
"""

LOG_COSH = """\
ratio = number("{ratio}")

def gradient(W):  # of the loss, the sum of r^2/2 + (ratio - 1) log cosh r over r in Y - W
    return -(Y - W).apply(lambda r: r + (ratio - 1) * mp.tanh(r))
"""

RUN = {
    "inputs": "mp.mpf(X.rows)",
    "norm_Y": "norm(Y)",
    "smin_Y": "sigma(Y)[-1]",
    "smin_target": "sigma(mp.inverse(X) * Y)[-1]",
    "smax_target": "sigma(mp.inverse(X) * Y)[0]",
}

PRODUCT = "states[t][0] * states[t][1]"
"""W at step t."""

FIRST_TERM = "[*mp.eigsy(states[t][0] * states[t][0].T, eigvals_only=True)][0]"
SECOND_TERM = "[*mp.eigsy(states[t][1].T * states[t][1], eigvals_only=True)][0]"
"""The two terms of lambda_min(tau) at step t; mpmath sorts eigenvalues upwards."""

STEP = {
    "eta": "step_sizes[t]",
    "residual": f"norm(Y - X * ({PRODUCT}))",
    "distance": f"norm({PRODUCT} - mp.inverse(X) * Y)",
    "product_grad": f"norm(gradient({PRODUCT}))",
    "grad_norm": (
        f"mp.hypot(norm(gradient({PRODUCT}) * states[t][1].T), "
        f"norm(states[t][0].T * gradient({PRODUCT})))"
    ),
    "smax_W1": "sigma(states[t][0])[0]",
    "smax_W2": "sigma(states[t][1])[0]",
    "smin_W": f"sigma({PRODUCT})[-1]",
    "smax_W": f"sigma({PRODUCT})[0]",
    "lamn_W1W1": FIRST_TERM,
    "lamm_W2W2": SECOND_TERM,
    "tau_min": f"{FIRST_TERM} + {SECOND_TERM}",
    "lam1_D": "eigenvalue(t, 1, 1)",
    "lamn_D": "eigenvalue(t, X.rows, 1)",
    "lam1_mD": "eigenvalue(t, 1, -1)",
    "lamm_mD": "eigenvalue(t, Y.cols, -1)",
    "drift": "norm(imbalance(t) - imbalance(0))",
    "drift_step": "norm(imbalance(t + 1) - imbalance(t))",
}

OF_LOSS = {
    "squared": {"loss": f"norm(Y - X * ({PRODUCT})) ** 2 / 2"},
    "logcosh": {
        "loss": (f"mp.fsum(r * r / 2 + (ratio - 1) * mp.log(mp.cosh(r)) for r in Y - {PRODUCT})")
    },
}
"""Quantities that depend on which loss is meant."""

CONSTANTS = {
    "squared": {"K": "sigma(X)[0] ** 2", "mu": "sigma(X)[-1] ** 2"},
    "logcosh": {"K": "ratio", "mu": "mp.mpf(1)"},
}

IMBALANCE = """\
def imbalance(t):
    return states[t][0].T * states[t][0] - states[t][1] * states[t][1].T
"""


def script(
    configuration: Mapping[str, Any], step_sizes: Sequence[float], wanted: frozenset[str]
) -> str | None:
    """The source, or None for large matrices or a quantity that has no definition here."""
    kind = str(configuration["loss"])
    run = RUN | CONSTANTS[kind]
    step = STEP | OF_LOSS[kind]
    batch, W1, W2 = assembled([configuration])
    matrices = {"X": batch.X[0], "Y": batch.Y[0], "W1": W1[0], "W2": W2[0]}
    if wanted - run.keys() - step.keys() or max(m.size for m in matrices.values()) > MOST_ENTRIES:
        return None
    lines = [f"{name} = matrix({_rows(matrix)})" for name, matrix in matrices.items()]
    lines.append(f"step_sizes = {_repeated(step_sizes)}")
    if kind == "squared":
        lines.append(SQUARED)
    else:
        lines.append(LOG_COSH.replace("{ratio}", rational(float(configuration["ratio"]))))
    lines.append(STEPS)
    if any("eigenvalue(" in step.get(name, "") for name in wanted):
        lines.append(EIGENVALUE.replace("{missing}", str(batch.missing)))
    if wanted & {"drift", "drift_step"}:
        lines.append(IMBALANCE)
    lines += [f"{name} = {run[name]}" for name in sorted(wanted & run.keys())]
    for name in sorted(wanted & step.keys()):
        lines.append(f"{name} = cache(lambda t: {step[name]})")
    return "\n".join(lines)


def rational(number: float) -> str:
    """The double itself, as a/b or a whole number."""
    above, below = number.as_integer_ratio()
    return f"{above}/{below}" if below > 1 else str(above)


def _rows(matrix: Array) -> str:
    rows = [[rational(entry) for entry in row] for row in matrix.tolist()]
    return repr(rows).replace("'", '"')


def _repeated(step_sizes: Sequence[float]) -> str:
    """The list of step sizes, equal neighbours written once."""
    runs = [(rational(size), len(list(group))) for size, group in groupby(step_sizes)]
    return " + ".join(f'[number("{text}")] * {count}' for text, count in runs) or "[]"
