"""Symbols, definitions and theorems: what may be written, and what rewriting reaches."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import sympy

from harness import (
    Claim,
    Definition,
    Eq,
    Hypothesis,
    Parameter,
    Prod,
    Root,
    Sum,
    Theorem,
    Unknown,
    UsageError,
    Verdict,
    symbol,
)
from harness.symbols import K, eta, grad_norm, loss, smoothness, width
from harness.symbols import t as step_index
from harness.vocabulary.definition import at_time, closure, needs, read_when, substituted

d = Definition("d", eta * loss / 7)
u = Unknown("u")
limit = Root("limit", K * u**2 + u - loss.at(0), u, smallest=True)
c = Parameter("c", 0, 1, (0.25, 0.5))


def theorem(**changes: Any) -> Theorem:
    usual: dict[str, Any] = {
        "title": "T",
        "hypotheses": [Hypothesis("short", "short", eta <= limit)],
        "claims": [Claim("rate", loss.next <= (1 - d) * loss, trivial=loss)],
    }
    return Theorem(**{**usual, **changes})


@pytest.mark.parametrize(
    "predicate",
    [sympy.Abs(loss) >= 0, loss**2 >= 0, loss == 0, True, sympy.true, sympy.Integer(1) < 2],
)
def test_a_comparison_that_is_decided_already_is_refused(predicate: Any) -> None:
    for build in (lambda: Hypothesis("h", "h", predicate), lambda: Claim("c", predicate)):
        with pytest.raises(UsageError, match=r"before anything was measured; write an equality as"):
            build()


def test_signs_are_not_assumed_so_that_hypotheses_survive() -> None:
    for one in (loss, eta, width, c, d):
        assert isinstance(one >= 0, sympy.core.relational.Relational)


@pytest.mark.parametrize(
    "predicate", [sympy.Ne(loss, 0), sympy.Or(loss > 0, eta > 0), "loss > 0", 3, loss]
)
def test_anything_but_a_comparison_is_refused(predicate: Any) -> None:
    with pytest.raises(UsageError, match="comparison"):
        Hypothesis("h", "h", predicate)


def test_a_conjunction_is_several_relations_in_a_hypothesis_and_none_in_a_claim() -> None:
    both = sympy.And(loss > 0, eta <= 1)
    assert set(Hypothesis("h", "h", both).relations) == {loss > 0, eta <= 1}
    with pytest.raises(UsageError, match="one comparison a claim"):
        Claim("c", both)


def test_a_claim_that_is_known_to_be_false_says_why() -> None:
    with pytest.raises(UsageError, match="says why"):
        Claim("c", loss <= 1, expected=Verdict.VIOLATED)


def test_one_name_has_one_meaning_in_a_file_and_the_standard_one_everywhere() -> None:
    first = symbol("entropy_of_mine", "in nats", "run")
    assert symbol("entropy_of_mine", "in nats", "run") is first
    with pytest.raises(UsageError, match="already means “in nats”"):
        symbol("entropy_of_mine", "in bits", "run")
    with pytest.raises(UsageError, match="already means"):
        symbol("entropy_of_mine", "in nats", "step")
    with pytest.raises(UsageError, match="already means"):
        symbol("loss", "the loss divided by N")


def test_the_same_name_may_differ_between_files_but_not_within_a_theorem() -> None:
    spaces = [{"__name__": f"file_{index}", "symbol": symbol} for index in (1, 2)]
    for space, unit in zip(spaces, ("metres", "feet"), strict=True):
        exec(f"length = symbol('length', 'in {unit}', 'run')", space)
    here, there = (space["length"] for space in spaces)
    assert here != there
    with pytest.raises(UsageError, match="length has two different"):
        theorem(claims=[Claim("a", here <= 1), Claim("b", there <= 1)]).refuse_ambiguity()


@pytest.mark.parametrize("name", ["two words", "1x", ""])
def test_a_symbol_is_named_by_an_identifier(name: str) -> None:
    with pytest.raises(UsageError, match="identifier"):
        symbol(name, "something")


def test_a_scope_is_one_of_three() -> None:
    with pytest.raises(UsageError, match="configuration, run, step"):
        symbol("scoped_wrongly", "something", "epoch")


def test_time_is_written_on_what_changes_and_only_once() -> None:
    assert loss.next != loss != loss.at(0)
    assert loss.at(0) == loss.at(0)
    for bad in (lambda: K.next, lambda: width.at(0)):
        with pytest.raises(UsageError, match="does not change during a run"):
            bad()
    with pytest.raises(UsageError, match="only once"):
        _ = loss.next.next
    for step in (-1, 1.5, True):
        with pytest.raises(UsageError, match="whole number >= 0"):
            loss.at(step)  # type: ignore[arg-type]


def test_a_plain_sympy_symbol_is_refused_with_the_cure() -> None:
    with pytest.raises(UsageError, match=r'symbol\("z"'):
        theorem(claims=[Claim("c", loss <= sympy.Symbol("z"))]).refuse_ambiguity()


def test_a_definition_stands_apart_from_the_one_it_is_taken_from() -> None:
    rate = 1 - d
    assert rate.free_symbols == {d}
    assert rate.args == (1, -d)
    assert list(closure(rate)) == [eta, loss, d]


def test_definitions_are_equal_when_name_and_expression_are() -> None:
    assert Definition("d", eta * loss / 7) == d
    assert Definition("d", eta * loss / 8) != d
    twice = theorem(claims=[Claim("a", d <= 1), Claim("b", Definition("d", eta) <= 1)])
    with pytest.raises(UsageError, match="d has two different definitions"):
        twice.refuse_ambiguity()


def test_substitution_reaches_definitions_roots_and_symbols_at_a_time() -> None:
    changed = substituted(loss.next + d + limit, {loss: 3 * grad_norm, K: 2 * K})
    base, inner, root = grad_norm.next, grad_norm, grad_norm.at(0)
    names = {one.name: one for one in closure(changed)}
    assert names["d"].expression == 3 * eta * inner / 7
    assert names["limit"].expression == 2 * K * u**2 + u - 3 * root
    assert loss not in closure(changed)
    assert base in closure(changed) or 3 * base in sympy.Add.make_args(changed)


def test_replacing_changes_claims_hypotheses_and_trivial_values_alike() -> None:
    changed = theorem().replacing({loss: grad_norm})
    assert loss not in changed.needs
    assert grad_norm in changed.needs
    assert changed.claims[0].trivial == grad_norm
    assert changed.fingerprint != theorem().fingerprint


def test_a_revision_is_expected_to_hold_and_changes_one_definition() -> None:
    false = theorem(
        claims=[Claim("rate", loss <= d, expected=Verdict.VIOLATED, because="misprint")]
    )
    other = Definition("d", eta * loss / 8)
    second = false.revised(2, "as corrected", {d: other})
    assert (second.version, second.reading) == (2, "as corrected")
    assert (second.claims[0].expected, second.claims[0].because) == (Verdict.HELD, "")
    assert second.claims[0].bound == other
    assert false.claims[0].expected is Verdict.VIOLATED


def test_a_fingerprint_sees_the_bracket_and_the_kind_of_a_root() -> None:
    prints = {
        theorem(hypotheses=[Hypothesis("h", "h", eta <= root)]).fingerprint
        for root in (
            Root("r", K * u - 1, u),
            Root("r", K * u - 1, u, smallest=True),
            Root("r", K * u - 1, u, high=2),
            Root("r", K * u - 2, u),
        )
    }
    assert len(prints) == 4


@pytest.mark.parametrize(
    ("statement", "one_step"),
    [
        (loss.next <= loss, True),
        (loss <= d, True),
        (loss <= loss.at(0), False),
        (loss <= Prod(1 - d) * K, False),
        (loss <= Sum(d), False),
        (loss <= step_index * K, False),
        (eta <= limit, False),
        (width >= K, False),
    ],
)
def test_a_claim_is_one_step_when_it_speaks_of_a_state_and_its_successor(
    statement: Any, one_step: bool
) -> None:
    assert Claim("c", statement).one_step is one_step


def test_what_is_read_at_the_start_need_not_be_measured_along_the_way() -> None:
    at_start, along = read_when(loss.at(0) + grad_norm + K + limit)
    assert at_start == {loss, K}
    assert along == {grad_norm}
    shifted = Definition("e", loss * K).at(0)
    assert read_when(sympy.sympify(shifted)) == ({loss, K}, set())


def test_a_definition_read_at_a_time_is_read_there_throughout() -> None:
    assert at_time(d.expression, 0) == eta.at(0) * loss.at(0) / 7
    with pytest.raises(UsageError, match="runs over steps already"):
        at_time(Prod(d), 0)


def test_needs_are_the_measured_symbols_behind_everything() -> None:
    assert theorem().needs == {eta, loss, K}
    assert needs(limit) == {loss, K}


def test_parameters_stay_inside_their_interval() -> None:
    assert theorem(claims=[Claim("c", loss <= c)]).parameters == (c,)
    with pytest.raises(UsageError, match="must lie inside"):
        Parameter("c", 0, 1, (1.0,))


@pytest.mark.parametrize("one", [loss, loss.next, loss.at(3), d, limit, u, c, Prod(1 - d)])
def test_symbols_survive_pickle_and_deepcopy(one: Any) -> None:
    for again in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert again == one
        assert hash(again) == hash(one)
        assert sympy.latex(again) == sympy.latex(one)


def test_a_theorem_survives_pickle() -> None:
    again = pickle.loads(pickle.dumps(theorem()))
    assert again.fingerprint == theorem().fingerprint
    assert again.definitions == theorem().definitions


@pytest.mark.parametrize("twice", ["claims", "hypotheses"])
def test_names_stand_once_in_a_theorem(twice: str) -> None:
    records = {
        "claims": [Claim("a", loss <= 1), Claim("a", loss <= 2)],
        "hypotheses": [Hypothesis("a", "a", loss <= 1), Hypothesis("a", "a", loss <= 2)],
    }
    with pytest.raises(UsageError, match="“a” stands twice"):
        theorem(**{twice: records[twice]})


def test_an_equality_keeps_both_sides() -> None:
    claim = Claim("c", Eq(loss, d))
    assert (claim.sense, {claim.quantity, claim.bound}) == ("==", {loss, d})
    assert Claim("c", loss >= smoothness).sense == ">="
