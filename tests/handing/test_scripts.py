"""Function experiments as scripts that import nothing of this project, run alone in an empty folder."""

from __future__ import annotations

import importlib.util
import re
import statistics
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness import check
from harness.handing.carried import NotCarriedError, carried
from harness.handing.equivalents import EQUIVALENTS
from harness.options import Options
from tests.conftest import Write

ROOT = Path(__file__).resolve().parents[2]
PAIRS = ROOT / "benchmarks" / "falsification"
HEXAGON = [k * 3.141592653589793 / 3 for k in range(6)]

VIOLATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "o01_adam_regret": (
        "adam_regret",
        {"beta2": 0.1, "a": 0.9 * 0.9**0.5, "gradients": [3, -1, -1]},
    ),
    "o02_heavy_ball": (
        "heavy_ball_converges",
        {"slopes": [25, 1, 25], "breaks": [1, 2], "x0": 3.3},
    ),
    "o03_admm_three_blocks": ("three_blocks", {"A": [[1, 1, 1], [1, 1, 2], [1, 2, 2]]}),
    "o04_cg_residual": ("cg_residual", {"spectrum": [1, 100, 1], "b": [10, 1, 0]}),
    "o05_newton": ("pure_newton", {"a": 5, "b": 1, "x0": 3}),
    "o06_nesterov_monotone": ("nesterov_monotone", {"curvatures": [1, 0.1], "x0": [1, 1]}),
    "o07_descent_ascent": (
        "descent_ascent",
        {"eta": 0.1, "A": [[1, 0], [0, 0]], "z0": [1, 0, 1, 0]},
    ),
    "o08_clipping_bias": (
        "clipping",
        {"values": [4, -1, -1], "weights": [0.25, 0.375, 0.375], "m": 0},
    ),
    "o09_local_sgd": (
        "local_steps",
        {"H": 5, "eta": 0.05, "curvatures": [1, 10], "centres": [0, 1]},
    ),
    "o10_catapult": ("catapult", {"u": 3, "v": 0.1, "eta": 0.35}),
    "o12_u_shape": ("u_shape", {"n": 10, "features": 40, "decay": 0, "noise": 0.04}),
    "o13_optimal_ridge_monotone": (
        "any_inputs",
        {"n": 1, "q": 0.95, "scale": 100, "noise": [0, 80**0.5], "beta": [1, 0]},
    ),
    "o14_min_norm_any_init": (
        "any_start",
        {"A": [[1, 0, 0], [0, 1, 0]], "b": [0, 0], "start": [0, 0, 1], "rounds": 40},
    ),
    "o15_relu_affine_trap": (
        "relu_network",
        {"weights": [1, 1], "biases": [2, 2], "targets": [0, 1, 0]},
    ),
    "o16_strict_saddle_depth3": ("any_depth", {"layers": 3, "weights": [0, 0, 0]}),
    "o17_ntk_hexagon": ("distinct_inputs", {"angles": HEXAGON}),
    "o18_softmax_049": ("below_a_half", {"n": 2, "logits": [0, 0]}),
    "o19_attention_lipschitz": ("everywhere", {"n": 2, "x": [0, 10]}),
    "o20_subgaussian_without_linear_term": ("own_variance", {"n": 100, "p": 0.01, "k": 5}),
    "o23a_pl_rate": ("doubled", {"curvatures": [1, 4], "x": [1, 0]}),
    "o23b_sharpness": ("sharpness_of_a_function", {"scale": 2, "other": 1, "x": 1}),
    "o23c_ntk_constant": (
        "constant_kernel",
        {"root": 1, "u": [1], "v": [1], "target": 0, "step": 0.5},
    ),
    "o23d_square_monotone": (
        "squares",
        {"F": [[1, 0], [1, 0]], "diagonal": [1, 0], "corner": 0},
    ),
    "o23e_anderson_picard": (
        "beats_picard",
        {"entries": [0.5, 0, -0.25], "residual": [1, 1], "rounds": 2},
    ),
    "o21_gaussian_opnorm_surely": ("surely", {"m": 1, "n": 1, "excess": 1.0, "seed": 3}),
    "o23f_sgd_constant_step": (
        "to_the_minimiser",
        {"mu": 0.5, "step": 0.5, "noise": 1, "start": 0, "rounds": 1},
    ),
}
"""Pair, its false theorem, and a configuration that refutes it."""


def alone(script: Path, folder: Path) -> tuple[int, str]:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, timeout=60, cwd=folder
    )
    assert not done.stderr
    return done.returncode, done.stdout


def handed(pair: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    theorem, configuration = VIOLATIONS[pair]
    options = Options(configuration=configuration, out=folder / "out")
    report = check(f"{PAIRS / pair}.py::{theorem}@1", options=options)
    assert report.unscripted == ()
    (script,) = report.scripts
    (row,) = report.to_dicts(report.violations)
    return script, row


@pytest.mark.parametrize("pair", VIOLATIONS)
def test_it_confirms_the_violation_and_a_loosened_bound_does_not(pair: str, tmp_path: Path) -> None:
    script, row = handed(pair, tmp_path)
    text = script.read_text(encoding="utf-8")
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.M))
    assert imported <= {"sys", "math", "fractions", "numpy", "itertools", "decimal"}
    code, said = alone(script, tmp_path / "empty")
    assert code == 0, said
    *hypotheses, claim = said.splitlines()
    assert all(" is True, difference " in line for line in hypotheses)
    found = re.fullmatch(r"CLAIM .*: (\S+) (\S+) (\S+) is False, difference \S+", claim)
    assert found is not None, claim
    left, sense, right = found.groups()
    assert sense == row["sense"]
    assert float(Fraction(left)) == pytest.approx(row["value"], rel=1e-6, abs=1e-12)
    assert float(Fraction(right)) == pytest.approx(row["bound"], rel=1e-6, abs=1e-12)
    generous = {"<=": "10**9", "<": "10**9", ">=": "-10**9", "==": "left_"}[sense]
    call = re.search(r"^claim = compare\(.*\)$", text, re.M)
    assert call is not None
    name, first = re.match(r'claim = compare\(("[^"]*"), (\w+)', call.group()).groups()  # type: ignore[union-attr]
    loosened = f'claim = compare({name}, {first}, "{sense}", {generous.replace("left_", first)})'
    script.write_text(text.replace(call.group(), loosened), encoding="utf-8")
    assert alone(script, tmp_path / "second")[0] == 1


@pytest.mark.parametrize(
    ("pair", "old", "new", "line"),
    [
        ("o23a_pl_rate", "=[1.0, 4.0]", "=[3.0, 4.0]", "a factor: 6 <= 4 is False, difference 2.0"),
        (
            "o16_strict_saddle_depth3",
            "weights=[0, 0, 0]",
            "weights=[1, 1, 1]",
            "not minimal: 0 > 0 is False, difference 0.0",
        ),
    ],
)
def test_a_broken_hypothesis_is_no_violation(
    pair: str, old: str, new: str, line: str, tmp_path: Path
) -> None:
    script, _ = handed(pair, tmp_path)
    text = script.read_text(encoding="utf-8")
    assert old in text
    script.write_text(text.replace(old, new), encoding="utf-8")
    code, said = alone(script, tmp_path / "empty")
    assert code == 1
    assert line in said.splitlines()


def test_a_search_whose_simplest_point_has_no_script_says_so(
    cli: Any, write: Write, tmp_path: Path
) -> None:
    # n = 2 is taken for exact by the harness; the float in the script meets the bound
    file = write(
        '"""Powers are small."""\n'
        "from harness import Claim, Theorem, experiment, integers, symbol\n\n"
        'x = symbol("x", "a power", "run")\n\n\n'
        "@experiment(emits=[x], n=integers(1, 3))\n"
        "def power(n):\n"
        '    if n == 2 and __name__ == "__main__":\n'
        "        return {x: 0}\n"
        "    return {x: 2**n}\n\n\n"
        'small = Theorem(title="Small", claims=[Claim("c", x <= 2)])\n'
    )
    done = cli("stress", file, "--budget", 20, "--out", tmp_path / "out")
    assert (
        "small@1 c: the script shows another point: floating point does not confirm it" in done.out
    )
    script = tmp_path / "out" / "counterexamples" / "small@1-c.py"
    assert "n=3" in script.read_text(encoding="utf-8")
    assert alone(script, tmp_path / "empty")[0] == 0


def test_scripts_are_short(tmp_path: Path) -> None:
    lengths = []
    for pair in ("o03_admm_three_blocks", "o08_clipping_bias", "o18_softmax_049", "o23a_pl_rate"):
        (tmp_path / pair).mkdir()
        script, _ = handed(pair, tmp_path / pair)
        lengths.append(len(script.read_text(encoding="utf-8").splitlines()))
    assert statistics.median(lengths) <= 45
    assert max(lengths) <= 60


def test_fractions_are_compared_exactly(write: Write, tmp_path: Path) -> None:
    # the sides differ by 10^-40, far below what a double tells apart
    file = write(
        '"""One third is above itself."""\n'
        "from fractions import Fraction\n\n"
        "from harness import Claim, Theorem, experiment, integers, symbol\n\n"
        'x = symbol("x", "a third and a little", "run")\n'
        'y = symbol("y", "the little, scaled", "run")\n\n\n'
        "@experiment(emits=[x, y], n=integers(1, 50))\n"
        "def little(n):\n"
        "    return {x: Fraction(1, 3) + Fraction(1, 10**n), y: Fraction(1, 10**n)}\n\n\n"
        'third = Theorem(title="Third", claims=[Claim("c", y * 10**40 <= 0)])\n'
    )
    options = Options(configuration={"n": 40}, out=tmp_path / "out")
    (script,) = check(str(file), options=options).scripts
    assert "CLAIM c: 1 <= 0 is False" in alone(script, tmp_path / "empty")[1]
    text = script.read_text(encoding="utf-8")
    changed = re.sub(
        r"^claim = .*$",
        'claim = compare("CLAIM c", y, "<=", Fraction(1, 10**40))',
        text,
        flags=re.M,
    )
    script.write_text(changed, encoding="utf-8")
    assert alone(script, tmp_path / "equal")[0] == 1
    script.write_text(changed.replace("10**40))", "10**40 + 1))"), encoding="utf-8")
    assert alone(script, tmp_path / "less")[0] == 0


def test_draws_and_helpers_are_carried_too(write: Write, tmp_path: Path) -> None:
    file = write(
        '"""Sums of squares are small."""\n'
        "from functools import cache as kept\n\n"
        "import numpy as np\n\n"
        "from harness import Claim, Theorem, experiment, integers, symbol\n\n"
        'n = symbol("n", "how many", "configuration")\n'
        'total = symbol("total", "sum of squares", "run")\n'
        "SCALE: float = 3.0\n"
        "UNUSED = undefined_on_purpose = 1\n\n\n"
        "@kept\n"
        "def factor(power: int = int(SCALE)) -> float:\n"
        '    """Two lines\n\n    of text."""\n'
        "    return SCALE**power\n\n\n"
        "@experiment(emits=[n, total], n=integers(1, 9))\n"
        "def squares(n, rng):\n"
        '    """Standard Gaussian numbers.\n\n    Added up.\n    """\n'
        "    return {total: float(np.sum(rng.standard_normal(n) ** 2)) * factor()}\n\n\n"
        'small = Theorem(title="Small", claims=[Claim("c", total <= n / 1000)])\n'
    )
    options = Options(configuration={"n": 5, "seed": 7}, out=tmp_path / "out")
    report = check(str(file), options=options)
    (script,) = report.scripts
    text = script.read_text(encoding="utf-8")
    assert "UNUSED" not in text
    assert "Added up" not in text
    assert "default_rng(7)" in text
    code, said = alone(script, tmp_path / "empty")
    assert code == 0
    sides = re.search(r"CLAIM c: (\S+) <= (\S+)", said)
    assert sides is not None
    assert float(sides[1]) == report.violations[0].finding.value
    assert float(Fraction(sides[2])) == 5 / 1000


def module(text: str, folder: Path) -> ModuleType:
    path = folder / "carried_module.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("carried_module", path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from sympy import Abs\ndef f(): return Abs(1)\n", "“Abs” of sympy"),
        ("import sympy\ndef f(): return sympy.pi\n", "“sympy” of sympy"),
        ("from harness import check\ndef f(): return check\n", "“check” of harness"),
        ("def g(a):\n    return lambda: a\nf = g(1)\n", "no function at the top"),
        ("def g(a):\n    def f(): return a\n    return f\nf = g(1)\n", "no function at the top"),
        ("c = 1\ndef f():\n    global c\n    c += 1\n    return c\n", "changes “c”"),
        ("c = 1\nc = 2\ndef f(): return c\n", "“c” is bound more than once"),
        ("c = 1\nc += 1\ndef f(): return c\n", "“c” is bound more than once"),
        ("for c in range(3):\n    pass\ndef f(): return c\n", "“c” is not bound by a plain"),
        ("def f(): return missing\n", "“missing” is not defined"),
        ("def f(): return open('x').read()\n", "it opens a file"),
        ("def g(): return h()\ndef h(): return k\ndef f(): return g()\n", "“k” is not defined"),
    ],
)
def test_what_cannot_be_carried_says_why(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(NotCarriedError, match=re.escape(why)):
        carried(module(text, tmp_path).f)


def test_a_function_without_source_is_refused() -> None:
    names: dict[str, Any] = {}
    exec("def f(): return 1", names)
    with pytest.raises(NotCarriedError, match="source is not available"):
        carried(names["f"])


def test_shadowed_and_recursive_names_are_carried_once(tmp_path: Path) -> None:
    text = (
        "n = 5\nm = n + 1\n"
        "def even(k): return k == 0 or odd(k - 1)\n"
        "def odd(k): return k > 0 and even(k - 1)\n"
        "def f(n):\n    g = [m for m in range(n)]\n    return even(n), sum(g)\n"
    )
    found = carried(module(text, tmp_path).f)
    assert "n = 5" not in found.text
    assert [found.text.count(f"def {name}(") for name in ("even", "odd", "f")] == [1, 1, 1]
    names: dict[str, Any] = {}
    exec(found.text, names)
    assert names["f"](4) == (True, 6)


def test_the_story_says_why_there_is_no_script(cli: Any, write: Write, tmp_path: Path) -> None:
    file = write(
        '"""The norm is small."""\n'
        "from sympy import Abs\n\n"
        "from harness import Claim, Theorem, experiment, integers, symbol\n\n"
        'x = symbol("x", "a norm", "run")\n\n\n'
        "@experiment(emits=[x], n=integers(1, 9))\n"
        "def norm(n):\n"
        "    return {x: float(Abs(n))}\n\n\n"
        'small = Theorem(title="Small", claims=[Claim("c", x <= 0)])\n'
    )
    for command in (("check", file), ("stress", file, "--budget", 9)):
        done = cli(*command, "--out", tmp_path / "out")
        assert "small@1 c: no script: it needs “Abs” of sympy" in done.out
        assert not (tmp_path / "out" / "counterexamples" / "small@1-c.py").exists()


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("spectral_radius", ([[0, 2], [2, 0]],), 2.0),
        ("spectral_radius", ([[0, 2], [2, 0]], [[4, 0], [0, 4]]), 0.5),
        ("eigenvalues", ([[2, 1], [1, 2]],), [1.0, 3.0]),
        ("singular_values", ([[0, 3], [4, 0]],), [4.0, 3.0]),
        ("solve", ([[2, 0], [0, 4]], [2, 2]), [1.0, 0.5]),
    ],
)
def test_the_equivalents_in_numpy(name: str, arguments: Any, expected: Any) -> None:
    names: dict[str, Any] = {}
    exec("import numpy as np\n" + EQUIVALENTS[name].format(name="renamed"), names)
    found = names["renamed"](*arguments)
    value = found[0] if isinstance(found, tuple) else found
    assert list(value) == pytest.approx(expected) if isinstance(expected, list) else True
    assert isinstance(expected, list) or value == pytest.approx(expected)
