"""Multilayer perceptrons under the harness: verdicts, the oracle, bad input, what they fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.mlp.engine import Perceptrons
from experiments.mlp.network import Stack
from experiments.multilayer import mlp
from harness.discovery import finder
from harness.errors import UsageError
from harness.running import oracle
from harness.running.configuration import completed
from harness.vocabulary.claim import Claim as _  # noqa: F401
