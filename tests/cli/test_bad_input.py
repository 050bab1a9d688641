"""Bad input: one clear sentence on stderr, exit code 2, no file in the output folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DESCENT = "examples/descent.py"


@pytest.fixture
def refused(cli: Any, tmp_path: Path, root: Path) -> Callable[..., str]:
    """Runs a check that must be refused; returns its sentence."""

    def call(*words: object) -> str:
        out = tmp_path / "out"
        words = tuple(root / word if word == DESCENT else word for word in words)
        found = cli("check", *words, "--out", out)
        assert (found.code, found.out) == (2, "")
        assert not out.exists() or not list(out.iterdir())
        return str(found.sentence)

    return call


def test_an_unknown_id_is_answered_with_the_nearest_one(refused: Any) -> None:
    sentence = refused("xu23_drfit")
    assert "“xu23_drfit” matches no theorem" in sentence
    assert "did you mean xu23_drift?" in sentence


def test_a_glob_that_matches_nothing_is_refused(refused: Any) -> None:
    assert "nowhere/*" in refused("nowhere/*")


def test_a_missing_file_is_named(refused: Any, tmp_path: Path) -> None:
    assert "absent.py" in refused(tmp_path / "absent.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from harness import Claim\n\n\ndef broken(:\n", "line 4: does not parse"),
        ("x = 1\n\nraise ValueError('odd')\n", "line 3: ValueError: odd"),
        ("import nonexistent_module_of_mine\n", "nonexistent_module_of_mine"),
        ("from harness.symbols import loss\n", "holds no theorem"),
        ("from harness import Theorem\nt = Theorem(title='T', claims=[])\n", "has no claim"),
    ],
)
def test_a_file_that_does_not_load_is_explained_with_its_line(
    refused: Any, write: Any, text: str, expected: str
) -> None:
    path = write(text, "mine.py")
    sentence = refused(path)
    assert expected in sentence
    assert str(path) in sentence


def test_a_chained_comparison_is_answered_with_the_cure(refused: Any, write: Any) -> None:
    path = write(
        "from harness import Claim, Hypothesis, Theorem\n"
        "from harness.symbols import eta, loss\n"
        "h = Hypothesis('between', 'between', 0 < eta < 1)\n",
        "mine.py",
    )
    sentence = refused(path)
    assert "line 3" in sentence
    assert "And(a < b, b < c)" in sentence


def test_one_theorem_of_a_file_must_exist(refused: Any, write: Any) -> None:
    assert "has no theorem “doubles”" in refused(f"{write()}::doubles")


def test_a_needed_symbol_that_no_experiment_emits_is_named(refused: Any, write: Any) -> None:
    path = write(
        "from harness import Claim, Theorem, symbol\n"
        "from harness.symbols import loss\n"
        "entropy = symbol('entropy', 'entropy of the weights')\n"
        "mine = Theorem(title='M', claims=[Claim('c', entropy <= loss)])\n",
        "mine.py",
    )
    assert "lacks entropy" in refused(path)
    assert "does not emit entropy" in refused(path, "--experiment", "two_layer_linear")


def test_an_unknown_experiment_is_answered_with_those_there_are(refused: Any) -> None:
    sentence = refused(DESCENT, "--experiment", "three_layer")
    assert "there is no experiment “three_layer”" in sentence
    assert "two_layer_linear" in sentence


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("width=-3", "width=-3: must lie in 1.."),
        ("features=-3", "features=-3"),
        ("features=many", 'features="many": must be a whole number'),
        ("data=[1]", "data=[1]: must be one of gaussian"),
        ("nonsense=1", "has no axis “nonsense”"),
        ("width", "write AXIS=VALUE"),
        ("=3", "write AXIS=VALUE"),
        ("parameters=3", "parameters: must be an object"),
        ('parameters={"c9":1}', "has no parameter “c9”"),
        ("steps=0", "steps=0: must be a whole number"),
        ("step_size=-1", "step_size=-1: must be a number >= 0"),
        ("scale=NaN", "scale=NaN"),
        ("seed=1.5", "seed=1.5: must be a whole number"),
    ],
)
def test_a_setting_outside_its_axis_is_refused(refused: Any, setting: str, expected: str) -> None:
    assert expected in refused(DESCENT, "--set", setting)


def test_a_limit_of_a_theorem_that_does_not_exist_is_refused(refused: Any) -> None:
    step = 'step_size={"fraction":1,"of":"nobody@1"}'
    assert "nobody@1" in refused(DESCENT, "--set", step)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"width": 3,}', "not JSON"),
        ("[1, 2]", "neither JSON nor a readable file"),
        ('{"wdith": 3}', "no axis “wdith”"),
        ('{"width": "wide"}', 'width="wide": must be a whole number'),
        ('{"scale": NaN}', "scale=NaN"),
        ('{"X": [[1, 2], [3]], "data": "given"}', "equal length"),
        ("absent.json", "neither JSON nor a readable file"),
    ],
)
def test_a_configuration_that_is_none_is_refused(refused: Any, text: str, expected: str) -> None:
    assert expected in refused(DESCENT, "--config", text)


def test_a_configuration_file_must_hold_an_object(refused: Any, write: Any) -> None:
    assert "must be a JSON object" in refused(DESCENT, "--config", write("[1]", "c.json"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--profile", "lavish"), "lavish"),
        (("--seed", "-1"), "--seed -1: must be at least 0"),
        (("--seed", "one"), "--seed"),
        (("--jobs", "0"), "--jobs 0: must be at least 1"),
        (("--targets", "1"), "--targets goes with --data"),
        (("--nonsense",), "--nonsense"),
    ],
)
def test_an_option_out_of_range_is_refused(
    refused: Any, words: tuple[str, ...], expected: str
) -> None:
    assert expected in refused(DESCENT, *words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,3\n4,nan,6\n", "line 2: “nan” is not a finite number"),
        ("1,2,3\n4,5\n", "ragged: line 2"),
        ("a,b\n1,2\n3,four\n", "line 3: “four” is not a number"),
        ("a,b\n", "holds no rows"),
        ("1\n2\n", "too few for 1 target"),
        ("1,2\n1,3\n1,4\n", "all features are constant"),
    ],
)
def test_a_table_that_cannot_be_used_is_explained(
    refused: Any, write: Any, text: str, expected: str
) -> None:
    assert expected in refused(DESCENT, "--data", write(text, "table.csv"))


def test_a_table_that_is_not_there_is_named(refused: Any, tmp_path: Path) -> None:
    assert "absent.csv" in refused(DESCENT, "--data", tmp_path / "absent.csv")


def test_an_output_folder_that_cannot_be_used_is_refused(
    cli: Any, tmp_path: Path, write: Any
) -> None:
    theorem, occupied = write(), write("mine", "occupied")
    found = cli("check", theorem, "--out", occupied)
    assert found.code == 2
    assert "is a file" in found.sentence
    below = cli("check", theorem, "--out", occupied / "below")
    assert below.code == 2
    assert "cannot be written" in below.sentence
    assert occupied.read_text() == "mine"


@pytest.mark.parametrize("words", [(), ("fly",), ("show",), ("show", "nobody"), ("new", "1x")])
def test_every_command_answers_bad_input_alike(cli: Any, words: tuple[str, ...]) -> None:
    found = cli(*words)
    assert (found.code, found.out) == (2, "")
    assert found.sentence
