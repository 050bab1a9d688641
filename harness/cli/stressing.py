"""``boundcheck stress``: search for violations, claim by claim."""

from __future__ import annotations

import argparse
import math

from harness.cli.checking import output_folder
from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.options import DEFAULT_SEED
from harness.report import Report
from harness.reporting.console import progress_bar
from harness.reporting.counterexamples import write_counterexamples
from harness.reporting.table import scripts_said
from harness.reporting.violations import point
from harness.searching.explore import judged
from harness.searching.search import Search
from harness.searching.stress import DEFAULT_BUDGET, stress
from harness.session import experiments_for, lookup_among
from harness.vocabulary.verdict import Verdict


def run(options: argparse.Namespace) -> int:
    """Search, print the simplest and the worst violating point of each claim, write the rows."""
    theorems, own = finder.select(options.selectors)
    budget = options.budget if options.budget is not None else DEFAULT_BUDGET
    if budget < 1 or (options.seconds is not None and options.seconds <= 0):
        raise UsageError("--budget and --seconds must be positive.")
    pairs = [
        (theorem, claim, experiment)
        for theorem in theorems
        for claim in ([theorem.claim(options.claim)] if options.claim else theorem.claims)
        for experiment in experiments_for(theorem, own, options.experiment)
    ]
    out = output_folder(options.out)
    lookup = lookup_among(theorems)
    searches = []
    with progress_bar(quiet=options.quiet) as progress:
        for index, (theorem, claim, experiment) in enumerate(pairs):
            if progress is not None:
                progress(index, len(pairs), f"{theorem.ref} {claim.id}")
            search = stress(
                theorem,
                claim.id,
                experiment,
                lookup,
                seed=DEFAULT_SEED if options.seed is None else options.seed,
                budget=budget if options.seconds is None else 1_000_000,
                seconds=math.inf if options.seconds is None else options.seconds,
                corrected=False,
            )
            searches.append(search)
            if not options.quiet and search.confirmation is None:
                print("\n".join(_story(search)), flush=True)
    judged(searches)
    if not options.quiet:
        for search in searches:
            if search.confirmation is not None:
                print("\n".join(_confirmed(search, search.confirmation)))
    rows = tuple(row for search in searches for row in search.rows)
    Report(rows, frozenset(), {}).write(out)
    tested = {(theorem.ref, one.id): (theorem, one) for theorem, _, one in pairs}
    scripts = write_counterexamples(out, rows, list(tested.values()), lookup)
    if not options.quiet:
        print("\n".join(scripts_said(scripts)), end="\n" if scripts else "")
    return max((search.code for search in searches), key=(0, 3, 1).index)


def _confirmed(search: Search, row: Row) -> list[str]:
    """The verdict on the frozen configuration, after the correction over all searches."""
    found = row.finding
    name = f"{search.theorem.ref} {search.claim.id} on {search.experiment.id}"
    looked = f"{search.tried} configurations explored, the most suspicious confirmed"
    words = {Verdict.HELD: "not refuted"}
    told = f"{name}: {words.get(found.verdict, found.verdict)} on {found.samples or 0} fresh runs"
    return [f"{told} ({looked}): {found.reason}", *point("confirmed", row)]


def _story(search: Search) -> list[str]:
    name = f"{search.theorem.ref} {search.claim.id} on {search.experiment.id}"
    tried = f"{search.tried} configurations, hypotheses met on {search.met}"
    if search.broken:
        return [f"{name}: broken: {search.broken[0].finding.reason}"]
    if search.simplest is not None and search.worst is not None:
        return [
            f"{name}: violated ({tried})",
            *point("simplest", search.simplest),
            *point("worst", search.worst),
        ]
    if not search.met:
        return [f"{name}: untested ({tried})"]
    closest = search.closest.finding.ratio if search.closest else math.nan
    return [f"{name}: not refuted on {search.met} ({tried}; closest ratio {closest:.6g})"]
