"""``boundcheck replay``: recorded violations run again, FIXED, STILL or ERROR."""

from __future__ import annotations

import argparse

from harness.cli.checking import at_least
from harness.errors import UsageError
from harness.handing.recorded import read_recorded
from harness.handing.replay import Fate, counted, replay
from harness.reporting.console import progress_bar

STILL, ERROR = 1, 3
"""Exit codes: a violation still stands; else, one that could not be decided."""


def run(options: argparse.Namespace) -> int:
    """Replay, print a line each and their count; 0 when every violation is fixed."""
    jobs = at_least("--jobs", options.jobs, 1)
    recorded = read_recorded(options.paths)
    if options.row is not None:
        row = at_least("--row", options.row, 1)
        if row > len(recorded):
            raise UsageError(f"--row {row}: there are {len(recorded)} recorded violations.")
        recorded = recorded[row - 1 : row]
    with progress_bar(quiet=options.quiet) as progress:
        replayed = replay(recorded, jobs, progress)
    counts = dict(counted(replayed))
    if not options.quiet:
        for one in replayed:
            print(one)
        told = ", ".join(f"{count} {fate}" for fate, count in counts.items())
        print(f"{len(replayed)} recorded violations: {told}")
    if counts[Fate.STILL]:
        return STILL
    return ERROR if counts[Fate.ERROR] else 0
