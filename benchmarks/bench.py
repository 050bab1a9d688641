"""Runs the parts of the benchmark, prints one table and writes bench.json.

    python benchmarks/bench.py [--quick] [--json bench.json]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
from pathlib import Path
from typing import Any

PARTS = (
    "store.py", "sweep.py", "kernels.py", "modules.py", "engines.py", "limits.py", "recording.py",
    "mlp.py",
)  # fmt: skip
"""Each has ``rows(quick)``: dictionaries with cell, ours, theirs, baseline, unit, ratio and goal."""


def part(name: str, quick: bool) -> list[dict[str, Any]]:
    """The rows of one part, each saying which."""
    path = Path(__file__).with_name(name)
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [{"part": path.stem, **one} for one in module.rows(quick)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    found: list[dict[str, Any]] = []
    print(f"{'part':10} {'cell':44} {'ours':>12} {'theirs':>12} {'unit':14} {'ratio':>8} {'goal':>8}  beside")
    for name in PARTS:
        for one in part(name, options.quick):
            found.append(one)
            print(
                f"{one['part']:10} {one['cell']:44} {one['ours']:12.4g} {one['theirs']:12.4g} "
                f"{one['unit']:14} {one['ratio']:7.2f}x {one['goal'] or '':>8}  {one['baseline']}",
                flush=True,
            )
    machine = {"machine": platform.machine(), "python": platform.python_version()}
    text = json.dumps({**machine, "rows": found}, indent=1)
    options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
