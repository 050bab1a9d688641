"""Perceptrons under gradient descent: our engines, and what one would write instead.

    python benchmarks/mlp.py [--quick] [--json FILE]

100 samples, 20 inputs, 5 outputs, float64, one thread, CPU seconds, the loss recorded at every step:
ReLU with one hidden layer, tanh with three. "default" is numpy as a check runs it, preparation
included, with the gradients' norm left out; "fast" the compiled kernel (ReLU only; compiling, 0.3 s a
number of outputs, left out), which records the gradient's norm as well. Baselines: torch.nn.Linear
with autograd and torch.optim.SGD; numpy with the gradient by hand, both a configuration at a time;
torch.bmm with the gradient by hand; torch.func vmap(grad_and_value). Baselines that work on batches
get sizes 1, 8 and 32 (where there are as many configurations) and count by their fastest. Timed in turn, round by round; a ratio is the
median of the rounds' ratios. ``difference``: of our losses to the naive loop's, relative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from parts import Row, compared, one_thread, parser, seconds, shown
from torch.func import grad_and_value, vmap

from experiments.mlp.engine import Perceptrons
from experiments.mlp.setup import Problem, problem
from experiments.multilayer import mlp
from harness.running.protocol import ConstantSteps

CELLS = (
    ("relu", 2, 10), ("relu", 2, 16), ("relu", 2, 64), ("relu", 2, 256), ("relu", 2, 1024),
    ("relu", 2, 10_000), ("tanh", 4, 16), ("tanh", 4, 64), ("tanh", 4, 256),
)
SHAPE = (100, 20, 5)
SIZE = 1e-3
OURS = 3
"""Our runs are longer than the baselines' by this factor, as they include the preparation."""
LOSS = frozenset({"training_loss"})
GOALS: dict[tuple[str, str, int], float] = {
    ("fast", "relu", 16): 40.0, ("fast", "relu", 64): 15.0, ("fast", "relu", 1024): 4.0,
}
"""Against the naive loop. Against every other baseline: no slower."""

Array = NDArray[np.float64]
Losses = Array
Problems = Sequence[Problem]


def rows(quick: bool) -> list[Row]:
    """One row an engine, cell and baseline; microseconds per configuration and step."""
    found = []
    with one_thread():
        for cell in CELLS[:: 4 if quick else 1]:
            found += _cell(*cell, 1 if quick else 3, 4 if quick else 1)
    return found


def _cell(activation: str, depth: int, width: int, rounds: int, less: int) -> list[Row]:
    work = (depth - 1) ** 2 * width
    count = 32 if work <= 600 else 4
    steps = max(5, min(60, 12_800 // work) // less)
    axes: dict[str, Any] = dict(zip(("samples", "features", "outputs"), SHAPE, strict=True))
    axes |= {"activation": activation, "depth": depth, "width": width, "noise": 1.0}
    members = [{**mlp.complete(axes), "seed": seed} for seed in range(count)]
    problems = [problem(one) for one in members]
    few = problems[:2]

    def ours(lanes: int) -> Callable[[], Losses]:
        def call() -> Losses:
            engine = Perceptrons(lanes=lanes)
            sizes = ConstantSteps(np.full(count, SIZE))
            run = engine.run(engine.initial(members, LOSS), sizes, OURS * steps, LOSS)
            return run.measured["training_loss"].value

        return call

    # name: call, configurations
    calls: dict[str, tuple[Callable[[], Losses], int]] = {"default": (ours(0), count)}
    if activation == "relu" and depth == 2 and find_spec("llvmlite"):
        calls["fast"] = ours(1), count
    calls["naive loop"] = (lambda: _each(few, steps, _naive)), len(few)
    calls["numpy loop"] = (lambda: _each(few, steps, _by_hand)), len(few)
    for size in (1, 8, 32):
        if size <= count:
            part = problems[:size]
            calls[f"torch.bmm {size}"] = partial(_bmm, part, steps), size
            calls[f"torch.func {size}"] = partial(_vmapped, part, steps), size
    losses = {name: call() for name, (call, _) in calls.items()}
    times = [
        {
            name: 1e6 * seconds(call)
            / (number * steps * (OURS if name in ("default", "fast") else 1))
            for name, (call, number) in calls.items()
        }
        for _ in range(rounds)
    ]
    for one in times:
        for name in ("torch.bmm", "torch.func"):
            one[name] = min(value for key, value in one.items() if key.startswith(f"{name} "))
    found = []
    for engine in ("default", "fast"):
        if engine not in calls:
            continue
        reference = losses["naive loop"]
        apart = np.abs(losses[engine][: len(few), : steps + 1] / reference - 1).max()
        for baseline in ("naive loop", "numpy loop", "torch.bmm", "torch.func"):
            goal = GOALS.get((engine, activation, width)) if baseline == "naive loop" else 1.0
            found.append(compared(
                f"{engine}, {activation} depth {depth} width {width}",
                [(one[engine], one[baseline]) for one in times],
                baseline,
                "us per configuration and step",
                goal,
                difference=float(apart),
            ))
    return found


def _each(
    problems: Problems, steps: int, loop: Callable[[Problem, int], list[float]]
) -> Losses:
    return np.array([loop(one, steps) for one in problems])


def _naive(given: Problem, steps: int) -> list[float]:
    """As one writes it by hand; the loss after the last step as well."""
    parts: list[torch.nn.Module] = []
    for W in given.weights:
        layer = torch.nn.Linear(len(W), W.shape[1], bias=False, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W.T))
        parts += [layer, torch.nn.ReLU() if given.activation == "relu" else torch.nn.Tanh()]
    model = torch.nn.Sequential(*parts[:-1])
    X, Y = torch.from_numpy(given.X), torch.from_numpy(given.Y)
    optimizer, losses = torch.optim.SGD(model.parameters(), lr=SIZE), []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        loss = ((model(X) - Y) ** 2).sum() / 2
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


def _by_hand(given: Problem, steps: int) -> list[float]:
    weights, losses = [W.copy() for W in given.weights], []
    relu = given.activation == "relu"
    for _ in range(steps + 1):
        through = [given.X]
        for W in weights[:-1]:
            z = through[-1] @ W
            through.append(np.maximum(z, 0.0, out=z) if relu else np.tanh(z, out=z))
        D = through[-1] @ weights[-1] - given.Y
        losses.append(float(np.vdot(D, D)) / 2)
        for at in range(len(weights) - 1, -1, -1):
            slope, H = through[at].T @ D, through[at]
            if at:
                D = D @ weights[at].T
                D *= (H > 0) if relu else 1 - H * H
            weights[at] -= SIZE * slope
    return losses


def _stacked(problems: Problems) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor]:
    layers = zip(*(one.weights for one in problems), strict=True)
    data = (torch.from_numpy(np.stack([getattr(one, n) for one in problems])) for n in "XY")
    X, Y = data
    return [torch.from_numpy(np.stack(parts)) for parts in layers], X, Y


def _bmm(problems: Problems, steps: int) -> Losses:
    weights, X, Y = _stacked(problems)
    relu, losses = problems[0].activation == "relu", []
    for _ in range(steps + 1):
        through = [X]
        for W in weights[:-1]:
            z = torch.bmm(through[-1], W)
            through.append(torch.relu_(z) if relu else torch.tanh_(z))
        D = torch.baddbmm(Y, through[-1], weights[-1], beta=-1)
        losses.append((D * D).sum((1, 2)) / 2)
        for at in range(len(weights) - 1, -1, -1):
            H, W = through[at], weights[at]
            back = torch.bmm(D, W.transpose(1, 2)) if at else D
            weights[at] = torch.baddbmm(W, H.transpose(1, 2), D, alpha=-SIZE)
            if at:
                D = back.mul_(H > 0) if relu else back.mul_(1 - H * H)
    return np.asarray(torch.stack(losses, 1).numpy())


def _vmapped(problems: Problems, steps: int) -> Losses:
    weights, X, Y = _stacked(problems)
    act = torch.relu if problems[0].activation == "relu" else torch.tanh

    def loss(layers: list[torch.Tensor], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        for W in layers[:-1]:
            x = act(x @ W)
        return ((x @ layers[-1] - y) ** 2).sum() / 2

    step, losses = vmap(grad_and_value(loss)), []
    for _ in range(steps + 1):
        slopes, value = step(weights, X, Y)
        losses.append(value)
        weights = [W - SIZE * slope for W, slope in zip(weights, slopes, strict=True)]
    return np.asarray(torch.stack(losses, 1).numpy())


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser(
        "Time the training of perceptrons.", "fewer cells, steps and rounds"
    ).parse_args(words)
    head = f"{'cell':<34}{'against':<14}{'ours us':>9}{'theirs us':>11}{'ratio':>8}{'goal':>6}"
    return shown(rows(options.quick), _line, head, options.json)


def _line(row: Row) -> str:
    goal = f"{row['goal']:g}" if row["goal"] else ""
    return (
        f"{row['cell']:<34}{row['baseline']:<14}{row['ours']:>9.1f}{row['theirs']:>11.1f}"
        f"{row['ratio']:>8.2f}{goal:>6}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
