"""Boundcheck: deep-learning theorems as records, put to the test.

Everything a theorem file or a test needs is imported from here; names are loaded on first use, so
``import harness`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sympy import Eq as Eq
    from sympy import Max as Max
    from sympy import Min as Min
    from sympy import exp as exp
    from sympy import log as log
    from sympy import sqrt as sqrt

    from harness.errors import UsageError as UsageError
    from harness.modules.declaration import module_experiment as module_experiment
    from harness.numbers.linear import eigenvalues as eigenvalues
    from harness.numbers.linear import singular_values as singular_values
    from harness.numbers.linear import solve as solve
    from harness.numbers.radius import spectral_radius as spectral_radius
    from harness.options import Options as Options
    from harness.searching.stress import stress as stress
    from harness.session import check as check
    from harness.strategies import configurations as configurations
    from harness.vocabulary.definition import Definition as Definition
    from harness.vocabulary.definition import Parameter as Parameter
    from harness.vocabulary.definition import Root as Root
    from harness.vocabulary.definition import Unknown as Unknown
    from harness.vocabulary.experiment import Axis as Axis
    from harness.vocabulary.experiment import Experiment as Experiment
    from harness.vocabulary.experiment import experiment as experiment
    from harness.vocabulary.kinds import AlmostSurely as AlmostSurely
    from harness.vocabulary.kinds import Deterministic as Deterministic
    from harness.vocabulary.kinds import Expectation as Expectation
    from harness.vocabulary.kinds import Exponent as Exponent
    from harness.vocabulary.kinds import Law as Law
    from harness.vocabulary.kinds import Probability as Probability
    from harness.vocabulary.link import Link as Link
    from harness.vocabulary.operators import Prod as Prod
    from harness.vocabulary.operators import Sum as Sum
    from harness.vocabulary.scaling import Scaling as Scaling
    from harness.vocabulary.space import choice as choice
    from harness.vocabulary.space import depending as depending
    from harness.vocabulary.space import integers as integers
    from harness.vocabulary.space import matrix as matrix
    from harness.vocabulary.space import reals as reals
    from harness.vocabulary.space import vector as vector
    from harness.vocabulary.structured import separated as separated
    from harness.vocabulary.symbol import symbol as symbol
    from harness.vocabulary.theorem import Claim as Claim
    from harness.vocabulary.theorem import Control as Control
    from harness.vocabulary.theorem import Hypothesis as Hypothesis
    from harness.vocabulary.theorem import Rate as Rate
    from harness.vocabulary.theorem import Step as Step
    from harness.vocabulary.theorem import Theorem as Theorem
    from harness.vocabulary.verdict import Verdict as Verdict

_HOMES = {
    "sympy": ("Eq", "Max", "Min", "exp", "log", "sqrt"),
    "harness.errors": ("UsageError",),
    "harness.modules.declaration": ("module_experiment",),
    "harness.numbers.linear": ("eigenvalues", "singular_values", "solve"),
    "harness.numbers.radius": ("spectral_radius",),
    "harness.options": ("Options",),
    "harness.searching.stress": ("stress",),
    "harness.session": ("check",),
    "harness.strategies": ("configurations",),
    "harness.symbols": ("symbol",),
    "harness.vocabulary.definition": ("Definition", "Parameter", "Root", "Unknown"),
    "harness.vocabulary.experiment": ("Axis", "Experiment", "experiment"),
    "harness.vocabulary.kinds": (
        "AlmostSurely",
        "Deterministic",
        "Expectation",
        "Exponent",
        "Law",
        "Probability",
    ),
    "harness.vocabulary.link": ("Link",),
    "harness.vocabulary.operators": ("Prod", "Sum"),
    "harness.vocabulary.scaling": ("Scaling",),
    "harness.vocabulary.space": (
        "choice",
        "depending",
        "integers",
        "matrix",
        "reals",
        "vector",
    ),
    "harness.vocabulary.structured": ("separated",),
    "harness.vocabulary.theorem": ("Claim", "Control", "Hypothesis", "Rate", "Step", "Theorem"),
    "harness.vocabulary.verdict": ("Verdict",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'harness' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
