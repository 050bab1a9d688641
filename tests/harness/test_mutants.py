"""Mutants: each changes one place, and only those that ask for more are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sympy

from harness import Claim, Definition, Max, Min, Prod, sqrt
from harness.controls.mutants import SCALES, Mutant, mutants
from harness.controls.session import weigh
from harness.controls.worth import Worth
from harness.options import Options
from harness.session import selected
from harness.symbols import K, eta, loss, mu, residual, width
from tests.conftest import Write

HALVING = '''"""Numbers of which everything is known."""
from harness import Claim, Control, Hypothesis, Max, Theorem, experiment, integers, symbol

n = symbol("n", "size", "configuration")
k = symbol("k", "one", "configuration")
x = symbol("x", "half of the size", "run")


@experiment(emits=[n, k, x], n=integers(1, 40), k=integers(1, 1))
def halving(n, k):
    return {x: n / 2}


halves = Theorem(
    title="Halving",
    hypotheses=[Hypothesis("large", "n is at least 9", n >= 9),
                Hypothesis("idle", "k is at most n", k <= n)],
    claims=[
        Claim("tight", x <= n / 2, trivial=n),
        Claim("loose", x <= k * n),
        Claim("far", x <= 3 * n + 1),
        Claim("above", x >= 4.5),
    ],
    controls=[Control("less", "tight", {n: n - 1}, configuration={"n": 12, "k": 1}),
              Control("same", "loose", {k: k}, configuration={"n": 12, "k": 1})],
)
'''


def bounds(claim: Claim, kind: str) -> set[sympy.Expr]:
    """The bounds of the mutants of one kind, definitions spelled out."""
    return {_plain(one.claim.bound) for one in mutants(claim) if one.kind == kind}


def _plain(expression: sympy.Expr) -> sympy.Expr:
    while any(isinstance(one, Definition) for one in expression.free_symbols):
        swaps = {
            one: one.expression for one in expression.free_symbols if isinstance(one, Definition)
        }
        expression = expression.xreplace(swaps)
    return expression


def test_every_place_of_the_bound_is_changed_once() -> None:
    claim = Claim("c", residual <= 3 * K**2 + Max(mu, eta))
    assert bounds(claim, "term") == {3 * K**2, Max(mu, eta)}
    assert bounds(claim, "factor") == {3 + Max(mu, eta)}
    assert bounds(claim, "constant") == {6 * K**2 + Max(mu, eta), 3 * K**2 / 2 + Max(mu, eta)}
    assert bounds(claim, "exponent") == {3 * K**3 + Max(mu, eta), 3 * K + Max(mu, eta)}
    assert bounds(claim, "extremum") == {3 * K**2 + Min(mu, eta)}


def test_a_factor_of_the_width_is_removed() -> None:
    claim = Claim("c", residual <= sqrt(width) * K)
    assert bounds(claim, "factor") == {K, sqrt(width)}


def test_definitions_are_changed_inside_too() -> None:
    inner = Definition("inner", K + mu)
    claim = Claim("c", residual <= Definition("outer", 2 * inner))
    assert bounds(claim, "term") == {2 * K, 2 * mu}
    assert bounds(claim, "constant") == {4 * (K + mu), K + mu}


def test_hypotheses_and_quantity_stay_as_they_are() -> None:
    inner = Definition("inner", K + mu)
    claim = Claim("c", residual * inner <= 2 * inner)
    assert {one.claim.quantity for one in mutants(claim)} == {residual * inner}


@pytest.mark.parametrize("bound", [(1 - eta) * loss, eta * loss])
def test_scaled_mutants_ask_for_more_beyond_the_trivial_value(bound: sympy.Expr) -> None:
    claim = Claim("c", loss.next <= bound, trivial=loss)
    wanted = {sympy.expand(loss - (loss - bound) / share) for share in SCALES}
    assert {sympy.expand(one) for one in bounds(claim, "scaled")} == wanted


def test_scaled_mutants_of_a_lower_bound_grow() -> None:
    claim = Claim("c", residual >= K)
    assert bounds(claim, "scaled") == {K / share for share in SCALES}


def test_a_product_over_steps_is_changed_inside() -> None:
    d = Definition("d", eta * mu)
    claim = Claim("c", loss <= Prod(1 - d) * loss.at(0), trivial=loss.at(0))
    assert Prod(1 - mu) * loss.at(0) in bounds(claim, "factor")


def test_no_mutant_stands_twice_and_none_is_the_claim() -> None:
    claim = Claim("c", residual <= K + K**2 + 2 * mu)
    found: list[Mutant] = mutants(claim)
    statements = [one.claim.statement for one in found]
    assert len(set(statements)) == len(statements)
    assert claim.statement not in statements


@pytest.fixture
def worths(write: Write, few: Callable[[int], None]) -> dict[str, Worth]:
    """The controls of the halving file on 60 draws, by claim."""
    few(60)
    options = Options()
    selection = selected([str(write(HALVING, "halving.py"))], (), options)
    return {one.claim: one for one in weigh(selection, options)[1]}


def outcomes(worth: Worth, control: str) -> dict[str, str]:
    return {one.change: one.outcome for one in worth.outcomes if one.control == control}


def test_an_attained_bound_catches_every_sharpening(worths: dict[str, Worth]) -> None:
    tight = worths["tight"]
    # seven scales, n/4 and 1/2 ask for more; n/2 -> n does not and is not counted
    assert tight.score == "9/9"
    assert tight.sharpening == pytest.approx(1 / 0.99)
    assert outcomes(tight, "mutant")["bound: n/2 -> n"] == "not sharper"


def test_a_loose_bound_is_told_by_what_it_misses(worths: dict[str, Worth]) -> None:
    loose = outcomes(worths["loose"], "mutant")
    # x = k n / 2 exactly: half the bound is attained, so it is not refuted; k alone is
    assert loose["guarantee x 2"] == "missed"
    assert loose["bound: k*n -> k"] == "caught"
    assert worths["loose"].score == "1/8"


def test_an_equivalent_change_is_not_counted(worths: dict[str, Worth]) -> None:
    assert outcomes(worths["loose"], "mutant")["bound: k*n -> n"] == "not sharper"


def test_a_bound_that_can_lose_nothing_catches_nothing(worths: dict[str, Worth]) -> None:
    far = worths["far"]
    caught = {o.change for o in far.mutants if o.refuted}
    # x = n/2 > 1 whenever n >= 9, and x > 3 + 1 too; every other sharper bound is still above
    assert caught == {"bound: 3*n + 1 -> 1", "bound: 3*n -> 3"}


def test_a_hypothesis_is_needed_where_the_claim_breaks_without_it(worths: dict[str, Worth]) -> None:
    above, tight = worths["above"], worths["tight"]
    needed = next(o for o in above.outcomes if o.control == "hypothesis" and o.change == "large")
    assert needed.outcome == "needed"
    assert needed.example is not None
    assert needed.example.finding.value < 4.5
    assert outcomes(tight, "hypothesis")["large"].startswith("no violation found in ")
    assert outcomes(tight, "hypothesis")["idle"] == "never failed alone"


def test_declared_controls_say_whether_they_broke_the_claim(worths: dict[str, Worth]) -> None:
    assert outcomes(worths["tight"], "declared") == {"less": "broke the claim"}
    assert [one.change for one in worths["loose"].failed] == ["same"]


def test_sizes_asked_for_and_there(worths: dict[str, Worth]) -> None:
    sizes = {o.change: o for o in worths["tight"].outcomes if o.kind == "size"}
    assert sizes["large"].figure == 9
    assert sizes["idle"].figure == 1


def test_the_command_writes_controls_and_scores(
    write: Write, few: Callable[[int], None], cli: Callable, table: Callable, tmp_path: Path
) -> None:
    few(30)
    path = write(HALVING, "halving.py")
    done = cli("controls", path, "--out", tmp_path / "out", "--quiet")
    # the control named “same” changes nothing and must be reported
    assert done.code == 1
    scores = {r["claim"]: r["mutants_caught"] for r in table(tmp_path / "out" / "summary.csv")}
    assert scores["tight"] == "9/9"
    rows = table(tmp_path / "out" / "controls.csv")
    assert {r["control"] for r in rows} == {"mutant", "hypothesis", "declared", "coverage"}
    before = (tmp_path / "out" / "controls.csv").read_bytes()
    cli("controls", path, "--out", tmp_path / "out", "--quiet", "--jobs", 2)
    assert (tmp_path / "out" / "controls.csv").read_bytes() == before


def test_a_control_is_judged_on_the_experiments_that_have_its_configuration(
    write: Write, few: Callable[[int], None], cli: Callable, table: Callable, tmp_path: Path
) -> None:
    few(30)
    small = HALVING.split("@experiment")[1].split("halves =")[0]
    small = "@experiment" + small.replace("halving", "small").replace(
        "integers(1, 40)", "integers(1, 9)"
    )
    path = write(HALVING.replace("halves =", small + "halves ="), "halving.py")
    # n = 12 is none of the smaller experiment, which is no error
    assert cli("controls", path, "--out", tmp_path / "out", "--quiet").code == 1
    rows = table(tmp_path / "out" / "controls.csv")
    assert sum(row["control"] == "declared" and row["claim"] == "tight" for row in rows) == 1


def test_the_figures_as_a_page(
    write: Write, few: Callable[[int], None], cli: Callable, tmp_path: Path
) -> None:
    few(30)
    # nothing promised by "hardly" is less than the trivial value
    text = HALVING.replace('Claim("above"', 'Claim("hardly", x <= 3 * n, trivial=n), Claim("above"')
    path, written = write(text, "halving.py"), tmp_path / "page.md"
    cli("controls", path, "--out", tmp_path / "out", "--seed", 3, "--quiet", "--markdown", written)
    lines = written.read_text().splitlines()
    assert f"    boundcheck controls {path} --profile quick --seed 3" in lines
    rows = {line.split(" | ")[1]: line.strip("| ").split(" | ") for line in lines if "| `" in line}
    assert list(rows) == ["tight", "loose", "far", "hardly", "above"]
    # dropping "large" breaks only the claim that needs it; 9 of 40 sizes are too small at most
    assert {claim: cells[4] for claim, cells in rows.items()} == {
        "tight": "0/1", "loose": "0/1", "far": "0/1", "hardly": "0/1", "above": "1/1",
    }  # fmt: skip
    assert (rows["tight"][3], rows["hardly"][6]) == ("1.01", rows["tight"][5])
    assert "Alive somewhere: 4 of 5 claims (80%). Not: `halving@1` hardly." in lines
    refused = cli("controls", path, "--out", tmp_path / "other", "--markdown", tmp_path)
    assert (refused.code, "--markdown" in refused.sentence) == (2, True)
    assert not (tmp_path / "other" / "checks.csv").exists()


SLIPS = '''"""Numbers that double.

    twice: x <= 3 n
"""
from harness import Claim, Scaling, Theorem, experiment, integers, symbol

n = symbol("n", "size", "configuration")
x = symbol("x", "the size again", "run")


@experiment(emits=[n, x], n=integers(1, 40))
def doubling(n):
    return {x: float(n)}


doubled = Theorem(
    title="Doubling",
    claims=[Claim("twice", x <= 2 * n**2)],
    scalings=[Scaling("size", {n: 1, x: 1})],
)
'''


def test_slips_of_transcription_are_reported_and_red(
    write: Write, few: Callable[[int], None], cli: Callable, table: Callable, tmp_path: Path
) -> None:
    few(5)
    done = cli("controls", write(SLIPS, "slips.py"), "--out", tmp_path / "out")
    assert done.code == 1
    rows = table(tmp_path / "out" / "controls.csv")
    slips = {r["kind"]: r["outcome"] for r in rows if r["control"] == "transcription"}
    # x <= 3 n in the docstring, x <= 2 n^2 in the file, and n^2 scales as no size does
    assert slips.keys() == {"homogeneity", "formula"}
    assert "twice" in slips["formula"]
    assert "homogeneity: slips@1:" in done.out


FALSE = HALVING.replace("x >= 4.5", "x >= 5").replace('"above"', '"at-ten"')


def test_a_claim_that_fails_anyway_credits_no_mutant_and_no_hypothesis(
    write: Write, few: Callable[[int], None]
) -> None:
    few(60)
    options = Options()
    selection = selected([str(write(FALSE, "halving.py"))], (), options)
    (worth,) = (one for one in weigh(selection, options)[1] if one.claim == "at-ten")
    # x = n/2 >= 5 fails at n = 9 with every hypothesis met; that row must not be counted again
    assert set(outcomes(worth, "hypothesis").values()) == {"the claim fails with it, too"}
    at_nine = {o.change: o.refuted for o in worth.mutants}
    # 5 / 0.99 is beyond x = 5 (n = 10) but not beyond x = 5.5 (n = 11)
    assert at_nine["guarantee x 1.01"] <= 1
