"""Rows a second written to the store, read back, and made into a CSV, beside csv.writer.

    python benchmarks/store.py [--quick] [--json FILE]
"""

from __future__ import annotations

import csv
import math
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from parts import Row as Cell
from parts import compared, parser, shown

from harness import check
from harness.judging.row import Finding, Row
from harness.report import Report
from harness.storing.store import Store
from harness.storing.table import COLUMNS, as_text, record, write_atomically

BLOCK = 10_000
FEW = ("theorem", "version", "claim", "experiment", "verdict", "step", "value", "bound", "ratio",
       "margin", "fingerprint", "config")  # fmt: skip
ROUNDS = 5


def sample(count: int) -> list[list[Row]]:
    """Blocks as a sweep makes them: configuration by configuration, all claims of one theorem.

    Every seed, fingerprint, margin and ratio differs.
    """
    rng = random.Random(0)
    blocks = []
    for theorem in ("xu23_drift@1", "xu23_thm31_spectral@2"):
        found = sorted(check(theorem).rows, key=lambda row: row.configuration)
        passes = BLOCK // len(found)
        for _ in range(count // 2 // BLOCK):
            blocks.append([one for _ in range(passes) for one in _unlike(found, rng)])
    return blocks


def _unlike(rows: list[Row], rng: random.Random) -> Iterator[Row]:
    seed = str(rng.getrandbits(32))
    fresh = {
        text: text.replace('"seed":', f'"seed":{seed}')
        for text in {row.configuration for row in rows}
    }
    for row in rows:
        yield row._replace(
            configuration=fresh[row.configuration],
            fingerprint=f"{rng.getrandbits(64):016x}",
            finding=row.finding._replace(margin=rng.random(), ratio=rng.random()),
        )


def rows(quick: bool) -> list[Cell]:
    """Medians over interleaved rounds; the baseline writes the same columns with csv.writer."""
    made = sample(20_000 if quick else 100_000)
    short = [few(block) for block in made]
    return [*_compared(made, COLUMNS, quick), *_compared(short, FEW, quick)]


def few(made: list[Row]) -> list[Row]:
    """The same with all fields but those of twelve columns at their defaults, as a prototype had."""
    kept = ("verdict", "step", "value", "bound", "ratio", "margin")
    return [
        row._replace(finding=Finding(**{name: getattr(row.finding, name) for name in kept}),
            notes="", quantity="", kind="", sense="", reading="", step_size=math.nan,
        )
        for row in made
    ]  # fmt: skip


def _compared(
    blocks: list[list[Row]], columns: Sequence[str], quick: bool
) -> list[dict[str, Any]]:
    made = [row for block in blocks for row in block]
    records = [{name: one[name] for name in columns} for one in (record(row, "draw") for row in made)]
    seconds: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[..., object], *given: object) -> None:
        cpu, waited = busy(lambda: act(*given))
        seconds.setdefault(name, []).append(cpu + waited)
        seconds.setdefault(f"{name}, disk not waited for", []).append(cpu)

    for _ in range(2 if quick else ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            timed("csv.writer", plain, folder / "plain.csv", records)
            timed("store", put, folder, blocks)
            timed("read back", got, folder, len(blocks))
            timed("CSV", written, folder / "ours.csv", records, columns)
            timed("CSV from rows", Report(tuple(made), frozenset(), {}).write, folder)
    found = []
    goals = {"store": 400_000.0, "store, disk not waited for": None, "read back": None, "CSV": None,
             "CSV from rows": None}  # fmt: skip
    for cell, goal in goals.items():
        pairs = zip(seconds[cell], seconds["csv.writer"], strict=True)
        found.append(compared(
            f"{cell}, {len(columns)} columns",
            [(len(made) / ours, len(made) / theirs) for ours, theirs in pairs],
            "csv.writer", "rows/s", goal, rates=True,
        ))
    return found


def busy(act: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds, and the wait for the disk: other load on the processors is not counted."""
    waited, sync = [], os.fsync

    def waiting(file: int) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        sync(file)
        waited.append(time.perf_counter() - wall - (time.process_time() - cpu))

    started = time.process_time()
    with mock.patch.object(os, "fsync", waiting):
        act()
    return time.process_time() - started, sum(waited)


def plain(path: Path, records: list[dict[str, Any]]) -> None:
    """The baseline: nothing checked, nothing synced."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(records[0])
        writer.writerows(one.values() for one in records)


def written(path: Path, records: list[dict[str, Any]], columns: Sequence[str]) -> None:
    write_atomically(path, as_text(records, columns))


def put(folder: Path, blocks: list[list[Row]]) -> None:
    with Store(folder) as store:
        for index, block in enumerate(blocks):
            store.put(str(index), block)


def got(folder: Path, count: int) -> None:
    with Store(folder) as store:
        for index in range(count):
            assert store.get(str(index))


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser("Time the store and the CSV.", "fewer rows and rounds").parse_args(words)
    head = f"{'cell':32} {'rows/s':>12} {'':8} {'ratio':>8}"
    return shown(rows(options.quick), _line, head, options.json)


def _line(row: Cell) -> str:
    return (
        f"{row['cell']:32} {row['ours']:12.0f} {row['unit']:8} {row['ratio']:8.2f}x "
        f"{row['baseline']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
