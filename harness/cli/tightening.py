"""``boundcheck tighten``: printed constants beside those that are certainly needed."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator
from typing import Any

from harness.cli.checking import output_folder
from harness.cli.stressing import chosen_pairs, limits, watching
from harness.options import DEFAULT_SEED
from harness.reporting.console import progress_bar
from harness.searching.tighten import DEFAULT_BUDGET, Bracket, tighten
from harness.storing.table import as_text, reproduce, write_atomically

COLUMNS = (
    "theorem", "version", "claim", "printed", "needed", "gap", "alive_share", "evaluations",
    "config", "reproduce", "experiment", "constant", "certified", "value", "sense", "bound",
)  # fmt: skip
"""Columns of gap.csv, in order."""


def run(options: argparse.Namespace) -> int:
    """Tighten, print a line a claim, write gap.csv; 3 where nothing could be said of a claim."""
    pairs, lookup = chosen_pairs(options)
    usable = [pair for pair in pairs if pair[1].sense != "==" or options.claim]
    out = output_folder(options.out)
    budget, seconds = limits(options)
    found = []
    with progress_bar(quiet=options.quiet) as progress:
        for theorem, claim, experiment in usable:
            bracket = tighten(
                theorem,
                claim.id,
                experiment,
                lookup,
                constant=options.constant,
                seed=DEFAULT_SEED if options.seed is None else options.seed,
                budget=DEFAULT_BUDGET if budget is None else budget,
                seconds=seconds,
                watch=watching(progress, f"{theorem.ref} {claim.id}"),
            )
            found.append(bracket)
            if not options.quiet:
                print("\n".join(_story(bracket)), flush=True)
    write_atomically(out / "gap.csv", as_text(_records(found), COLUMNS))
    return 0 if found and all(one.needed > 0 for one in found) else 3


def _story(one: Bracket) -> list[str]:
    name = f"{one.theorem.ref} {one.claim.id} on {one.experiment.id}"
    what = one.constant or "guarantee"
    if one.example is None or one.row is None:
        return [f"{name}: nothing is known of its {what} ({one.tried} configurations)"]
    how = f", certified {one.example.finding.certified}" if one.example.finding.certified else ""
    alive = "" if math.isnan(one.alive) else f"; alive on {one.alive:.0%} of the space"
    against = f"{one.row.finding.value!r} against {one.row.sense} {one.row.finding.bound!r}"
    return [
        f"{name}: printed: {what} x 1; certainly needed: x {one.needed:.6g} "
        f"(gap {one.gap:.4g}{how}; {one.tried} configurations{alive})",
        f"  as printed there: {one.row.quantity} = {against}",
        f"    {reproduce(one.row)}",
    ]


def _records(brackets: Iterable[Bracket]) -> Iterator[dict[str, Any]]:
    for one in brackets:
        row = one.row
        yield {
            "theorem": one.theorem.id,
            "version": one.theorem.version,
            "claim": one.claim.id,
            "printed": 1.0,
            "needed": one.needed,
            "gap": one.gap,
            "alive_share": one.alive,
            "evaluations": one.tried,
            "config": row.configuration if row else None,
            "reproduce": reproduce(row) if row else None,
            "experiment": one.experiment.id,
            "constant": one.constant,
            "certified": one.example.finding.certified if one.example else None,
            "value": row.finding.value if row else None,
            "sense": row.sense if row else None,
            "bound": row.finding.bound if row else None,
        }
