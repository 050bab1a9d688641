"""A number whose rounding error was bounded by code that can be relied on."""

from __future__ import annotations


class Certain(float):
    """A double with a rigorous bound of its error, as `spectral_radius` returns it.

    A function experiment may return it as it stands; arithmetic makes a plain float of it. A plain
    pair (number, error) says the same on its author's word, and certifies nothing.
    """

    __slots__ = ("error",)
    error: float

    def __new__(cls, number: float, error: float) -> Certain:
        made = super().__new__(cls, number)
        made.error = error
        return made
