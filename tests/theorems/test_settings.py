"""The notation of the setting modules: their docstrings against their definitions."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
import sympy

from harness.discovery import finder
from harness.symbols import K, mu
from harness.transcription.formulas import definition_disagreements, readable
from harness.transcription.spelling import spellings
from harness.vocabulary.definition import Definition
from harness.vocabulary.symbol import symbol
from theorems.convergence import xu23_rates, xu23_setting, xu25_growth, xu25_setting

STATED = [
    (xu23_setting, "xu23_thm32_linear_rate@2", {"p1", "p2"}),
    (xu25_setting, "xu25_thm32_linear_rate@2", {"beta1", "beta2", "mu_t", "K_t"}),
    (xu25_growth, "xu25_thm32_linear_rate@2", {"mubar", "Kbar_t"}),
]


def named(ref: str) -> tuple[tuple[Definition, ...], dict[str, Any]]:
    theorem = finder.theorem(ref)
    stretches = {"sigma_max(X)": sympy.sqrt(K), "sigma_min(X)": sympy.sqrt(mu)}
    return theorem.definitions, {**spellings(theorem), **stretches}


@pytest.mark.parametrize(("module", "ref", "names"), STATED)
def test_stated_definitions_are_those_of_the_file(
    module: ModuleType, ref: str, names: set[str]
) -> None:
    definitions, table = named(ref)
    doc = module.__doc__ or ""
    assert {one.name for one in definitions if readable(doc, one, table)} == names
    assert definition_disagreements(doc, definitions, table) == []


@pytest.mark.parametrize(
    ("module", "ref", "right", "wrong"),
    [
        (xu23_setting, "xu23_thm32_linear_rate@2", "|E(0)|_F, 0) / sigma_max", "|E(0)|_F, 0) / K"),
        (xu25_setting, "xu25_thm32_linear_rate@2", "6 K^2 sigma_max(W)", "6 K sigma_max(W)"),
        (xu25_growth, "xu25_thm32_linear_rate@2", "exp(e^c) alpha2", "exp(e) alpha2"),
    ],
)
def test_a_slip_in_a_setting_is_found(module: ModuleType, ref: str, right: str, wrong: str) -> None:
    definitions, table = named(ref)
    doc = module.__doc__ or ""
    if wrong.endswith("/ K"):
        right, wrong = f"{right}(X)", wrong
    assert right in doc
    assert definition_disagreements(doc.replace(right, wrong), definitions, table)


def test_the_quartic_is_the_one_written_above_it() -> None:
    low, high, skew = (
        symbol(name, f"{name} of the table", "run") for name in ("low", "high", "skew")
    )
    quartic = xu23_rates.quartic("h1 h2 h3 h4", low, high, skew)
    table = {one.name: one for one in (low, high, skew, K, mu)}
    doc = xu23_rates.__doc__ or ""
    assert all(readable(doc, one, table) for one in quartic)
    assert definition_disagreements(doc, quartic, table) == []
    wrong = doc.replace("h3 = 2 K mu high skew", "h3 = K mu high skew")
    assert len(definition_disagreements(wrong, quartic, table)) == 1
