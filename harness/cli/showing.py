"""``boundcheck show``: one statement, for a person, for TeX, for a bibliography, for a machine."""

from __future__ import annotations

import argparse
import json

from harness.discovery import finder
from harness.reporting.statement import as_bibtex, as_latex, as_record, as_text


def run(options: argparse.Namespace) -> int:
    """Print the theorem in the form asked for; an id without a version means all its versions."""
    theorems, _ = finder.select([options.id])
    if options.json:
        print(json.dumps([as_record(one) for one in theorems], indent=1))
    elif options.bibtex:
        print("\n".join(dict.fromkeys(as_bibtex(one) for one in theorems)))
    elif options.latex:
        print("\n\n".join(as_latex(one) for one in theorems))
    else:
        print("\n\n".join(as_text(one) for one in theorems))
    return 0
