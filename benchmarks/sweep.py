"""What a check costs besides its runs: drawing, planning, judging, storing, writing; first verdicts.

python benchmarks/sweep.py [--quick] [--json FILE]
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial, wraps
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from parts import Row, parser, shown

from harness import Claim, Options, Theorem, check, experiment, integers, reals, session, symbol
from harness.discovery import finder
from harness.report import Report
from harness.running import block, lazily
from harness.running.steps import StepPlan
from harness.sampling.draw import draws
from harness.sampling.plan import PROFILES, Profile, planned
from harness.storing.store import Store
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.space import choice

FLAGSHIP = ("xu23_thm31_spectral@2", "xu23_thm32_linear_rate@2")
FIRST = """
import sys, time
from harness.cli.main import main
import harness.session, harness.running.block as block, experiments.two_layer.engine, scipy.stats
started, rows_of = time.perf_counter(), block.rows_of
def first(*given):
    rows = rows_of(*given)
    print("first", time.perf_counter() - started)
    raise SystemExit
import harness.running.jobs as jobs
jobs.rows_of = first
main(["check", "xu23_thm32_linear_rate@2", "--out", sys.argv[1]])
"""

n = symbol("n", "size", "configuration")
x = symbol("x", "measured", "run")


@experiment(emits=[n, x], n=integers(1, 20), scale=reals(0.1, 2, log=True), law=choice("a", "b"))
def plain(n: int, scale: float, law: str) -> dict[Any, Any]:
    """A function of three axes that does nothing."""
    return {x: n}


STATEMENT = Theorem(title="Nothing", id="nothing", claims=(Claim("c", x <= n),))


def cell(name: str, ours: float, theirs: float, baseline: str, unit: str, goal: Any) -> Row:
    ratio = ours / theirs if theirs else float("nan")
    return {"cell": name, "ours": ours, "theirs": theirs, "baseline": baseline, "unit": unit,
            "ratio": ratio, "goal": goal}  # fmt: skip


def drawing(count: int, rounds: int) -> Iterator[Row]:
    """Beside hypothesis, one example a configuration; CPU seconds, rounds interleaved."""
    two_layer = next(one for one in finder.experiments() if one.id == "two_layer_linear")
    (flagship,) = finder.select([FLAGSHIP[1]])[0]
    for theorem, on in ((STATEMENT, plain), (flagship, two_layer)):
        larger = Profile("", count, 1, 0.5)
        ways: dict[str, Callable[[], int]] = {
            "drawn": partial(drawn, theorem, on, count),
            "planned": partial(planned_in_all, theorem, on, larger),
            "hypothesis": partial(by_hypothesis, on, 100),
        }
        rates: dict[str, list[float]] = defaultdict(list)
        for _ in range(rounds):
            for name, way in ways.items():
                started = time.process_time()
                made = way()
                rates[name].append(made / (time.process_time() - started))
        goal = {"drawn": 100_000, "planned": None}
        for name in ("drawn", "planned"):
            yield cell(f"{name}, {on.id}", median(rates[name]), median(rates["hypothesis"]),
                       "hypothesis", "draws/s", goal[name])  # fmt: skip


def drawn(theorem: Theorem, on: Experiment, count: int) -> int:
    return len(list(draws(theorem, on, 1, count, {})))


def planned_in_all(theorem: Theorem, on: Experiment, profile: Profile) -> int:
    return len(planned(theorem, on, profile, 1, {}).configurations)


def by_hypothesis(on: Experiment, count: int) -> int:
    """As many configurations as hypothesis draws one by one."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    @st.composite
    def whole(draw: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for axis in on.axes:
            found[axis.name] = draw(axis.domain.strategy(found))
        return found

    made = []

    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              derandomize=True, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(whole())
    def take(one: dict[str, Any]) -> None:
        made.append(one)

    take()
    return len(made)


OVERHEAD = ("drawing", "judging", "storing", "writing")


@contextlib.contextmanager
def clocks() -> Iterator[dict[str, float]]:
    """CPU seconds of each phase without those inside it, by wrapping the functions that it is."""
    spent: dict[str, float] = defaultdict(float)
    inside = [0.0]

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            inside.append(0.0)
            try:
                return function(*given, **named)
            finally:
                taken = time.process_time() - started
                spent[name] += taken - inside.pop()
                inside[-1] += taken

        return wrapped

    with contextlib.ExitStack() as stack:
        for owner, function, name in (
            (finder, "select", "finding theorems"), (finder, "experiments", "finding experiments"),
            (session, "planned", "drawing"), (session, "key_of", "storing"), (Store, "put", "storing"),
            (block, "decided_run", "engine"), (StepPlan, "numbers", "step sizes"),
            (block, "disagreements", "oracle"), (block, "settled", "certificates"),
            (lazily, "_asked", "judging"), (block, "findings_of", "judging"),
            (block, "row_of", "judging"),
            (session, "corrected", "judging"), (Report, "write", "writing"),
        ):  # fmt: skip
            timer = timed(name, getattr(owner, function))
            stack.enter_context(mock.patch.object(owner, function, timer))
        yield spent


def whole_run(profile: str) -> Iterator[Row]:
    """Verdicts a CPU second with one job, and the shares of a run by phase."""
    with tempfile.TemporaryDirectory() as name, clocks() as spent:
        started = time.process_time()
        report = check(*FLAGSHIP, options=Options(profile=profile, out=Path(name), jobs=1))
        total = time.process_time() - started
    name = f"verdicts, flagship, {profile}"
    yield cell(name, len(report.rows) / total, float("nan"), "-", "rows/CPU s", None)
    for phase, seconds in sorted(spent.items()):
        yield cell(phase, seconds, total, "whole run", "CPU s", None)
    rest = total - sum(spent.values())
    yield cell("everything else", rest, total, "whole run", "CPU s", None)
    overhead = sum(spent[phase] for phase in OVERHEAD)
    # what is done once a process is much of a short run
    goal = "<= 0.2" if profile == "standard" else None
    yield cell(", ".join(OVERHEAD), overhead, total, "whole run", "CPU s", goal)


def workers(profile: str) -> Row:
    """Two jobs beside one, wall clock."""
    seconds = {}
    for jobs in (1, 2):
        with tempfile.TemporaryDirectory() as name:
            started = time.perf_counter()
            check(*FLAGSHIP, options=Options(profile=profile, out=Path(name), jobs=jobs))
            seconds[jobs] = time.perf_counter() - started
    return cell("check with 2 jobs", 1 / seconds[2], 1 / seconds[1], "1 job", "runs/s", None)


def sizes(counts: Sequence[int]) -> Iterator[Row]:
    """Whole checks of a function that does nothing, from drawing to files, with one and two jobs."""
    for count in counts:
        rates = []
        for jobs in (1, 2):
            swept = {"sweep": Profile("sweep", count, 1, 0.5)}
            with tempfile.TemporaryDirectory() as name, mock.patch.dict(PROFILES, swept):
                options = Options(profile="sweep", out=Path(name), jobs=jobs)
                started = time.perf_counter()
                rows = check(STATEMENT, experiments=(plain,), options=options).rows
                rates.append(len(rows) / (time.perf_counter() - started))
        before = float("nan")
        for jobs, rate in enumerate(rates, start=1):
            name = f"{count} configurations, {jobs} job{'s' * (jobs > 1)}"
            yield cell(name, rate, before, "-" if jobs == 1 else "1 job", "rows/s", None)
            before = rate


def first_verdict() -> Row:
    """Seconds from the end of all imports to the first judged block."""
    with tempfile.TemporaryDirectory() as name:
        done = subprocess.run(
            [sys.executable, "-c", FIRST, name],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "."},
        )  # fmt: skip
    seconds = float(done.stdout.split()[-1])
    return cell("first verdict after imports", seconds, 3.0, "goal", "s", "<= 3 s")


def listing() -> Row:
    """CPU seconds of `list` beside a bare interpreter."""
    spent = []
    for words in (["-m", "harness", "list"], ["-c", "pass"]):
        before = os.times()
        subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        spent.append(sum(after[2:4]) - sum(before[2:4]))
    return cell("boundcheck list, CPU", spent[0], spent[1], "bare Python", "s", "< +0.5 s")


def rows(quick: bool) -> list[Row]:
    """All cells."""
    found = list(drawing(1_000 if quick else 20_000, 2 if quick else 5))
    profile = "quick" if quick else "standard"
    found += sizes((100, 1_000) if quick else (100, 1_000, 10_000, 100_000, 1_000_000))
    return [*found, *whole_run(profile), workers(profile), first_verdict(), listing()]


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser("Time all of a check but its runs.", "fewer draws and rows").parse_args(words)
    head = f"{'cell':40} {'ours':>12} {'theirs':>12} {'':8} {'ratio':>9}"
    return shown(rows(options.quick), _line, head, options.json)


def _line(row: Row) -> str:
    return (
        f"{row['cell']:40} {row['ours']:12.4g} {row['theirs']:12.4g} {row['unit']:8} "
        f"{row['ratio']:9.3g}x  {row['baseline']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
