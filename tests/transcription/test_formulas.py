"""Docstrings against expressions: what the notation reads, and that slips in either are found."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import sympy

from harness import (
    Claim,
    Definition,
    Max,
    Min,
    Prod,
    Root,
    Theorem,
    Unknown,
    UsageError,
    exp,
    log,
    sqrt,
    symbol,
)
from harness.discovery import finder
from harness.symbols import K, eta, grad_norm, loss, mu, smin_W, t, tau_min
from harness.transcription.formulas import disagreements, expression, stated, unstated
from harness.transcription.spelling import spellings
from harness.vocabulary.operators import Sum, expm1

THEOREMS = [finder.theorem(header.ref) for header in finder.installed().theorems]

own = symbol("own", "a symbol of the user", "step")
size = symbol("size", "known beforehand", "configuration")
half = Definition("half", loss / 2)
first = Definition("first_bound", 2 * half.at(0), "what it was")


def theorem(statement: Any, doc: str = "", **more: Any) -> Theorem:
    spelled = {"kappa": K / mu, "B": first, "half": half, "size": size, **more.pop("spelled", {})}
    return Theorem(title="T", claims=[Claim("c", statement)], doc=doc, spelled=spelled, **more)


TABLE = spellings(theorem(own <= loss))

READ = [
    ("L(t+1)", loss.next),
    ("L(t)", loss),
    ("L", loss),
    ("L(0)", loss.at(0)),
    ("loss(t+1)", loss.next),
    ("own(0) own", own.at(0) * own),
    ("2 mu K L", 2 * mu * K * loss),
    ("1/2 |grad L(t)|_F^2", grad_norm**2 / 2),
    ("|grad L|_F^2 / (2 K)", grad_norm**2 / (2 * K)),
    ("sigma_min(W(t)) - sigma_min(W(0))", smin_W - smin_W.at(0)),
    ("lambda_min(tau_t) (1 - K)", tau_min * (1 - K)),
    ("sigma_min(T_t)^2", tau_min),
    ("eta_t eta_0", eta * eta.at(0)),
    ("K (1 + eta)^2 mu", K * (1 + eta) ** 2 * mu),
    ("K^t", K**t),
    ("max(0, K - mu) + min(K, 1)", Max(0, K - mu) + Min(K, 1)),
    (
        "sqrt(2 K L) exp(-K) log(mu) cosh(mu)",
        sqrt(2 * K * loss) * exp(-K) * log(mu) * sympy.cosh(mu),
    ),
    ("prod(1 - half, k < t) L(0)", Prod(1 - half) * loss.at(0)),
    ("sum(mu L, k < t)", Sum(mu * loss)),
    ("kappa + B", K / mu + first),
    ("0.5 K", K / 2),
    ("-K", -K),
]


@pytest.mark.parametrize(("text", "meant"), READ, ids=[text for text, _ in READ])
def test_the_notation_reads(text: str, meant: sympy.Expr) -> None:
    assert sympy.expand(expression(text, TABLE) - meant) == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2 nu L", "nu"),
        ("Kmu", "Kmu"),
        ("g(L)", "g"),
        ("L(k)", "k"),
        ("E", "E"),
        ("pi K", "pi"),
        ("(K + mu", "no formula"),
        ("K +", "no formula"),
        ("K mu, L", "no formula"),
        ("the loss falls", "falls"),
        ("lower(K, mu)", "no formula"),
        ("", "no formula"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        expression(text, TABLE)


AGREE = [
    (loss.next <= half, "L(t+1) <= L(t) / 2"),
    (loss.next <= half, "half >= L(t+1)"),
    (half >= loss.next, "1/2 L(t) - L(t+1) >= 0"),
    (1 - mu * eta > 0, "eta mu < 1"),
    (loss <= Prod((1 - mu) ** 2) * loss.at(0), "L(t) <= prod(1 - 2 mu + mu^2, k < t) L(0)"),
    (loss <= first, "L(t) <= L(0)"),
    (sympy.Eq(loss, 2 * half), "L(t) = 2 half"),
    (sympy.Eq(loss, K + mu), "K = L(t) - mu"),
    (expm1(K) <= loss, "exp(K) - 1 <= L(t)"),
    (Max(K, mu) <= loss, "(K + mu + abs(K - mu)) / 2 <= L(t)"),
    (loss <= sqrt(K) * sqrt(mu), "L(t) <= mu^(1/2) K^(1/2)"),
]


@pytest.mark.parametrize(("statement", "text"), AGREE)
def test_the_same_formula_in_other_words_agrees(statement: Any, text: str) -> None:
    one = theorem(statement, f"About.\n\n    c: {text}   as (1) has it\n")
    assert (disagreements(one), unstated(one)) == ([], [])


DIFFER = [
    (loss.next <= half, "L(t+1) <= L(t) / 3", "not the same"),
    (loss.next <= half, "L(t+1) >= L(t) / 2", "not the same"),
    (loss.next <= half, "L(t+1) < L(t) / 2", "the comparison <="),
    (sympy.Eq(loss, half), "L(t) <= half", "the comparison =="),
    (loss <= Prod(mu) * K, "L(t) <= prod(2 mu, k < t) K", "not the same"),
    (loss <= Prod(mu) * K, "L(t) <= sum(mu, k < t) K", "not the same"),
    (loss <= loss.at(0), "L(t) <= L(t)", "not the same"),
    (loss <= sqrt(K), "L(t) <= K", "not the same"),
    (Max(K, mu) <= loss, "K <= L(t)", "not the same"),
    (loss <= half + 1e-9 * K, "L(t) <= half", "not the same"),
    (loss <= half, "L(t) <= nu", "speaks of nu"),
    (loss <= half, "0 <= L(t) <= half", "holds 2 comparisons"),
]


@pytest.mark.parametrize(("statement", "text", "told"), DIFFER)
def test_another_formula_is_named(statement: Any, text: str, told: str) -> None:
    (found,) = disagreements(theorem(statement, f"About.\n\n    c: {text}\n"))
    assert found.startswith("claim c: ")
    assert told in found


def test_a_claim_without_formula_is_named_and_no_disagreement() -> None:
    for doc in ("", "c: L(t) <= half", "About.\n\n    c: the loss falls\n", "\n    b: L <= half\n"):
        one = theorem(loss <= half, doc)
        assert (disagreements(one), unstated(one)) == ([], ["c"])


def test_formulas_run_on_and_share_lines() -> None:
    doc = "\n    a: L(t+1) <= K\n        + mu,\n    b: L <= K,  c: L <= mu     remark: 1 <= 2\n  d: x\n"
    assert [list(stated(doc, name, ":")) for name in "abc"] == [
        ["L(t+1) <= K + mu"], ["L <= K"], ["L <= mu"],
    ]  # fmt: skip
    assert list(stated(doc, "d", ":")) == []


def test_versions_may_state_a_claim_each() -> None:
    doc = "\n    c@1: L(t) <= half\n    c@2: L(t) <= K\n"
    first_version = theorem(loss <= half, doc)
    second = dataclasses.replace(first_version, claims=(Claim("c", loss <= K),), version=2)
    assert disagreements(first_version) == disagreements(second) == []
    swapped = dataclasses.replace(first_version, version=2)
    assert len(disagreements(swapped)) == 1


def test_definitions_are_compared_where_they_are_stated() -> None:
    x = Unknown("x")
    root = Root("r", x**2 - K, x)
    d, e = Definition("d", mu * eta + root), Definition("e", sqrt(K) * eta)
    doc = "\n    d = mu eta + r,  e = K eta     the fall\n    r = the root of x^2 = K\n"
    one = theorem(loss <= d + e, doc)
    (found,) = disagreements(one)
    assert found.startswith("e: the docstring has “K eta”")


def test_spelled_follows_a_revision() -> None:
    other = Definition("other", loss / 3)
    one = theorem(loss.next <= half, "\n    c: L(t+1) <= bound\n", spelled={"bound": half})
    assert disagreements(one) == []
    revised = one.revised(2, "corrected", {half: other})
    assert disagreements(revised) == []


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda one: one.ref)
def test_every_claim_of_the_catalogue_is_stated_and_agrees(theorem: Theorem) -> None:
    assert unstated(theorem) == []
    assert disagreements(theorem) == []


SLIPS = [
    ("xu23_thm31_spectral@2", "c1 alpha0 <=", "c2 alpha0 <="),
    ("xu23_thm31_spectral@2", "<= c2 beta0", "<= c2 beta0^2"),
    ("xu23_thm32_linear_rate@1", "prod(f(eta, k)", "prod(f(eta, 0)"),
    ("xu23_thm32_linear_rate@1", "f(eta_0, 0)^t L(0)", "f(eta_0, 0)^(t+1) L(0)"),
    ("xu23_lem31_onestep@1", "2 eta^3 mu K lambda_max s g", "eta^3 mu K lambda_max s g"),
    ("xu23_claim_e1@1", "(beta0^6 kappa)", "(beta0^5 kappa)"),
    ("xu23_claim_e1@1", "c2^2 beta0^2 K", "c2 beta0^2 K"),
    ("xu23_prop31@1", "1 - 1/kappa", "1 - kappa"),
    ("xu23_drift@1", "2 c2 beta0 K", "2 c2 beta0 K^2"),
    ("xu25_eq104@2", "mu_t K_t eta_t^2", "mu_t K_t eta_t"),
    ("xu25_thm31_local_descent_pl@1", "K_t eta^2 / 2", "K_t eta^2"),
    ("xu25_thm32_linear_rate@2", "2 alpha2 (1 - exp(e^c))", "alpha2 (1 - exp(e^c))"),
    ("xu25_thm32_linear_rate@2", "/ (1 - Delta)", "/ Delta"),
]


@pytest.mark.parametrize(("ref", "right", "wrong"), SLIPS)
def test_a_slip_in_a_shipped_docstring_is_found(ref: str, right: str, wrong: str) -> None:
    one = finder.theorem(ref)
    assert right in one.doc
    assert disagreements(dataclasses.replace(one, doc=one.doc.replace(right, wrong)))


@pytest.mark.parametrize("ref", ["xu23_thm31_spectral@2", "xu25_thm31_local_rate@1"])
def test_a_slip_in_a_shipped_claim_is_found(ref: str) -> None:
    one = finder.theorem(ref)
    for index, claim in enumerate(one.claims):
        twice = type(claim.statement)(2 * claim.quantity, claim.bound, evaluate=False)
        wrong = dataclasses.replace(claim, statement=twice)
        claims = (*one.claims[:index], wrong, *one.claims[index + 1 :])
        (found,) = disagreements(dataclasses.replace(one, claims=claims))
        assert found.startswith(f"claim {claim.id}: ")
