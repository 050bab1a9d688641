"""What the parts of the benchmark share: clocks, rows of medians, options, and the table."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

Row = dict[str, Any]


def seconds(
    call: Callable[[], object], least: float = 0.0, clock: Callable[[], float] = time.process_time
) -> float:
    """CPU seconds of one call, repeated until all take ``least`` seconds."""
    repeats = 1
    while True:
        start = clock()
        for _ in range(repeats):
            call()
        taken = clock() - start
        if taken >= least:
            return taken / repeats
        repeats *= 2


def compared(
    cell: str,
    pairs: Iterable[tuple[float, float]],
    baseline: str,
    unit: str,
    goal: float | None,
    rates: bool = False,
    **more: Any,
) -> Row:
    """A row from ours and theirs in each round; medians, and a ratio above 1 where ours is better.

    ``rates``: more is better, otherwise less is.
    """
    ours, theirs = zip(*pairs, strict=True)
    ratios = [one / other if rates else other / one for one, other in zip(ours, theirs, strict=True)]
    return {
        "cell": cell,
        "ours": statistics.median(ours),
        "theirs": statistics.median(theirs),
        "baseline": baseline,
        "unit": unit,
        "ratio": statistics.median(ratios),
        "goal": goal,
        **more,
    }


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch and linear algebra in one thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(threads)


def parser(description: str, less: str = "fewer sizes and rounds") -> argparse.ArgumentParser:
    """With --quick and --json FILE."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--quick", action="store_true", help=less)
    made.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    return made


def shown(found: Sequence[Row], line: Callable[[Row], str], head: str, path: Path | None) -> int:
    """Print the table, write the rows to ``path`` if there is one; the exit code, 0."""
    print(head)
    for row in found:
        print(line(row))
    if path is not None:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0
