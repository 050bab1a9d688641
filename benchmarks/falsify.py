"""The falsification scoreboard: which false claims are refuted, and which true neighbours are not.

    python benchmarks/falsify.py [--seeds 5] [--only o03 ...] [--jobs 2] [--out boundcheck-falsify]

Each pair of falsification/ is searched with each seed, in a process of its own, all its claims with
equal budgets and within a minute. Finished searches are kept in the output folder, so that a killed
run continues; changing a pair or the harness makes them anew. Writes falsification.csv (one row a
claim and seed) there and prints one line a pair. Exit code 0: every false claim was refuted and no
true one was; 1 otherwise; 2 for bad input; 130 when interrupted.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from statistics import median
from typing import Any

from harness.errors import UsageError
from harness.reporting.console import progress_bar
from harness.storing.store import Store, sources

Record = dict[str, Any]
Found = dict[tuple[str, int], list[Record]]

HERE = Path(__file__).parent
BUDGET, SECONDS = 4000, 52.0
"""Evaluations a claim, and seconds that the claims of a pair share; starting takes a few more."""
GRACE = 120.0
"""Seconds after which a search that ought to have ended is ended."""

MARKS = {
    "o01": ("M", ""), "o02": ("M/H", ""), "o03": ("M", ""), "o04": ("E", ""), "o05": ("E", ""),
    "o06": ("E", ""), "o07": ("E", ""), "o08": ("E", ""), "o09": ("E", ""), "o10": ("E", ""),
    "o11": ("E", ""), "o12": ("E", ""), "o13": ("M", ""), "o14": ("E", ""),
    "o15": ("Z", "structured space"), "o16": ("Z", "structured space"),
    "o17": ("Z", "structured space"), "o18": ("M/H", ""), "o19": ("E", ""), "o20": ("E", ""),
    "o21": ("M", ""), "o22": ("E", ""),
}  # fmt: skip
"""How rare violations are among random configurations, as measured (E: 5 % and more, M: 0.1 to 5 %,
H: less, Z: measure zero), and where the space says more than the claim does."""
EASY = ("E", "")
"""The mark of the small exact pairs o23a to o23f, and of a pair that is not listed."""

COLUMNS = (
    "pair", "difficulty", "seed", "theorem", "claim", "false", "violated", "broken", "tried", "met",
    "method", "evaluations", "elapsed", "complexity", "configuration", "certified", "seconds",
    "failure",
)  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    """Search, write the table, print the scoreboard."""
    options = _parser().parse_args(words)
    try:
        pairs = _pairs(options)
        with Store(options.out) as store, progress_bar(quiet=False) as progress:
            found: Found = {}
            total = len(pairs) * options.seeds
            for (path, seed), records in _searched(pairs, options, store):
                found[path.stem, seed] = records
                _write(options.out / "falsification.csv", found)
                if progress is not None:
                    progress(len(found), total, f"{path.stem}, seed {seed}")
    except UsageError as error:
        print(f"falsify.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("falsify.py: interrupted; what was finished is kept.", file=sys.stderr)
        return 130
    print("\n".join(scoreboard(found)))
    return 0 if all(_refuted(one) and _quiet(one) for one in found.values()) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Search false claims and their true neighbours.")
    parser.add_argument("--seeds", type=int, default=5, help="seeds 0, 1, ... of every pair")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="names may be cut off")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=int, default=BUDGET, help="evaluations a claim")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for all claims of a pair")
    parser.add_argument("--out", type=Path, default=Path("boundcheck-falsify"))
    parser.add_argument("--pairs", type=Path, default=HERE / "falsification", help="folder of pairs")
    return parser


def _pairs(options: argparse.Namespace) -> list[Path]:
    for name in ("seeds", "jobs", "budget", "seconds"):
        if not getattr(options, name) > 0:
            raise UsageError(f"--{name} {getattr(options, name)}: must be positive.")
    pairs = sorted(options.pairs.glob("*.py"))
    for name in options.only:
        if not any(path.stem.startswith(name) for path in pairs):
            raise UsageError(f"--only {name}: no pair of that name in {options.pairs}.")
    chosen = [p for p in pairs if not options.only or p.stem.startswith(tuple(options.only))]
    if not chosen:
        raise UsageError(f"--pairs {options.pairs}: no Python file there.")
    return chosen


def _searched(
    pairs: Sequence[Path], options: argparse.Namespace, store: Store
) -> Iterator[tuple[tuple[Path, int], list[Record]]]:
    """The records of every pair and seed as they are finished, those kept in the store first."""
    missing: list[tuple[Path, int, str]] = []
    for path in pairs:
        for seed in range(options.seeds):
            key = _key(path, seed, options)
            kept = store.recall(key)
            if kept is None:
                missing.append((path, seed, key))
            else:
                yield (path, seed), kept
    with ThreadPoolExecutor(options.jobs) as pool:
        running: dict[Future[list[Record]], tuple[Path, int, str]] = {
            pool.submit(_search, path, seed, options): (path, seed, key)
            for path, seed, key in missing
        }
        try:
            for done in as_completed(running):
                path, seed, key = running[done]
                records = done.result()
                if not any("failure" in one for one in records):
                    store.keep(key, records)
                yield (path, seed), records
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _key(path: Path, seed: int, options: argparse.Namespace) -> str:
    """A hash of all that the records depend on."""
    parts = (sources(str(path)), str(seed), str(options.budget), str(options.seconds))
    own = (HERE / "falsify_pair.py").read_bytes()
    return hashlib.sha256("\0".join(parts).encode() + own).hexdigest()[:32]


def _search(path: Path, seed: int, options: argparse.Namespace) -> list[Record]:
    """The records of one pair and seed, from another process; one that says why there are none."""
    command = [sys.executable, str(HERE / "falsify_pair.py"), str(path), "--seed", str(seed)]
    limits = ["--budget", str(options.budget), "--seconds", str(options.seconds)]
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    try:
        done = subprocess.run(
            [*command, *limits],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **single},
            timeout=options.seconds + GRACE,
        )
    except subprocess.TimeoutExpired:
        return [{"failure": f"did not end within {options.seconds + GRACE:g} s"}]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return [{"failure": f"exit code {done.returncode}: {last}"}]
    records: list[Record] = json.loads(done.stdout)
    return records


def _write(path: Path, found: Found) -> None:
    """The table, replaced in one step."""
    beside = path.with_suffix(".partial")
    with beside.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        for (pair, seed), records in sorted(found.items()):
            for one in records:
                table.writerow({"pair": pair, "difficulty": _mark(pair)[0], "seed": seed, **one})
    beside.replace(path)


def _mark(pair: str) -> tuple[str, str]:
    return MARKS.get(pair.partition("_")[0], EASY)


def _false(records: Sequence[Record]) -> list[Record]:
    return [one for one in records if one.get("false")]


def _refuted(records: Sequence[Record]) -> bool:
    """Every false claim was found to be so."""
    false = _false(records)
    return bool(false) and all(one["violated"] for one in false)


def _quiet(records: Sequence[Record]) -> bool:
    """No true claim was called violated or broken, and each was put to the test."""
    true = [one for one in records if one.get("false") is False]
    return bool(true) and not any(
        one["violated"] or one["broken"] or not one["met"] for one in true
    )


def _certain(records: Sequence[Record]) -> bool:
    """Each false claim was refuted by a certificate, or at a p-value where it is about chance."""
    return _refuted(records) and all(one["certified"] for one in _false(records))


HEAD = (
    f"{'pair':34}{'':5}{'found':>6}{'evaluations':>12}{'seconds':>8}{'certain':>8}{'quiet':>6}  "
    "simplest configuration"
)


def scoreboard(found: Mapping[tuple[str, int], list[Record]]) -> list[str]:
    """One line a pair, the totals, and what went wrong."""
    lines, wrong = [HEAD], []
    for pair in sorted({name for name, _ in found}):
        runs = [records for (name, _), records in sorted(found.items()) if name == pair]
        lines.append(_line(pair, runs))
    for (pair, seed), records in sorted(found.items()):
        wrong += [f"{pair}, seed {seed}: {told}" for told in _complaints(records)]
    return [*lines, *_totals(list(found.values())), *wrong]


def _line(pair: str, runs: Sequence[list[Record]]) -> str:
    mark, note = _mark(pair)
    firsts = [one for records in runs if _refuted(records) for one in _false(records)]
    evaluations = f"{median(one['evaluations'] for one in firsts):.0f}" if firsts else "-"
    seconds = f"{median(one['elapsed'] for one in firsts):.1f}" if firsts else "-"
    best = min(firsts, key=lambda one: float(one["complexity"]), default=None)
    shown = "-" if best is None else f"{best['configuration']}  {best['certified']}".rstrip()
    if firsts and all(one["method"] == "declared witness" for one in firsts):
        note = "declared witness"
    counts = [sum(test(one) for one in runs) for test in (_refuted, _certain, _quiet)]
    found, certain, quiet = (f"{count}/{len(runs)}" for count in counts)
    return (
        f"{pair:34}{mark:5}{found:>6}{evaluations:>12}{seconds:>8}{certain:>8}{quiet:>6}  {shown}"
        + (f"  ({note})" if note else "")
    )


def _totals(runs: Sequence[list[Record]]) -> list[str]:
    found, certain, quiet = (
        sum(test(one) for one in runs) for test in (_refuted, _certain, _quiet)
    )
    times = [
        max(one["elapsed"] for one in _false(records)) for records in runs if _certain(records)
    ]
    middle = f"{median(times):.2f} s" if times else "-"
    longest = max((sum(one.get("seconds", 0.0) for one in r) for r in runs), default=0.0)
    return [
        f"found {found}/{len(runs)}, certain {certain}/{len(runs)}, quiet {quiet}/{len(runs)}; "
        f"median time to the first violation of those that are certain: {middle}; "
        f"longest pair: {longest:.0f} s"
    ]


def _complaints(records: Sequence[Record]) -> Iterator[str]:
    for one in records:
        if "failure" in one:
            yield f"no result: {one['failure']}"
            continue
        name = f"{one['theorem']} {one['claim']}"
        if one["false"] and not one["violated"]:
            yield f"{name} is false and was not refuted ({one['tried']} configurations)"
        if not one["false"] and one["violated"]:
            yield f"{name} is true and was called violated at {one['configuration']}"
        if one["broken"]:
            yield f"{name} broke on {one['broken']} configurations"
        if not one["false"] and not one["met"]:
            yield f"{name} was never put to the test ({one['tried']} configurations)"


if __name__ == "__main__":
    raise SystemExit(main())
