"""What is not a finite real number never holds, and never ends in exit code 0.

Each case is one configuration whose honest twin holds. A row may be void, but then it names the
hypothesis that was not met.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from harness import (
    Claim,
    Eq,
    Expectation,
    Hypothesis,
    Probability,
    Theorem,
    UsageError,
    check,
    exp,
    experiment,
    integers,
    log,
    sqrt,
    symbol,
)
from harness.options import Options
from harness.report import Report

n = symbol("n", "size", "configuration")
x = symbol("x", "the quantity", "run")
y = symbol("y", "its bound", "run")
z = symbol("z", "something else", "run")
HONEST = {x: 0.5, y: 1.0, z: 1.0}
nan, inf = math.nan, math.inf
OVERFLOWN = inf, 0.0
"""Infinity, said to be exact."""


@dataclass(frozen=True)
class Case:
    """What the experiment returns (or raises), and the verdict it deserves."""

    id: str
    verdict: str
    changed: Mapping[Any, Any] = field(default_factory=dict)
    claim: Any = x <= y
    hypothesis: Any = n >= 1
    raised: BaseException | None = None
    returned: Any = field(default_factory=lambda: HONEST)


MEASURED = (
    Case("nan", "broken", {x: nan}),
    Case("nan-bound", "broken", {y: nan}),
    Case("minus-infinity", "broken", {x: -inf}),
    Case("minus-infinity-exactly", "broken", {x: (-inf, 0.0)}),
    Case("infinite-bound", "broken", {y: inf}),
    Case("infinite-bound-exactly", "broken", {y: OVERFLOWN}),
    Case("infinity-equals-infinity", "broken", {x: OVERFLOWN, y: OVERFLOWN}, Eq(x, y)),
    Case("infinity-times-zero", "broken", {y: OVERFLOWN, z: 0}, x >= y * z),
    Case("square-overflows", "undecided", {x: 1e200, y: 2e200}, x * x <= y * y),
    Case("complex", "broken", {x: 0.5 + 0j}),
    Case("numpy-complex", "broken", {x: np.complex128(0.5 + 3j)}),
    Case("numpy-complex-single", "broken", {x: np.complex64(0.5 + 3j)}),
    Case("complex-rounding", "broken", {x: (0.5, np.complex128(1j))}),
    Case("none", "broken", {x: None}),
    Case("text", "broken", {x: "nan"}),
    Case("list", "broken", {x: [0.1, 0.2]}),
    Case("vector", "broken", {x: np.array([0.1, 0.2])}),
    Case("empty-array", "broken", {x: np.array([])}),
    Case("three-numbers", "broken", {x: (0.5, 0.0, 0.0)}),
    Case("whole-number-too-large", "broken", {y: 10**400}),
    Case("decimal-nan", "broken", {x: Decimal("nan")}),
    Case("rounding-nan", "broken", {x: (0.5, nan)}),
    Case("rounding-none", "broken", {x: (0.5, None)}),
    Case("rounding-negative", "broken", {x: (0.5, -0.1)}),
    Case("rounding-infinite", "undecided", {x: (0.5, inf)}),
    Case("returns-none", "broken", returned=None),
    Case("returns-a-list", "broken", returned=[1]),
    Case("returns-nothing", "broken", returned={}),
)

RAISED = tuple(
    Case(type(error).__name__, "broken", raised=error)
    for error in (
        ZeroDivisionError("by zero"), OverflowError("too large"), MemoryError(), StopIteration(),
        AssertionError("no"), UsageError("bad"), RecursionError("deep"), SystemExit(0),
        FloatingPointError("invalid"), np.linalg.LinAlgError("singular"),
    )
)  # fmt: skip

EVALUATED = (
    Case("0/0", "undecided", {y: 0, z: 0}, x <= y / z),
    Case("1/0", "undecided", {y: 1, z: 0}, x <= y / z),
    Case("-1/0", "undecided", {y: 1, z: 0}, x >= -y / z),
    Case("log-of-negative", "broken", {y: -1}, x <= log(y)),
    Case("log-of-zero", "vacuous", {y: 0}, x >= log(y)),
    Case("root-of-negative", "broken", {y: -1}, x <= sqrt(y)),
    Case("power-of-negative", "broken", {y: -8}, x <= y ** sqrt(z + 1)),
    Case("exp-overflows", "vacuous", {y: 1000}, x <= exp(y)),
    Case("infinity-minus-infinity", "broken", {y: OVERFLOWN}, x <= y - y * z),
    Case("trivial-nan", "vacuous", {z: nan}, Claim("c", x <= y, trivial=z)),
    Case("hypothesis-nan", "void", {z: nan}, hypothesis=z <= 1),
    Case("hypothesis-nan-too", "void", {z: nan}, hypothesis=z >= 1),
    Case("hypothesis-infinite", "void", {z: OVERFLOWN}, hypothesis=z >= 1),
    Case("hypothesis-log-of-negative", "void", {z: -1}, hypothesis=log(z) <= 1),
    Case("hypothesis-root-of-negative", "void", {z: -1}, hypothesis=sqrt(z) >= 0),
    Case("hypothesis-0/0", "void", {y: 1, z: 0}, hypothesis=(y - 1) / z <= 1),
    Case("hypothesis-1/0", "void", {z: 0}, hypothesis=1 / z >= 1),
)


def report_of(case: Case) -> Report:
    @experiment(emits=[n, x, y, z], n=integers(1, 3))
    def nasty(n: int) -> Any:
        if case.raised is not None:
            raise case.raised
        return {**case.returned, **case.changed} if case.changed else case.returned

    claim = case.claim if isinstance(case.claim, Claim) else Claim("c", case.claim)
    theorem = Theorem(
        title="T", claims=[claim], hypotheses=[Hypothesis("h", "it holds", case.hypothesis)]
    )
    with warnings.catch_warnings():
        # a user's run does not turn warnings into errors
        warnings.simplefilter("ignore")
        return check(theorem, experiments=[nasty], options=Options(configuration={"n": 1}))


def refuse_success(report: Report) -> None:
    assert report.exit_code != 0
    for row in report.rows:
        finding = row.finding
        assert finding.verdict != "held"
        assert finding.verdict != "void" or finding.hypotheses_broken == ("h",)
        assert finding.verdict == "violated" or finding.reason


@pytest.mark.parametrize("case", [*MEASURED, *RAISED, *EVALUATED], ids=lambda case: case.id)
def test_a_nasty_experiment_never_holds(case: Case) -> None:
    report = report_of(case)
    refuse_success(report)
    assert [str(row.finding.verdict) for row in report.rows] == [case.verdict]


def test_their_honest_twin_holds() -> None:
    report = report_of(Case("honest", "held"))
    assert [str(row.finding.verdict) for row in report.rows] == ["held"]
    assert report.exit_code == 0


SOMETIMES = [
    pytest.param(bad, verdict, id=repr(bad))
    for bad, verdict in ((nan, "broken"), (inf, "broken"), (OVERFLOWN, "broken"),
                         ((0.5, nan), "broken"), ((0.5, inf), "undecided"))
]  # fmt: skip


@pytest.mark.parametrize("kind", [Probability(0.1, "rng"), Expectation("rng")], ids=["P", "E"])
@pytest.mark.parametrize(("bad", "verdict"), SOMETIMES)
def test_a_claim_about_chance_does_not_average_it_away(kind: Any, bad: Any, verdict: str) -> None:
    @experiment(emits=[x, y], n=integers(1, 3))
    def now_and_then(n: int, rng: np.random.Generator) -> Mapping[Any, Any]:
        return {x: bad if rng.random() < 0.3 else 0.5, y: (1.0, 0.0)}

    theorem = Theorem(title="T", claims=[Claim("c", x <= y, kind=kind)])
    options = Options(configuration={"n": 1}, replicates=60)
    report = check(theorem, experiments=[now_and_then], options=options)
    assert [str(row.finding.verdict) for row in report.rows] == [verdict]
    assert report.exit_code != 0


def test_a_level_may_be_a_plain_number() -> None:
    statement = Theorem(title="T", claims=[Claim("c", x <= y, kind=Probability(0.25, "rng"))])
    assert sympy.Float(0.25) in statement.expressions()


FILE = """
import sys
import numpy as np
from harness import Claim, Theorem, experiment, integers, symbol
v = symbol("v", "value", "run")
@experiment(emits=[v], n=integers(1, 3))
def nasty(n):
    {body}
mine = Theorem(title="M", claims=[Claim("c", v <= 1)])
{end}
"""


@pytest.mark.parametrize(
    ("body", "end", "jobs", "code"),
    [
        ("return {v: 0.5}", "", 2, 0),
        ("return {v: np.complex128(0.5 + 3j)}", "", 1, 1),
        ("sys.exit(0)", "", 2, 1),
        ("return {v: 0.5}", "sys.exit(0)", 1, 2),
    ],
    ids=["honest", "complex", "exits", "exits-on-import"],
)
def test_the_command_line_ends_well_for_the_honest_only(
    shell: Callable[..., Any], write: Callable[..., Any], root: Path,
    body: str, end: str, jobs: int, code: int,
) -> None:  # fmt: skip
    path = write(FILE.replace("{body}", body).replace("{end}", end), "nasty.py")
    done = shell("-m", "harness", "check", path, "--quiet", "--jobs", jobs, path=[root])
    assert done.code == code, done.err
    assert "Traceback" not in done.err
