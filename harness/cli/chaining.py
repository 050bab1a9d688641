"""``boundcheck chain``: the inequalities of a proof one by one, and the first false one."""

from __future__ import annotations

import argparse
import sys

from harness.cli.checking import at_least, configuration, output_folder
from harness.discovery import finder
from harness.options import DEFAULT_SEED, Options
from harness.report import worst_code
from harness.reporting.console import progress_bar, said
from harness.reporting.links import COLUMNS, chain_table, closing, header, records
from harness.session import lookup_among
from harness.storing.table import as_text, write_atomically
from harness.transcription.chain import check_chain, of_links


def run(options: argparse.Namespace) -> int:
    """Judge the links of every theorem chosen that has some, print them, write chain.csv."""
    chosen, own = finder.select([options.id])
    theorems = [one for one in chosen if one.chain]
    if not theorems:
        of_links(chosen[0])
    for theorem in theorems:
        of_links(theorem)
    how = Options(
        profile=options.profile,
        seed=DEFAULT_SEED if options.seed is None else at_least("--seed", options.seed, 0),
        jobs=at_least("--jobs", options.jobs, 1),
        experiment=options.experiment,
        configuration=None if options.config is None else configuration(options.config),
    )
    out = output_folder(options.out)
    lookup = lookup_among(chosen)
    chains = []
    with progress_bar(quiet=options.quiet) as progress:
        for theorem in theorems:
            chains.append(check_chain(theorem, own, how, lookup, progress))
    found = [record for chain in chains for record in records(chain)]
    write_atomically(out / "chain.csv", as_text(found, COLUMNS))
    for chain in () if options.quiet else chains:
        print(header(chain.summaries[0][1], chain.theorem.title))
        said(chain_table(chain), sys.stdout)
        print("\n".join([*closing(chain), ""]))
    code = worst_code(chain.code for chain in chains)
    if not options.quiet:
        print(f"{len(found)} links in {out / 'chain.csv'}; exit code {code}")
    return code
