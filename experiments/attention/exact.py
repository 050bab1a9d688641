"""One violated claim in ten lines of fractions: lambda_min(tau) at the start, n = d^2 > m = h = 1."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

SCRIPT = '''\
"""One linear attention layer, N = {N} pairs, inputs N(0, diag(lam)): is c1 alpha0 <= lambda_min(tau)?

alpha0 as printed in Table 2, rounded down. d = {d}: n = {n} inputs vec(U), m = 1 output u, width 1, so
that lambda_min(tau) = u^2. The exit code is 0 if the printed bound is above it.
"""
from fractions import Fraction as F
from math import isqrt
N, lam, U, u, c1 = {N}, {lam}, {U}, {u}, {c1}
gam, D = [l + (l + sum(lam)) / N for l in lam], sum(x * x for row in U for x in row) - u * u
H = {{(i, j): gam[i] * l * k for i, l in enumerate(lam) for j, k in enumerate(lam)}}
E = sum(h * (u * U[i][j] - (i == j) / gam[i]) ** 2 for (i, j), h in H.items())  # |Y - X W|^2
root = lambda x, up=0: F(isqrt(int(x * 10**40)) + up, 10**20)  # sqrt(x) rounded down, or up
p1 = (root(sum(l * l / g for l, g in zip(lam, gam))) - root(E, 1)) / root(max(H.values()), 1)
alpha0 = (root(D * D + 4 * p1 * p1) - max(D, 0) + root(min(D, 0) ** 2 + 4 * p1 * p1)) / 2
raise SystemExit(print(f"{{u * u}} against {{float(c1 * alpha0)}}") or not (p1 >= 0 and u * u < c1 * alpha0))
'''


def exact(configuration: Mapping[str, Any]) -> str:
    """The script of a given layer, its numbers as the fractions that their decimals are."""
    dimension = int(configuration["dimension"])
    return SCRIPT.format(
        N=configuration["prompt_length"],
        d=dimension,
        n=dimension**2,
        lam=_listed(configuration["spectrum"]),
        U=f"[{', '.join(_listed(row) for row in configuration['U'])}]",
        u=_written(configuration["u"]),
        c1=_written(configuration["parameters"]["c1"]),
    )


def _listed(numbers: list[float]) -> str:
    return f"[{', '.join(map(_written, numbers))}]"


def _written(number: float) -> str:
    above, below = Fraction(repr(number)).as_integer_ratio()
    return f"F({above}, {below})" if below > 1 else f"F({above})"
