"""The compiled engine beside what the machine can do at all, and its cost over the width.

    python benchmarks/limits.py [--quick] [--configurations 4096] [--steps 1000] [--json FILE]

Two threads: the cells of engines.py, equal numbers of configurations in each, the loss and its
rounding bounds at every step, against the seconds that the floating point operations of the reduced
problem (6 r h k + 4 r k a step) would take at the rate of a matrix product measured in the same run
in two threads. "steps" leaves out the preparation (drawing, decompositions) and the bounds;
"group by group" leaves out nothing, a group's work in two threads, its data drawn for it alone;
"side by side" leaves out nothing either, the data of all groups prepared in two threads and then
two groups run beside each other; "shared data": the same where the widths of a shape have their
data in common, as in a sweep over widths.
Width: the cost beyond drawing the weights and their QR, against that at width d + k.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from parts import Row, compared, parser, seconds, shown
from threadpoolctl import threadpool_limits

from experiments.threads import mapped
from experiments.two_layer import setup
from experiments.two_layer.engine import Initial, TwoLayerLinear
from experiments.two_layer.fast import recorded
from experiments.two_layer_linear import two_layer_linear
from harness.running.protocol import ConstantSteps

SHAPES = ((50, 10, 1), (100, 20, 5), (200, 50, 10))
WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024)
NARROW = (50, 10, 1)
"""The shape whose width grows to a million: its weights fit a small memory."""

LOSS = frozenset({"loss"})
Group = tuple[list[dict[str, Any]], Any]
"""Configurations that run together, and the step size of each."""

wall = partial(seconds, clock=time.perf_counter)
"""Two threads run beside each other."""


def main(words: Sequence[str] | None = None) -> int:
    """Print the rows, and write them where ``--json`` says."""
    chosen = parser("The engine beside the machine's limit.", "fewer configurations and steps")
    chosen.add_argument("--configurations", type=int)
    chosen.add_argument("--steps", type=int)
    options = chosen.parse_args(words)
    if (options.steps or 1) < 1 or (options.configurations or 24) < 24:
        print(
            "limits.py: --steps must be at least 1, --configurations at least 24.", file=sys.stderr
        )
        return 2
    found = rows(options.quick, options.configurations, options.steps)
    head = f"{'cell':<34}{'ours':>10}{'theirs':>10} {'unit':<30}{'ratio':>6}"
    return shown(found, _line, head, options.json)


def _line(row: Row) -> str:
    return (
        f"{row['cell']:<34}{row['ours']:>10.4g}{row['theirs']:>10.4g} {row['unit']:<30}"
        f"{row['ratio']:>6.2f} goal {row['goal']:.2f}  {row['baseline']}"
    )


def rows(quick: bool, configurations: int | None = None, steps: int | None = None) -> list[Row]:
    """Two threads against the roofline, then the widths; every goal is a least ratio."""
    steps = steps or (200 if quick else 1000)
    configurations = configurations or (384 if quick else 4096)
    return [*_roofline(configurations, steps), *_widths(10**5 if quick else 10**6, steps)]


def _roofline(configurations: int, steps: int) -> list[Row]:
    cells = [(*shape, width) for shape in SHAPES for width in WIDTHS]
    batch = configurations // len(cells)
    own = [_members(cell, batch, batch * place) for place, cell in enumerate(cells)]
    shared = [_members(cell, batch) for cell in cells]
    ways: dict[str, Callable[[], object]] = {
        "group by group": partial(_one_by_one, own, steps),
        "side by side": partial(_side_by_side, own, steps),
        "side by side, shared data": partial(_side_by_side, shared, steps),
    }
    flops, spent, rates = 0.0, {"steps": 0.0}, [_rate()]
    with threadpool_limits(limits=1):
        for cell, (members, sizes) in zip(cells, own, strict=True):
            _run(*_members(cell, 2), 2, 2)  # compiling belongs to no cell
            state: Initial = TwoLayerLinear().initial(members, LOSS).state
            steps_only = partial(recorded, state.snapshot, state.usable, sizes, steps, 2)
            spent["steps"] += wall(steps_only)
            _, inputs, outputs, width = cell
            reduced = min(width, inputs + outputs)
            flops += batch * steps * (6 * inputs * reduced * outputs + 4 * inputs * outputs)
        for name, way in ways.items():
            setup.forget()
            spent[name] = wall(way)
            rates.append(_rate())
    limit = flops / float(np.median(rates))
    return [
        compared(
            f"{batch * len(cells)}, {name}", [(taken, limit)],
            f"matrix product, {np.median(rates) / 1e9:.0f} GF/s", "seconds", 0.5,
        )
        for name, taken in spent.items()
    ]  # fmt: skip


def _one_by_one(groups: Sequence[Group], steps: int) -> None:
    for members, sizes in groups:
        _run(members, sizes, steps, 2)


def _side_by_side(groups: Sequence[Group], steps: int) -> None:
    TwoLayerLinear(lanes=2).prepare([one for members, _ in groups for one in members])
    # the largest first, so that both threads end together
    mapped(lambda group: _taken(*group, steps, 1), groups[::-1], 2)


def _widths(most: int, steps: int) -> list[Row]:
    least = NARROW[1] + NARROW[2]
    widths = [least, *(10**power for power in range(2, len(str(most))))]
    costs = []
    with threadpool_limits(limits=1):
        for width in widths:
            members, sizes = _members((*NARROW, width), 8)
            engine = TwoLayerLinear(lanes=1)
            start = engine.initial(members, LOSS)
            rule = ConstantSteps(sizes)
            reducing = min(wall(partial(_reduced, members)) for _ in range(5))
            run = partial(engine.run, start, rule, steps, LOSS)
            running = min(wall(run) for _ in range(5))
            costs.append(1e6 * (reducing + running) / (len(members) * steps))
    return [
        compared(
            f"width {width}", [(cost, costs[0])], f"width {least}",
            "us per configuration and step", 1 / 1.5,
        )
        for width, cost in zip(widths[1:], costs[1:], strict=True)
    ]  # fmt: skip


def _members(cell: tuple[int, ...], batch: int, seed: int = 0) -> Group:
    samples, features, outputs, width = cell
    axes = {
        "data": "gaussian", "samples": samples, "features": features, "outputs": outputs,
        "noise": 1.0, "init": "gaussian", "width": width, "scale": 0.1 if width < 2000 else 0.01,
    }  # fmt: skip
    whole = two_layer_linear.complete(axes)
    members = [{**whole, "seed": one} for one in range(seed, seed + batch)]
    return members, np.full(batch, 0.05 / (samples * (1 + 0.01 * min(width, 2000))))


def _run(members: list[dict[str, Any]], sizes: Any, steps: int, threads: int) -> None:
    TwoLayerLinear(lanes=threads).prepare(members)
    _taken(members, sizes, steps, threads)


def _taken(members: list[dict[str, Any]], sizes: Any, steps: int, threads: int) -> None:
    engine = TwoLayerLinear(lanes=threads)
    engine.run(engine.initial(members, LOSS), ConstantSteps(sizes), steps, LOSS)


def _reduced(members: list[dict[str, Any]]) -> None:
    setup.forget()
    for one in members:
        setup.problem(one)


def _rate(size: int = 1024, times: int = 3) -> float:
    """Operations a second of a square matrix product in two threads, float64; the best of a few."""
    matrix = np.random.default_rng(0).standard_normal((size, size))
    with threadpool_limits(limits=2):
        best = min(wall(partial(np.matmul, matrix, matrix)) for _ in range(times))
    return 2 * size**3 / best


if __name__ == "__main__":
    raise SystemExit(main())
