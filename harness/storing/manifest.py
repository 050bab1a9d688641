"""run.json: what was asked for and on what, written before the first run."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.options import Options
from harness.running.configuration import digest
from harness.sampling.registration import Registered
from harness.storing.table import write_atomically

LIBRARIES = (
    "boundcheck", "torch", "numpy", "sympy", "scipy", "hypothesis", "pytest", "python-flint",
    "scikit-learn",
)  # fmt: skip


def write_manifest(
    folder: Path, options: Options, selectors: Sequence[str], plan: Registered
) -> None:
    """Versions, machine, threads, profile, seed, and what is planned: hashes and budget."""
    asked = {
        "selectors": list(selectors),
        "profile": options.profile,
        "seed": options.seed,
        "experiment": options.experiment,
        "fixed": options.fixed,
        "configuration": options.configuration,
        "device": options.device,
        "traces": options.traces,
        "assume": options.assume,
        "trace_error": options.trace_error,
        "ledger": options.ledger,
        "engine": options.engine,
    }
    found: Mapping[str, Any] = {
        "schema": "1",
        **asked,
        "plan": digest(*plan.configurations),
        "configurations": len(plan.configurations),
        "spaces": plan.spaces,
        "budget": plan.budget,
        "versions": {name: installed_version(name) for name in LIBRARIES},
        "python": sys.version.split()[0],
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "jobs": options.jobs,
        "blas_threads": 1,
    }
    write_atomically(folder / "run.json", json.dumps(found, indent=1, default=str) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What ``write_manifest`` wrote there."""
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


def installed_version(name: str) -> str | None:
    """The version of an installed distribution, None where there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
