"""``boundcheck compare``: what theorems guarantee on the same configurations, side by side."""

from __future__ import annotations

import argparse
import sys

from harness.cli.checking import at_least, output_folder, pinned
from harness.comparing.session import compare
from harness.comparing.table import COLUMNS, records, standing, tables
from harness.errors import UsageError
from harness.options import DEFAULT_SEED
from harness.reporting.console import said
from harness.storing.table import as_text, write_atomically

SILENT = 3
"""Exit code where no theorem speaks of any configuration."""


def run(options: argparse.Namespace) -> int:
    """Compare, print a table a pair, write compare.csv."""
    if not 0 < options.epsilon < 1:
        raise UsageError(f"--epsilon {options.epsilon:g}: must lie strictly between 0 and 1.")
    count = None if options.budget is None else at_least("--budget", options.budget, 1)
    found = compare(
        options.selectors,
        experiment=options.experiment,
        profile=options.profile,
        count=count,
        seed=DEFAULT_SEED if options.seed is None else at_least("--seed", options.seed, 0),
        fixed=pinned(options.settings),
        epsilon=options.epsilon,
    )
    out = output_folder(options.out)
    write_atomically(out / "compare.csv", as_text(records(found), COLUMNS))
    if not options.quiet:
        print(f"{len(found.configurations)} configurations of {found.experiment.id}")
        print("\n".join(standing(found)))
        for heading, table in tables(found):
            print(f"\n{heading}")
            said(table, sys.stdout)
        print(
            "\nwhere both have the figure: on how many of them the first's is larger, and the median "
            "of first over second.\nprogress: 1 - rate, at the best of each theorem's own steps and "
            f"free constants; common step: the smallest limit.\nrows in {out / 'compare.csv'}"
        )
    spoken = any(found.speaking(index) for index in range(len(found.theorems)))
    return 0 if spoken else SILENT
