"""A violation as a JSON record: all that is needed to read it, and to run it again."""

from __future__ import annotations

import json
import platform
from typing import Any

from harness.judging.row import Row
from harness.storing.manifest import installed_version
from harness.storing.table import reproduce

SCHEMA = "boundcheck-violation-1"
LIBRARIES = ("boundcheck", "numpy", "torch", "sympy")


def as_record(row: Row) -> str:
    """The record as text, the same byte for byte whenever the same row is recorded."""
    found, configuration = row.finding, json.loads(row.configuration)
    ref = f"{row.theorem}@{row.version}"
    record = {
        "schema": SCHEMA,
        "theorem": ref,
        "selector": f"{row.path}::{ref}" if row.path else ref,
        "reading": row.reading,
        "claim": row.claim,
        "experiment": row.experiment,
        "configuration": configuration,
        "seed": configuration.get("seed"),
        "replicates": row.samples_planned,
        "engine": row.engine,
        "verdict": str(found.verdict),
        "expected": str(row.expected),
        "certified": found.certified,
        "quantity": row.quantity,
        "sense": row.sense,
        "step": found.step,
        "value": _number(found.value),
        "bound": _number(found.bound),
        "fingerprint": row.fingerprint,
        "reproduce": reproduce(row),
        "versions": {
            "python": platform.python_version(),
            **{name: installed_version(name) for name in LIBRARIES},
        },
    }
    lines = (f" {json.dumps(name)}: {_json(one)}" for name, one in record.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _number(value: float) -> dict[str, Any]:
    """A double twice: to be read, and bit for bit."""
    return {"repr": repr(float(value)), "hex": float(value).hex()}
