"""How symbols are spelled in the plain notation of docstrings: L(t+1), |E(0)|_F, sigma_min(W(t))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from harness import symbols as s
from harness.vocabulary.definition import closure
from harness.vocabulary.symbol import AtTime, Named, Quantity
from harness.vocabulary.theorem import Theorem

PLAIN: Mapping[Quantity, tuple[str, ...]] = {
    s.samples: ("N",), s.inputs: ("n",), s.outputs: ("m",), s.width: ("h",),
    s.norm_Y: ("|Y|_F",), s.smin_Y: ("sigma_min(Y)",),
    s.smin_target: ("sigma_min(W*)",), s.smax_target: ("sigma_max(W*)",),
    s.loss: ("L({})",),
    s.eta: ("eta_{}",),
    s.residual: ("|E({})|_F",),
    s.distance: ("|W({}) - W*|_F",),
    s.product_grad: ("|grad l(W({}))|_F", "|grad l({})|_F"),
    s.grad_norm: ("|grad L({})|_F",),
    s.smoothness: ("K_L",),
    s.smax_W1: ("sigma_max(W1({}))",), s.smax_W2: ("sigma_max(W2({}))",),
    s.smin_W: ("sigma_min(W({}))",), s.smax_W: ("sigma_max(W({}))",),
    s.tau_min: ("lambda_min(tau_{})", "lambda_min(tau)", "sigma_min(T_{})^2"),
    s.lamn_W1W1: ("lambda_n(W1 W1')",), s.lamm_W2W2: ("lambda_m(W2' W2)",),
    s.lam1_D: ("lambda_1(D({}))",), s.lamn_D: ("lambda_n(D({}))",),
    s.lam1_mD: ("lambda_1(-D({}))",), s.lamm_mD: ("lambda_m(-D({}))",),
    s.drift: ("|D({}) - D(0)|_F",), s.drift_step: ("|D(t+1) - D(t)|_F",),
}  # fmt: skip
"""Spellings besides the name; {} is the time, and ({}) may be left out for the present."""


def spellings(theorem: Theorem) -> dict[str, sympy.Expr]:
    """Everything a formula of this theorem may name, each spelling with what it stands for.

    Its symbols and definitions by name, with (t), (t+1) and (0) where they change during a run,
    the standard symbols in plain notation, and what the theorem itself declares in ``spelled``.
    """
    found: dict[str, sympy.Expr] = {}
    for one in {*closure(*theorem.expressions(), *theorem.spelled.values()), *PLAIN, s.t}:
        if not isinstance(one, AtTime):
            found |= dict(_of(one))
    return found | dict(theorem.spelled)


def _of(one: Named) -> Iterator[tuple[str, sympy.Expr]]:
    yield one.name, one
    templates = PLAIN.get(one, ()) if isinstance(one, Quantity) else ()
    if not one.scope.varies:
        yield from ((template, one) for template in templates)
        return
    for template in (f"{one.name}({{}})", *templates):
        yield template.replace("({})", ""), one
        if "{}" in template:
            yield template.format("t"), one
            yield template.format("t+1"), one.next
            yield template.format("0"), one.at(0)
