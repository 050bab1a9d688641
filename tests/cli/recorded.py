"""Gradient descent on k/2 w^2 as a recorded run: everything about it is known in closed form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Rows = list[dict[str, Any]]


def quadratic(steps: int = 5, eta: float = 0.3, k: float = 1.1, taken: float | None = None) -> Rows:
    """Rows of L = k w^2/2 with |grad| = k w and smoothness k, from w = 1.7.

    ``taken`` is the step the loop really takes where it differs from the one recorded. One step
    multiplies the loss by (1 - k taken)^2; the descent lemma promises 1 - k eta.
    """
    w, rows = 1.7, []
    for t in range(steps + 1):
        rows.append(
            {"t": t, "eta": eta, "loss": k * w * w / 2, "grad_norm": abs(k * w), "smoothness": k}
        )
        w -= (eta if taken is None else taken) * k * w
    return rows


def text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """The CSV file of the rows, floats as Python writes them."""
    rows = list(rows)
    buffer = io.StringIO()
    names = list(columns or rows[0])
    writer = csv.DictWriter(buffer, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
