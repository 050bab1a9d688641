"""Data laws, real data, CSV files, and the sentences for files and arrays that cannot be used."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.data import draw_data
from experiments.two_layer.setup import problem
from harness.errors import UsageError


def singular_values(matrix: Any) -> Any:
    return np.linalg.svd(matrix, compute_uv=False)


@pytest.mark.parametrize("shape", [(9, 4), (3, 6), (5, 5), (1, 1), (1, 4), (4, 1)])
def test_synthetic_spectra(configure: Any, shape: tuple[int, int]) -> None:
    samples, features = shape
    axes = {"samples": samples, "features": features, "outputs": 2, "seed": 3}
    X, Y = draw_data(configure(data="orthogonal", **axes))
    assert X.shape == shape
    assert Y.shape == (samples, 2)
    assert singular_values(X) == pytest.approx(1, rel=1e-13)
    X, _ = draw_data(configure(data="conditioned", condition=100, **axes))
    values = singular_values(X)
    assert values[0] == pytest.approx(1, rel=1e-12)
    assert values[0] / values[-1] == pytest.approx(100 if min(shape) > 1 else 1, rel=1e-10)
    reduced = problem(configure(data="rank_deficient", **axes))
    assert reduced.rank < min(shape) or min(shape) == 1


def test_duplicates_repeat_samples_and_a_feature(configure: Any) -> None:
    X, _ = draw_data(configure(data="duplicates", samples=6, features=3))
    assert len(np.unique(X, axis=0)) == 3
    assert np.array_equal(X[:, 0], X[:, 2])
    assert problem(configure(data="duplicates", samples=6, features=3)).rank == 2


def test_noise_is_added_to_the_targets_only(configure: Any) -> None:
    quiet = draw_data(configure(samples=400, noise=0, seed=1))
    loud = draw_data(configure(samples=400, noise=2, seed=1))
    assert np.array_equal(quiet[0], loud[0])
    assert problem(configure(samples=400, noise=0, seed=1)).rest < 1e-28
    sd = np.std(loud[1] - quiet[1]) * np.sqrt(400)
    assert sd == pytest.approx(2, rel=0.15)


@pytest.mark.parametrize(
    ("name", "scaling"),
    [(n, s) for n in ("diabetes", "digits", "breast_cancer") for s in ("standardised", "raw")],
)
def test_real_data_have_the_declared_shape(configure: Any, name: str, scaling: str) -> None:
    configuration = configure(data=name, scaling=scaling, samples=3, features=2, outputs=5)
    X, Y = draw_data(configuration)
    assert X.shape == (configuration["samples"], configuration["features"])
    assert Y.shape == (configuration["samples"], configuration["outputs"])
    if scaling == "standardised":
        assert np.abs(X.sum(axis=0)).max() < 1e-10
        assert (X**2).sum(axis=0) == pytest.approx(1)
        assert (Y**2).sum(axis=0) == pytest.approx(1)


def test_csv_is_read_standardised_and_hashed(configure: Any, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,const,b,target\n1,7,2,3\n2,7,5,1\n4,7,1,0\n\n8,7,0,2\n")
    configuration = configure(data="csv", file=str(file), targets=1)
    assert configuration["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    sizes = [configuration[axis] for axis in ("samples", "features", "outputs")]
    assert sizes == [4, 2, 1]
    X, Y = draw_data(configuration)
    a = np.array([1, 2, 4, 8.0])
    assert X[:, 0] == pytest.approx((a - a.mean()) / a.std() / 2)
    raw = configure(data="csv", file=str(file), targets=2, scaling="raw")
    X, Y = draw_data(raw)
    assert np.array_equal(X, [[1, 7], [2, 7], [4, 7], [8, 7]])
    assert np.array_equal(Y, [[2, 3], [5, 1], [1, 0], [0, 2]])
    file.write_text("a,const,b,target\n1,7,2,3\n2,7,5,1\n4,7,1,5\n")
    with pytest.raises(UsageError, match="has changed"):
        draw_data(configuration)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2,3\n4,5\n", "is ragged: line 2 has 2 cells"),
        ("1,2\n3,nan\n", "line 2: “nan” is not a finite number"),
        ("1,2\n3,inf\n", "not a finite number"),
        ("1,2\n3,four\n", "line 2: “four” is not a number"),
        ("1,2\n3,\n", "is not a number"),
        ("1\n2\n", r"has 1 column\(s\): too few"),
        ("", "no rows of numbers"),
        ("a,b\n", "no rows of numbers"),
        ("1,2\n1,3\n", "all features are constant"),
        ("1,2\n2,2\n", "all targets are constant"),
    ],
)
def test_unusable_csv_is_one_clear_sentence(
    configure: Any, tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content)
    with pytest.raises(UsageError, match=message) as caught:
        configure(data="csv", file=str(file))
    assert "\n" not in str(caught.value)


def test_missing_csv(configure: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        configure(data="csv", file=str(tmp_path / "none.csv"))
    with pytest.raises(UsageError, match="needs the file"):
        configure(data="csv")


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"data": "given", "X": [[1.0]]}, "needs the matrix Y"),
        ({"data": "given", "X": [[1.0]], "Y": [[1.0], [2.0]]}, "one each per sample"),
        ({"data": "given", "X": [[1.0], [2.0, 3.0]], "Y": [[1.0]]}, "rows of equal length"),
        ({"data": "given", "X": [[float("nan")]], "Y": [[1.0]]}, "finite"),
        ({"data": "given", "X": [[0.0]], "Y": [[1.0]]}, "zero throughout"),
        ({"data": "given", "X": 3, "Y": [[1.0]]}, "list of rows"),
        ({"init": "given", "W1": [[1.0]] * 3, "W2": [[1.0, 1.0]] * 2}, "they must be 3 x h"),
        ({"init": "given", "W1": [[1.0]] * 3}, "needs the matrix W2"),
        ({"init": "narrow", "features": 1}, "both must be at least 2"),
        ({"init": "narrow", "features": 3, "outputs": 4, "width": 3}, "must lie in 1..2"),
    ],
)
def test_inconsistent_axes_are_one_clear_sentence(
    configure: Any, axes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        configure(**axes)
    assert "\n" not in str(caught.value)


def test_real_data_are_those_of_scikit_learn_to_the_last_bit(configure: Any) -> None:
    from sklearn import datasets

    expected = {
        "diabetes": datasets.load_diabetes(return_X_y=True, scaled=False),
        "digits": datasets.load_digits(return_X_y=True),
        "breast_cancer": datasets.load_breast_cancer(return_X_y=True),
    }
    for name, (inputs, labels) in expected.items():
        found, targets = draw_data(configure(data=name, scaling="raw"))
        assert np.array_equal(found, inputs)
        single = targets[:, 0] if targets.shape[1] == 1 else targets.argmax(axis=1)
        assert np.array_equal(single, labels)
        found[:] = 0
        assert draw_data(configure(data=name, scaling="raw"))[0].any()


def test_data_are_read_without_importing_scikit_learn(shell: Any, root: Path) -> None:
    code = (
        "import sys\nfrom experiments.data import _real\n"
        "assert [len(_real(one)[0]) for one in ('diabetes', 'digits', 'breast_cancer')] == [442, 1797, 569]\n"
        "print([one for one in sys.modules if one.startswith(('sklearn', 'scipy', 'torch'))])"
    )
    assert shell("-c", code, path=[root]).out == "[]\n"
