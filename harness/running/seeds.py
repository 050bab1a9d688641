"""Seeds of replicates: fixed by the campaign, out of reach of any search.

A claim about chance is run under seeds that follow from the seed of the campaign (the ``seed`` of
its configuration), the statement, the experiment and a running number. No other coordinate
enters: every configuration of a campaign meets the same dice, so changing one cannot re-roll them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from harness.errors import UsageError

_INDEX_BITS = 20
MAX_REPLICATES_A_ROW = 2**_INDEX_BITS
"""Replicates that one row can tell apart."""


def derived(seed: int, *parts: object) -> int:
    """A seed of its own for a named part of a campaign: 63 bits, so that any library takes it."""
    return _hashed(63, seed, *parts)


def replicates(
    configuration: Mapping[str, Any], count: int, start: int, *label: str
) -> list[dict[str, Any]]:
    """The configuration under ``count`` seeds, the running number from ``start`` on.

    The number is part of the seed as it is, so no two replicates of a row share one. ``label``
    names statement and experiment. Raises UsageError beyond a million replicates.
    """
    if start + count > MAX_REPLICATES_A_ROW:
        raise UsageError(f"{start + count} replicates: one row has at most {MAX_REPLICATES_A_ROW}.")
    root = _hashed(63 - _INDEX_BITS, configuration.get("seed", 0), *label) << _INDEX_BITS
    return [{**configuration, "seed": root | index} for index in range(start, start + count)]


def _hashed(bits: int, *parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> (64 - bits)
