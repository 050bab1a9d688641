"""Runs the parts of the benchmark, prints one table and writes bench.json.

    python benchmarks/bench.py [--quick] [--jax PYTHON] [--json bench.json]

--quick takes under five minutes on two cores and says little about speed. jax is used by its own
interpreter, so that nothing else here depends on it. A part that fails is a line of its own, and
the exit code is then 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PARTS = (
    "bounds.py", "store.py", "sweep.py", "kernels.py", "modules.py", "engines.py", "limits.py",
    "recording.py", "mlp.py",
)  # fmt: skip
"""Each has ``rows(quick)``: dictionaries with cell, ours, theirs, baseline, unit, ratio and goal."""
WITH_JAX = "engines.py"


def part(name: str, quick: bool, jax: str | None) -> list[dict[str, Any]]:
    """The rows of one part, each saying which."""
    path = Path(__file__).with_name(name)
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.rows(quick, jax=jax) if name == WITH_JAX else module.rows(quick)
    return [{"part": path.stem, **one} for one in found]


def has_jax(python: str | None) -> bool:
    """Whether that interpreter can import jax."""
    try:
        return python is not None and not subprocess.run(
            [python, "-c", "import jax"], capture_output=True, check=False
        ).returncode
    except OSError:
        return False


def _numbers(value: Any) -> Any:
    """The same with null for NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jax", metavar="PYTHON", help="an interpreter that has jax")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    jax = options.jax if has_jax(options.jax) else None
    if jax is None:
        print("jax: no rows beside it; --jax names a Python that has it, such as a venv of its own")
    whole: dict[str, Any] = {
        "machine": platform.machine(), "python": platform.python_version(), "quick": options.quick,
        "jax": jax is not None, "seconds": {}, "failed": {}, "rows": [],
    }  # fmt: skip
    print(f"{'part':10} {'cell':44} {'ours':>12} {'theirs':>12} {'unit':14} {'ratio':>8} {'goal':>8}  beside")
    for name in PARTS:
        started = time.perf_counter()
        try:
            found = part(name, options.quick, jax)
        except Exception as error:
            whole["failed"][name] = f"{type(error).__name__}: {error}"
            print(f"{name} failed: {whole['failed'][name]}", flush=True)
            found = []
        whole["seconds"][name] = round(time.perf_counter() - started, 1)
        whole["rows"] += found
        for one in found:
            print(
                f"{one['part']:10} {one['cell']:44} {one['ours']:12.4g} {one['theirs']:12.4g} "
                f"{one['unit']:14} {one['ratio']:7.2f}x {one['goal'] or '':>8}  {one['baseline']}",
                flush=True,
            )
        # what is done is kept, whatever the next part does
        text = json.dumps(_numbers(whole), indent=1, allow_nan=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    print("seconds:", ", ".join(f"{name} {spent}" for name, spent in whole["seconds"].items()))
    return 1 if whole["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
