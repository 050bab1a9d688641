"""Training torch modules: configurations together, one by one, and as one writes it by hand.

    python benchmarks/modules.py [--quick] [--json FILE]

Full-batch gradient descent in float64 of tanh networks (100 samples, 8 inputs), 32 configurations of
equal shape, loss, gradient norm and movement recorded at every step, preparation included. Baselines:
the plain loop (torch.optim.SGD, the same three numbers recorded), and our own loop. Timed in turn,
round by round, CPU seconds, one thread; a ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from parts import Row, compared, parser, seconds, shown
from threadpoolctl import threadpool_limits

from harness import integers, module_experiment
from harness.running.engines import engine_of

SIZES = ((1, 8), (1, 64), (1, 256), (1, 1024), (3, 16), (3, 64), (3, 128))
"""Hidden layers and width."""
CONFIGURATIONS, SAMPLES, INPUTS, STEP = 32, 100, 8, 1e-4
WANTED = frozenset({"training_loss", "grad_norm", "movement"})


def network(depth: int, width: int) -> torch.nn.Module:
    """A tanh network with one output."""
    layers: list[torch.nn.Module] = []
    for at in range(depth):
        layers += [torch.nn.Linear(width if at else INPUTS, width), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, 1))


def data(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(SAMPLES, INPUTS)), rng.normal(size=(SAMPLES, 1))


def half_squares(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return (outputs - targets).square().sum() / 2


def rows(quick: bool) -> list[Row]:
    """Two rows a size: together and alone against the plain loop, in microseconds a step."""
    steps, rounds = (10, 3) if quick else (20, 3)
    found = []
    with threadpool_limits(limits=1):
        for depth, width in SIZES[: 2 if quick else None]:
            found += _size(depth, width, steps, rounds)
    return found


def _size(depth: int, width: int, steps: int, rounds: int) -> list[Row]:
    def trained(batched: bool) -> Callable[[], object]:
        experiment = module_experiment(
            network, data, half_squares, batched=batched,
            depth=integers(1, 9), width=integers(1, 9999),
        )
        engine = engine_of(experiment)
        axes = {"depth": depth, "width": width}
        given = [{**axes, "seed": seed} for seed in range(CONFIGURATIONS)]
        sizes = np.full(CONFIGURATIONS, STEP)

        def call() -> object:
            return engine.run(engine.initial(given, WANTED), lambda *_: sizes, steps, WANTED)

        return call

    calls: dict[str, Callable[[], object]] = {
        "together": trained(True),
        "one by one": trained(False),
        "plain loop": lambda: [_plain(depth, width, seed, steps) for seed in range(CONFIGURATIONS)],
    }
    for call in calls.values():
        call()
    unit = 1e6 / (steps * CONFIGURATIONS)
    times = [
        {name: unit * seconds(call) for name, call in calls.items()} for _ in range(rounds)
    ]
    weights = sum(one.numel() for one in network(depth, width).parameters())
    return [
        compared(
            f"{name}, {depth} x {width} ({weights} weights)",
            [(one[name], one["plain loop"]) for one in times],
            "plain loop with torch.optim.SGD",
            "us per configuration and step",
            None,
        )
        for name in ("together", "one by one")
    ]


def _plain(depth: int, width: int, seed: int, steps: int) -> list[tuple[float, float, float]]:
    """As one writes it by hand."""
    # layers draw from torch's own generator, which is put back
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        module = network(depth, width).double()
    X, y = (torch.from_numpy(one) for one in data(np.random.default_rng(seed)))
    optimizer = torch.optim.SGD(module.parameters(), lr=STEP)
    start = [one.detach().clone() for one in module.parameters()]
    record = []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        loss = half_squares(module(X), y)
        loss.backward()  # type: ignore[no-untyped-call]
        pairs = list(zip(module.parameters(), start, strict=True))
        slope = sum(float(one.grad.square().sum()) for one, _ in pairs if one.grad is not None)
        moved = sum(float((one.detach() - then).square().sum()) for one, then in pairs)
        record.append((loss.item(), slope**0.5, moved**0.5))
        optimizer.step()
    return record


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser(
        "Time the training of torch modules.", "fewer sizes, steps and rounds"
    ).parse_args(words)
    head = f"{'cell':<36}{'us a step':>10}{'plain loop':>12}{'ratio':>8}"
    return shown(rows(options.quick), _line, head, options.json)


def _line(row: Row) -> str:
    return f"{row['cell']:<36}{row['ours']:>10.1f}{row['theirs']:>12.1f}{row['ratio']:>8.2f}"


if __name__ == "__main__":
    sys.exit(main())
