"""Symbolic bounds evaluated on many rows: floats, intervals, balls, and sympy itself.

    python benchmarks/bounds.py [--quick] [--json FILE]

A rate of gradient descent with Max, Min, sqrt and log (about 60 operations, 12 symbols). Rows a
second of CPU time, one thread, building excluded and told apart; baselines take turns with ours,
round by round, and a ratio is the median of the rounds' ratios. Goal: 10 million rows a second in
floats.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import sympy
from flint import arb
from parts import Row, compared, parser, seconds, shown
from sympy import Max, Min, log, sqrt

from harness.expressions.balls import precision
from harness.expressions.compile import compiled
from harness.expressions.interval import Interval
from harness.vocabulary.symbol import symbol

SYMBOLS = tuple(symbol(f"q{at}", f"quantity {at}") for at in range(12))
GOAL = 10e6
ROWS, POINTS = 1_000_000, 50
"""Rows in floats, a tenth of them in intervals, and points in balls."""


def bound() -> sympy.Expr:
    """About 60 operations of 12 symbols."""
    L, eta, mu, K, t, s1, s2, a, b, n, m, r = SYMBOLS
    rate = 1 - eta * Max(mu * s1**2 - K * b / (1 + sqrt(n)), 0)
    return (
        L * rate**2 * Min(1, a / (1 + eta * K * s2**2))
        + sqrt(Max(s1**2 - 4 * a * b, 0) + m) * log(1 + n * r) / (1 + sqrt(m * n))
        - eta**2 * K * L / 2 * Min(s1 * s2, a + b) ** 2
        + Max(a - b, 0) * sqrt(1 + log(1 + t) ** 2)
        + (s1 + s2) * (a - mu) / (K + r**2)
    )


def rows(quick: bool) -> list[Row]:
    """One row a pair: rows a second of ours and theirs."""
    count, rounds = (ROWS // 10, 3) if quick else (ROWS, 5)
    expression = bound()
    data = np.random.default_rng(0).random((len(SYMBOLS), count)) + 0.1
    start = time.process_time()
    floats = compiled(expression, SYMBOLS, "float")
    building = time.process_time() - start
    intervals = compiled(expression, SYMBOLS, "interval")
    balls = compiled(expression, SYMBOLS, "ball")
    plain = sympy.lambdify(SYMBOLS, expression, "numpy")
    few = [Interval.exact(one[: count // 10]) for one in data]
    points = [[arb(float(x)) for x in one] for one in data[:, :POINTS].T]
    exact = [dict(zip(SYMBOLS, map(float, one), strict=True)) for one in data[:, :2].T]
    without = expression.replace(Max, lambda *args: sum(args)).replace(Min, lambda *args: sum(args))

    def in_balls() -> None:
        with precision(128):
            for point in points:
                balls(*point)

    def by_sympy() -> None:
        for one in exact:
            without.evalf(subs=one)

    def in_floats() -> None:
        floats(*data)

    def rate(call: Callable[[], object], done: int) -> Callable[[], float]:
        return lambda: done / seconds(call, least=0.05)

    ours = rate(in_floats, count)
    size = int(expression.count_ops())
    cells = [
        (f"floats, {size} operations", ours, rate(lambda: plain(*data), count), "lambdify numpy", GOAL),
        ("intervals", rate(lambda: intervals(*few), count // 10), ours, "ours in floats", None),
        ("balls of 128 bits", rate(in_balls, len(points)), ours, "ours in floats", None),
        ("floats", ours, rate(by_sympy, len(exact)), "sympy evalf, Max and Min left out", None),
    ]
    found = [
        compared(
            cell, [(mine(), theirs()) for _ in range(rounds)], baseline, "rows/s", goal, rates=True
        )
        for cell, mine, theirs, baseline, goal in cells
    ]
    # once a process and expression
    found[0]["building"] = building
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser("Time the evaluation of bounds.", "fewer rows and rounds").parse_args(words)
    found = rows(options.quick)
    head = f"{'cell':<26}{'rows/s':>12}{'theirs':>12}{'ratio':>12}  than"
    code = shown(found, _line, head, options.json)
    print(f"built in {1e3 * found[0]['building']:.0f} ms; goal {GOAL:.0e} rows/s in floats")
    return code


def _line(row: Row) -> str:
    return (
        f"{row['cell']:<26}{row['ours']:>12.3g}{row['theirs']:>12.3g}{row['ratio']:>12.3g}"
        f"  {row['baseline']}"
    )


if __name__ == "__main__":
    sys.exit(main())
