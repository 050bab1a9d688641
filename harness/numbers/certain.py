"""A number whose rounding error was bounded by code that can be relied on."""

from __future__ import annotations

from typing import NamedTuple


class Certain(NamedTuple):
    """A double and a rigorous bound of its error, as `spectral_radius` returns them.

    A function experiment may return it as it stands. A plain pair (number, error) says the same on
    the author's word, and certifies nothing.
    """

    number: float
    error: float
