"""Faults of the kind that slip into a training loop, a reduction or a measurement."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from experiments.two_layer import quantities, recorder, reduction, setup
from experiments.two_layer.losses import LogCosh, Squared
from experiments.two_layer.norms import column, norm, transposed
from experiments.two_layer.quantities import QUANTITIES, Reading
from experiments.two_layer.recorder import Recorder
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.starting import RUN_QUANTITIES
from tests.quality.records import Fault, Plant

ADVANCED = Snapshot.advanced


def patched(owner: Any, name: str, replacement: Any) -> Plant:
    return lambda patch: patch.setattr(owner, name, replacement)


def measured(name: str, value: Any) -> Plant:
    """Another number in the place of a measured quantity, with the same rounding bounds."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        honest = QUANTITIES[name]

        def wrong(state: Snapshot) -> Reading:
            return dataclasses.replace(honest(state), value=value(state))

        patch.setitem(QUANTITIES, name, wrong)

    return plant


def stepped(change: Any) -> Plant:
    """Another step of gradient descent: ``change(state, steps)`` gives the new weights."""
    return patched(Snapshot, "advanced", change)


def reduced(change: Any) -> Plant:
    """Another reduction of the data, which nothing may remember."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        honest = reduction.reduce_data

        def wrong(pairs: Any, *words: Any) -> list[Any]:
            problems = zip(honest(pairs, *words), pairs, strict=True)
            return [change(one, *pair, *words) for one, pair in problems]

        patch.setattr(setup, "_recent", setup._Recent())
        patch.setattr(setup, "reduce_data", wrong)

    return plant


def sequential(state: Snapshot, steps: Any) -> Any:
    first = state.W1 - column(steps, state.W1) * state.A
    return first, state.W2 - column(steps, state.W2) * Snapshot(state.batch, first, state.W2).B


def momentum(patch: pytest.MonkeyPatch) -> None:
    last: dict[str, Any] = {}

    def advanced(state: Snapshot, steps: Any) -> Any:
        plain = ADVANCED(state, steps)
        goes_on = last.get("W1") is state.W1
        push = last["push"] if goes_on else (0.0, 0.0)
        new = tuple(one + 0.9 * more for one, more in zip(plain, push, strict=True))
        last.update(W1=new[0], push=(new[0] - state.W1, new[1] - state.W2))
        return new

    patch.setattr(Snapshot, "advanced", advanced)


def decayed(state: Snapshot, steps: Any) -> Any:
    return tuple(part * (1 - 1e-3 * column(steps, part)) for part in ADVANCED(state, steps))


def second_untransposed(state: Snapshot, steps: Any) -> Any:
    change = state.G @ transposed(_squared_only(state.W2))
    return state.W1 - column(steps, state.W1) * change, ADVANCED(state, steps)[1]


def first_untransposed(state: Snapshot, steps: Any) -> Any:
    change = transposed(_squared_only(state.W1)) @ state.G
    return ADVANCED(state, steps)[0], state.W2 - column(steps, state.W2) * change


def single(state: Snapshot, steps: Any) -> Any:
    return tuple(part.astype(np.float32).astype(float) for part in ADVANCED(state, steps))


def only_one_sample(self: Squared, X: Any, E: Any) -> Any:
    return -(transposed(X[:, :1]) @ E[:, :1])


def unrotated_targets(problem: Any, inputs: Any, targets: Any, *words: Any) -> Any:
    rank = problem.rank
    return reduction._solved(
        problem.X, targets[:rank], problem.basis, problem.rest, problem.cut, np.float64
    )


def cut_not_rotated(layers: Any) -> Any:
    needed = [first.shape[0] + second.shape[1] for first, second in layers]
    return [
        (first[:, :most].copy(), second[:most].copy())
        for (first, second), most in zip(layers, needed, strict=True)
    ]


def negated_imbalance(patch: pytest.MonkeyPatch) -> None:
    honest = Snapshot.__dict__["imbalance"].func

    def imbalance(state: Snapshot) -> Any:
        values, error = honest(state)
        return -values[:, ::-1], error

    patch.setattr(Snapshot, "imbalance", property(imbalance))


def late(patch: pytest.MonkeyPatch) -> None:
    honest = Recorder.state

    def state(self: Recorder, t: int, found: Any, alive: Any) -> None:
        before = (
            self.__dict__.setdefault("before", found["tau_min"]) if "tau_min" in found else None
        )
        self.__dict__["before"] = found.get("tau_min")
        honest(self, t, {**found, "tau_min": before} if before else found, alive)

    patch.setattr(Recorder, "state", state)


def increment_with(sign: float, power: int) -> Any:
    honest = recorder.increment

    def increment(state: Snapshot, steps: Any) -> Any:
        found = honest(state, steps)
        first, second = transposed(state.A) @ state.A, state.B @ transposed(state.B)
        matrix = column(steps**power, first) * (first + sign * second)
        reading = dataclasses.replace(found.norm, value=norm(matrix))
        return dataclasses.replace(found, matrix=matrix, norm=reading)

    return increment


def without_bounds(patch: pytest.MonkeyPatch) -> None:
    for name, honest in list(QUANTITIES.items()):

        def sure(state: Snapshot, honest: Any = honest) -> Reading:
            found = honest(state)
            return Reading(found.value, np.zeros_like(found.error), np.zeros_like)

        patch.setitem(QUANTITIES, name, sure)


def swapped_constants(patch: pytest.MonkeyPatch) -> None:
    K, mu = RUN_QUANTITIES["K"], RUN_QUANTITIES["mu"]
    patch.setitem(RUN_QUANTITIES, "K", mu)
    patch.setitem(RUN_QUANTITIES, "mu", K)


def one_seed(patch: pytest.MonkeyPatch) -> None:
    honest = setup.generator
    patch.setattr(setup, "generator", lambda one, *words: honest({**one, "seed": 0}, *words))


SQUARE: dict[str, Any] = {"features": 2, "outputs": 2, "width": 2, "init": "gaussian"}


def _squared_only(matrices: Any) -> Any:
    return transposed(matrices) if matrices.shape[1] == matrices.shape[2] else matrices


TRAINING = (
    Fault(
        "half-of-the-loss", "the 1/2 is lost in the loss", "oracle",
        plant=patched(Squared, "value", lambda self, E: norm(E) ** 2),
    ),
    Fault(
        "mean-loss", "the loss is divided by the number of samples", "oracle",
        plant=patched(Squared, "value", lambda self, E: norm(E) ** 2 / 2 / E.shape[1]),
    ),
    Fault(
        "mean-gradient", "the gradient is divided by the number of samples", "oracle",
        plant=patched(Squared, "gradient", lambda self, X, E: -(transposed(X) @ E) / X.shape[1]),
    ),
    Fault(
        "ascent", "the sign of the gradient", "oracle",
        plant=patched(Squared, "gradient", lambda self, X, E: transposed(X) @ E),
    ),
    Fault(
        "X-untransposed", "X E instead of X' E", "oracle", pins={"data": "given"},
        plant=patched(Squared, "gradient", lambda self, X, E: -(X @ E)),
    ),
    Fault(
        "minibatch", "the gradient of one sample", "oracle",
        plant=patched(Squared, "gradient", only_one_sample),
    ),
    Fault(
        "W2-untransposed", "G W2 instead of G W2'", "oracle",
        plant=stepped(second_untransposed),
    ),
    Fault(
        "W1-untransposed", "W1 G instead of W1' G", "oracle",
        plant=stepped(first_untransposed),
    ),
    Fault(
        "sequential", "the second layer sees the first one already updated", "oracle",
        plant=stepped(sequential),
    ),
    Fault("momentum", "heavy ball with 0.9", "oracle", plant=momentum),
    Fault("weight-decay", "weights decay by a thousandth of the step", "oracle", plant=stepped(decayed)),
    Fault(
        "half-a-step", "the step taken is eta/2", "oracle",
        plant=stepped(lambda state, steps: ADVANCED(state, steps / 2)),
    ),
    Fault("single-precision", "steps rounded to float32 unasked", "oracle", plant=stepped(single)),
    Fault(
        "logcosh-gap", "K log cosh instead of (K - mu) log cosh", "oracle",
        plant=patched(
            LogCosh, "gradient",
            lambda self, X, E: -(E + column(self.gap + 1, E) * np.tanh(E)),
        ),
    ),
    Fault(
        "weights-unrotated", "the weights are not rotated with the inputs", "oracle",
        plant=reduced(lambda problem, *words: dataclasses.replace(problem, basis=None)),
    ),
    Fault(
        "targets-unrotated", "the targets are not rotated with the samples", "oracle",
        plant=reduced(unrotated_targets),
    ),
    Fault(
        "constant-kept", "the least loss is not subtracted", "oracle",
        plant=reduced(lambda problem, *words: dataclasses.replace(problem, rest=problem.rest + 1)),
    ),
    Fault(
        "width-cut", "the hidden layer is cut off instead of rotated", "oracle",
        plant=patched(setup, "reduce_width", cut_not_rotated),
    ),
)  # fmt: skip

MEASURING = (
    Fault(
        "residual-spectral", "the residual in spectral norm", "certificates",
        plant=measured("residual", lambda s: np.linalg.norm(s.E, 2, axis=(1, 2))),
    ),
    Fault(
        "smax-frobenius", "sigma_max(W) in Frobenius norm", "certificates",
        plant=measured("smax_W", lambda s: norm(s.P)),
    ),
    Fault(
        "smin-is-smax", "sigma_min(W) read from the wrong end", "certificates",
        plant=measured("smin_W", lambda s: s.product_values[:, 0]),
    ),
    Fault(
        "tau-unsquared", "singular values instead of their squares", "certificates",
        plant=measured("tau_min", lambda s: np.sqrt(quantities.tau_min(s).value)),
    ),
    Fault(
        "n-for-m", "lambda_m(D) in the place of lambda_n(D)", "certificates",
        plant=lambda patch: patch.setitem(
            QUANTITIES, "lamn_D", lambda s: quantities._eigenvalue(s, s.batch.outputs, 1)
        ),
    ),
    Fault("D-negated", "D = W2 W2' - W1' W1", "certificates", plant=negated_imbalance),
    Fault("one-step-late", "lambda_min(tau) recorded one step late", "certificates", plant=late),
    Fault(
        "drift-sign", "A'A + B B' in the increment of D", "certificates",
        plant=patched(recorder, "increment", increment_with(1.0, 2)),
    ),
    Fault(
        "drift-eta", "eta instead of eta^2 in the increment of D", "certificates",
        plant=patched(recorder, "increment", increment_with(-1.0, 1)),
    ),
    Fault(
        "step-half-certified", "the step taken is eta/2, seen by the exact step", "certificates",
        plant=stepped(lambda state, steps: ADVANCED(state, steps / 2)),
    ),
    Fault("no-rounding", "rounding bounds of zero", "certificates", plant=without_bounds),
    Fault(
        "one-layer", "the gradient of the first layer only", "draws",
        theorem="xu25_thm31_local_descent_pl",
        plant=measured("grad_norm", lambda s: s.a),
    ),
    Fault("K-and-mu", "K and mu swapped where they are measured", "draws", plant=swapped_constants),
    Fault("seed", "every configuration draws from seed 0", "experiment tests", plant=one_seed),
)  # fmt: skip
