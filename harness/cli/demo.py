"""``boundcheck demo``: a statement as printed and as corrected, from training to an exact script."""

from __future__ import annotations

import argparse
import importlib
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

from rich.table import Table

from harness.cli.checking import output_folder
from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.options import DEFAULT_SEED, Options
from harness.report import Report
from harness.reporting.console import progress_bar, said
from harness.reporting.gaps import gap_table
from harness.reporting.table import sentence
from harness.searching.bracket import Bracket
from harness.searching.stress import stress
from harness.searching.tighten import tighten
from harness.session import check
from harness.storing.table import reproduce, write_atomically
from harness.vocabulary.demo import Demo
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.verdict import Verdict

BUDGET = 150
"""Evaluations of each search."""


def run(options: argparse.Namespace) -> int:
    """Show it; 0 when the printed statement breaks, and the corrected one does not, as promised."""
    experiment, demo = chosen(options.name)
    out = output_folder(options.out or f"boundcheck-results/demo-{options.name}")
    began = time.perf_counter()
    print(f"{demo.title}\n\n{demo.opening}\n", flush=True)
    with progress_bar(quiet=options.quiet) as progress:
        report = check(
            *(ref for pair in demo.pairs for ref in pair),
            options=Options(experiment=experiment.id, fixed=demo.fixed, out=out),
            progress=progress,
        )
        said(_verdicts(demo, report), sys.stdout)
        simplest = _searched(demo, experiment, progress is not None)
        confirmed = simplest is not None and _handed(demo, simplest, out)
        brackets = _tightened(demo, experiment, progress is not None)
    print(_gaps(brackets))
    command = ["boundcheck", "demo", options.name]
    write_atomically(out / "gap.md", gap_table(brackets, command))
    print(f"\n{demo.remark}\n{time.perf_counter() - began:.0f} s; files in {out}")
    return 0 if confirmed and as_promised(demo, report) else 1


def chosen(name: str) -> tuple[Experiment, Demo]:
    """The demonstration of that name, and its experiment; UsageError when there is none."""
    known = {key: (one, where) for one in finder.experiments() for key, where in one.demos.items()}
    if name not in known:
        raise UsageError(f"there is no demo “{name}”; there is {', '.join(known) or 'none'}.")
    experiment, where = known[name]
    module, _, record = where.partition(":")
    return experiment, cast(Demo, getattr(importlib.import_module(module), record))


def as_promised(demo: Demo, report: Report) -> bool:
    """Every printed statement was violated and certified so, no corrected one in any claim."""
    violated = {
        f"{row.theorem}@{row.version}" for row in report.violations if row.finding.certified
    }
    any_way = {f"{row.theorem}@{row.version}" for row in report.violations}
    broken = any(row.finding.verdict is Verdict.BROKEN for row in report.rows)
    held = {
        f"{row.theorem}@{row.version}" for row in report.rows if row.finding.verdict is Verdict.HELD
    }
    return not broken and all(
        printed in violated and corrected in held - any_way for printed, corrected in demo.pairs
    )


def _verdicts(demo: Demo, report: Report) -> Table:
    """A line a claim: the verdict as printed and as corrected, side by side."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("theorem", "claim", "as printed", "corrected", "tightest"):
        table.add_column(name)
    found = {(f"{one.theorem}@{one.version}", one.claim): one for one in report.summaries()}
    for printed, corrected in demo.pairs:
        for (ref, claim), one in found.items():
            if ref == corrected:
                name = f"{one.theorem} {printed.rpartition('@')[2]}/{one.version}"
                sides = (sentence(found[printed, claim]), sentence(one))
                table.add_row(name, claim, *sides, f"{one.tightest_ratio:.4g}")
    return table


def _told(what: str, shown: bool) -> None:
    """Progress of the searches, which have no bar of their own here."""
    if shown:
        print(what, file=sys.stderr, flush=True)


def _searched(demo: Demo, experiment: Experiment, shown: bool) -> Row | None:
    """The simplest violating point of the printed claim, and the line that reports it."""
    printed, _ = demo.pairs[0]
    _told(f"searching for the simplest violation of {printed} {demo.claim}", shown)
    theorem = finder.theorem(printed)
    found = stress(
        theorem, demo.claim, experiment,
        seed=DEFAULT_SEED, budget=BUDGET, fixed=demo.fixed,
    )  # fmt: skip
    row = found.simplest
    if row is None:
        print(f"\n{printed} {demo.claim}: no violation found in {found.tried} configurations")
        return None
    value, bound = row.finding.value, row.finding.bound
    certified = ", certified" if row.finding.certified else ""
    print(
        f"\nsimplest violation of {printed} {demo.claim}, shrunk from {len(found.violated)}: "
        f"{row.quantity} = {value:.10g} against {row.sense} {bound:.10g} "
        f"at step {row.finding.step or 0}{certified}\n  {reproduce(row)}\n"
    )
    return row


def _handed(demo: Demo, row: Row, out: Path) -> bool:
    """Write the exact script, print it, run it alone; whether it confirms the violation."""
    path = out / f"{row.theorem}@{row.version}-{row.claim}.exact.py"
    text = demo.script(json.loads(row.configuration))
    write_atomically(path, text)
    print(f"{path}:\n")
    print("\n".join(f"    {line}" for line in text.splitlines()))
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, timeout=60)
    fate = "violation confirmed" if done.returncode == 0 else "not confirmed"
    print(f"\nits exit code is {done.returncode}: {fate} in exact fractions\n", flush=True)
    return done.returncode == 0


def _tightened(demo: Demo, experiment: Experiment, shown: bool) -> list[Bracket]:
    """The brackets of the claim, as printed and as corrected."""
    found = []
    for ref in demo.pairs[0]:
        _told(f"tightening {ref} {demo.claim}", shown)
        theorem = finder.theorem(ref)
        found.append(tighten(theorem, demo.claim, experiment, seed=DEFAULT_SEED, budget=BUDGET))
    return found


def _gaps(brackets: list[Bracket]) -> str:
    lines = [f"{'claim':40s} {'printed':8s} {'needed':10s} {'gap':8s} evidence"]
    for one in brackets:
        name = f"{one.theorem.ref} {one.claim.id}"
        if math.isnan(one.needed):
            lines.append(f"{name:40s} nothing found")
            continue
        evidence = "certified" if one.certified else "margin"
        needed = f"< {1 / one.needed:.4g}"
        lines.append(f"{name:40s} {'1':8s} {needed:10s} {one.gap:<8.4g} {evidence}")
    legend = (
        "needed: with this factor on the guarantee a configuration violates the claim, so the best\n"
        "factor lies below; gap: needed over printed, 1 is attained, less than 1 false as printed"
    )
    return "\n".join([*lines, legend])
