"""controls.csv, and the closing table of ``boundcheck controls``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table

from harness.controls.worth import Outcome, Worth
from harness.judging.row import SCHEMA
from harness.reporting.violations import point

COLUMNS = (
    "schema", "theorem", "version", "claim", "control", "kind", "change", "outcome", "rows",
    "refuted", "figure", "config", "step", "value", "bound", "certified",
)  # fmt: skip
"""Columns of controls.csv, in order; figure is the factor of a scaled mutant, or a size."""


def records(worths: Iterable[Worth], slips: Iterable[Outcome] = ()) -> Iterator[dict[str, Any]]:
    """One a control, two a claim for how often the theorem spoke, one a slip of transcription."""
    for worth in worths:
        name = {
            "schema": SCHEMA,
            "theorem": worth.theorem,
            "version": worth.version,
            "claim": worth.claim,
        }
        for one in worth.outcomes:
            yield {**name, **_record(one)}
        shares = {"hypotheses met": worth.met, "vacuous": worth.vacuous}
        for what, share in shares.items():
            yield {
                **name, "control": "coverage", "kind": "share", "change": what,
                "outcome": f"{share:.1%} of rows", "figure": share,
            }  # fmt: skip
        if worth.largest_width is not None:
            yield {
                **name, "control": "coverage", "kind": "width", "change": "largest width",
                "outcome": f"alive up to width {worth.largest_width}",
                "figure": float(worth.largest_width),
            }  # fmt: skip

    for one in slips:
        name = {"schema": SCHEMA, "theorem": one.theorem, "version": one.version}
        yield {**name, **_record(one)}


def _record(one: Outcome) -> dict[str, Any]:
    row = one.example
    found = row.finding if row is not None else None
    return {
        "control": one.control,
        "kind": one.kind,
        "change": one.change,
        "outcome": one.outcome,
        "rows": one.rows,
        "refuted": one.refuted,
        "figure": one.figure,
        "config": row.configuration if row is not None else None,
        "step": found.step if found is not None else None,
        "value": found.value if found is not None else None,
        "bound": found.bound if found is not None else None,
        "certified": found.certified if found is not None else None,
    }


def worth_table(worths: Sequence[Worth]) -> Table:
    """One line a claim: mutants caught, smallest sharpening caught, how often it spoke."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("theorem", "claim"):
        table.add_column(name)
    for name in ("mutants", "score", "sharpening", "met", "vacuous", "width"):
        table.add_column(name, justify="right")
    previous = None
    for one in worths:
        ref = f"{one.theorem}@{one.version}"
        table.add_row(
            ref if ref != previous else "",
            one.claim,
            one.score or "none",
            f"{one.caught / len(one.mutants):.0%}" if one.mutants else "",
            "" if math.isnan(one.sharpening) else f"{one.sharpening:.3g}",
            f"{one.met:.0%}",
            f"{one.vacuous:.0%}",
            "" if one.largest_width is None else str(one.largest_width),
        )
        previous = ref
    return table


def remarks(worths: Sequence[Worth], slips: Sequence[Outcome] = ()) -> list[str]:
    """Which hypotheses are needed, what did not behave as declared, and what the columns mean."""
    lines = [
        "",
        "mutants: sharper or altered bounds that the same rows refute, of those that ask for more on "
        "some row; sharpening: the smallest factor on the guarantee that was refuted; width: the "
        "largest at which the claim was put to the test.",
    ]
    needed: dict[tuple[str, str], list[Outcome]] = {}
    for worth in worths:
        for one in worth.outcomes:
            if one.control == "hypothesis":
                ref = f"{one.theorem}@{one.version}"
                needed.setdefault((ref, one.change), []).append(one)
    for (ref, hypothesis), outcomes in needed.items():
        shown = [one for one in outcomes if one.example is not None]
        tried = max(one.rows for one in outcomes)
        anyway = all(one.outcome.startswith("the claim fails") for one in outcomes)
        if shown and shown[0].example is not None:
            claims = ", ".join(one.claim for one in shown)
            lines.append(f"{ref} without “{hypothesis}”: needed ({claims})")
            lines += point("without it", shown[0].example)[:1]
        elif anyway:
            lines.append(f"{ref} without “{hypothesis}”: the claims fail with it, too")
        elif tried:
            lines.append(f"{ref} without “{hypothesis}”: no violation found in {tried}")
        else:
            lines.append(f"{ref} without “{hypothesis}”: never failed alone, so nothing is known")
    for worth in worths:
        lines += [
            f"control failed to fail: {one.theorem}@{one.version} {one.claim}, {one.change}: "
            f"{one.outcome}"
            for one in worth.failed
        ]
    lines += [f"{one.kind}: {one.theorem}@{one.version}: {one.outcome}" for one in slips]
    return lines
