"""The domain of weights that a user gives, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.two_layer.domains import GivenMatrix
from harness.vocabulary.space import Generator, Partial

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MATRIX = GivenMatrix("", "", "")


@dataclass(frozen=True)
class GivenLayers:
    """Two matrices or more, each taking what the one before gives; set by the user, never drawn."""

    def draw(self, rng: Generator, partial: Partial) -> None:
        return None

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) < 2:
            return "must be a list of at least two matrices"
        for at, layer in enumerate(value):
            if why := MATRIX.refuse(layer, {}):
                return f"layer {at + 1} {why}"
            if at and len(layer) != len(value[at - 1][0]):
                return (
                    f"layer {at + 1} takes {len(layer)} value(s), but layer {at} gives "
                    f"{len(value[at - 1][0])}"
                )
        return None

    def strategy(self, partial: Partial) -> SearchStrategy[None]:
        from hypothesis import strategies as st

        return st.none()
