"""One false claim and its true neighbours, searched with one seed under equal budgets.

    python benchmarks/falsify_pair.py FILE.py [--seed 0] [--budget 4000] [--seconds 50]

Prints one JSON list with one record for each claim of the file. What a claim is declared to be decides
only how its record is read; the search never sees it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.searching.complexity import LARGEST_DENOMINATOR, complexity
from harness.searching.race import WITNESS
from harness.searching.search import Search
from harness.searching.stress import stress
from harness.session import experiments_for, lookup_among
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

Record = dict[str, Any]

CHANCE_SHARE = 20
"""A configuration of a claim about chance is run so many times while exploring, or more."""


def records(path: str, seed: int, budget: int, seconds: float) -> list[Record]:
    """What a search for each claim of the file found; ``seconds`` are shared by the claims."""
    theorems, own = finder.select([path])
    lookup = lookup_among(theorems)
    claims = [(theorem, claim) for theorem in theorems for claim in theorem.claims]
    deadline = time.perf_counter() + seconds
    found = []
    for index, (theorem, claim) in enumerate(claims):
        chance = isinstance(claim.kind, Chance)
        share = (deadline - time.perf_counter()) / (len(claims) - index)
        search = stress(
            theorem,
            claim.id,
            experiments_for(theorem, own, None)[0],
            lookup,
            seed=seed,
            budget=budget // CHANCE_SHARE if chance else budget,
            seconds=max(share, 0.1),
        )
        found.append(record(theorem, claim, search))
    return found


def record(theorem: Theorem, claim: Claim, search: Search) -> Record:
    """The figures of one search.

    ``evaluations`` and ``elapsed`` up to the first confirmed violation, unaided by a declared
    witness where there is one; ``certified`` names how the simplest violating row was, or its
    p-value.
    """
    row = search.simplest if search.confirmation is None else search.confirmation
    violated = row is not None and row.finding.verdict is Verdict.VIOLATED
    unaided = [one for one in search.discoveries if one.method != WITNESS]
    first = next(iter(unaided or search.discoveries), None)
    return {
        "theorem": theorem.id,
        "claim": claim.id,
        "false": claim.expected is Verdict.VIOLATED,
        "violated": violated,
        "broken": len(search.broken),
        "tried": search.tried,
        "met": search.met,
        "method": first.method if first else "",
        "evaluations": first.evaluations if first else search.tried,
        "elapsed": first.seconds if first else search.seconds,
        "seconds": search.seconds,
        **(simplest(row) if violated and row is not None else {}),
    }


def simplest(row: Row) -> Record:
    """How readable the reported configuration is, and how certain its violation."""
    configuration = json.loads(row.configuration)
    finding = row.finding
    chance = f"p={finding.p_value:.1g}" if finding.samples is not None else ""
    return {
        "complexity": complexity(configuration),
        "configuration": readable(configuration),
        "certified": finding.certified or chance,
    }


def readable(value: Any) -> str:
    """A configuration as it would be written by hand, fractions as such."""
    if isinstance(value, Mapping):
        shown = {key: readable(one) for key, one in value.items() if one != {}}
        return ", ".join(f"{key}={one}" for key, one in shown.items())
    if isinstance(value, list | tuple):
        return f"[{', '.join(readable(one) for one in value)}]"
    if isinstance(value, float):
        near = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
        return str(near) if float(near) == value else repr(value)
    return str(value)


def main(words: Sequence[str] | None = None) -> int:
    """Print the records; 2 for bad input."""
    parser = argparse.ArgumentParser(description="Search one pair with one seed.")
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=50.0)
    options = parser.parse_args(words)
    try:
        found = records(options.file, options.seed, options.budget, options.seconds)
    except UsageError as error:
        print(f"falsify_pair.py: {error}", file=sys.stderr)
        return 2
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
