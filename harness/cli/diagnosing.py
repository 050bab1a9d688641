"""``boundcheck doctor``: versions, threads, and anything in the way."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness.discovery.finder import installed

LIBRARIES = (
    "boundcheck", "torch", "numpy", "scipy", "sympy", "python-flint", "hypothesis", "pytest",
    "scikit-learn",
)  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print what is installed; 1 when something would keep a check from running."""
    trouble = [*_missing(), *_shadowed(), *_unreadable()]
    print(f"python {sys.version.split()[0]} on {platform.system()} {platform.machine()}")
    for name in LIBRARIES:
        print(f"{name} {_version(name) or 'missing'}")
    print(f"processors {os.cpu_count()}, one BLAS thread a process")
    print(f"theorems {len(installed().theorems)}, experiments {len(installed().experiments)}")
    for line in trouble:
        print(f"trouble: {line}")
    if not trouble:
        print("nothing in the way")
    return 1 if trouble else 0


def _missing() -> list[str]:
    return [f"{name} is not installed" for name in LIBRARIES if _version(name) is None]


def _shadowed() -> list[str]:
    """Our three package names are common words; a folder of the user's may stand before them."""
    home = Path(__file__).resolve().parents[2]
    found = []
    for name in ("theorems", "experiments"):
        spec = importlib.util.find_spec(name)
        places = (
            [Path(one).resolve() for one in (spec.submodule_search_locations or [])] if spec else []
        )
        if home / name not in places:
            where = places[0] if places else "nothing"
            found.append(
                f"“{name}” is {where}, not the one of this installation: run the `boundcheck` "
                "script or `python -P -m harness`, or rename the folder"
            )
    return found


def _unreadable() -> list[str]:
    return [f"{one.module}: {one.reason}" for one in installed().broken]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
