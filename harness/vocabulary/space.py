"""Spaces: what a configuration may hold. One space feeds grids, hypothesis and searches alike."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Partial = Mapping[str, Any]


class Generator(Protocol):
    """What a domain needs of numpy's random generator."""

    def random(self) -> float: ...
    def integers(self, low: int, high: int) -> int: ...


class Domain(Protocol):
    """The values of one axis. ``partial`` holds the axes drawn before this one."""

    def draw(self, rng: Generator, partial: Partial) -> Any:
        """A random value."""

    def refuse(self, value: Any, partial: Partial) -> str | None:
        """Why the value is not in the domain, or None."""

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        """The same domain for hypothesis, simple values first."""


@dataclass(frozen=True)
class Integers:
    """Whole numbers low..high, both ends included; ``log`` spreads draws over magnitudes."""

    low: int
    high: int
    log: bool = False

    def draw(self, rng: Generator, partial: Partial) -> int:
        if not self.log:
            return int(rng.integers(self.low, self.high + 1))
        low, high = math.log(self.low), math.log(self.high + 1)
        return min(self.high, int(math.exp(low + (high - low) * rng.random())))

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        return None if self.low <= value <= self.high else f"must lie in {self.low}..{self.high}"

    def strategy(self, partial: Partial) -> SearchStrategy[int]:
        from hypothesis import strategies as st

        return st.integers(self.low, self.high)


@dataclass(frozen=True)
class Reals:
    """Finite numbers low..high, both ends included; ``log`` spreads draws over magnitudes."""

    low: float
    high: float
    log: bool = False

    def draw(self, rng: Generator, partial: Partial) -> float:
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            return min(self.high, max(self.low, math.exp(low + (high - low) * rng.random())))
        return self.low + (self.high - self.low) * rng.random()

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "must be a number"
        return None if self.low <= value <= self.high else f"must lie in {self.low}..{self.high}"

    def strategy(self, partial: Partial) -> SearchStrategy[float]:
        from hypothesis import strategies as st

        return st.floats(self.low, self.high, allow_nan=False, allow_subnormal=False)


@dataclass(frozen=True)
class Choice:
    """One of the given values, in order of simplicity."""

    values: tuple[Any, ...]

    def draw(self, rng: Generator, partial: Partial) -> Any:
        return self.values[rng.integers(0, len(self.values))]

    def refuse(self, value: Any, partial: Partial) -> str | None:
        if value in self.values:
            return None
        return f"must be one of {', '.join(str(one) for one in self.values)}"

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.sampled_from(self.values)


@dataclass(frozen=True)
class Arrays:
    """Nested lists of the given shape whose entries come from one domain."""

    shape: tuple[int, ...]
    entries: Domain

    def draw(self, rng: Generator, partial: Partial) -> Any:
        draw = self.entries.draw

        def fill(shape: tuple[int, ...]) -> Any:
            if len(shape) == 1:
                return [draw(rng, partial) for _ in range(shape[0])]
            return [fill(shape[1:]) for _ in range(shape[0])] if shape else draw(rng, partial)

        return fill(self.shape)

    def refuse(self, value: Any, partial: Partial) -> str | None:
        def look(inner: Any, shape: tuple[int, ...]) -> str | None:
            if not shape:
                return self.entries.refuse(inner, partial)
            if not isinstance(inner, list | tuple) or len(inner) != shape[0]:
                return f"must be nested lists of shape {self.shape}"
            return next((why for row in inner if (why := look(row, shape[1:]))), None)

        return look(value, self.shape)

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        built: SearchStrategy[Any] = self.entries.strategy(partial)
        for size in reversed(self.shape):
            built = st.lists(built, min_size=size, max_size=size)
        return built


@dataclass(frozen=True)
class Depending:
    """A domain that depends on the axes before it."""

    on: Callable[[Partial], Domain]

    def draw(self, rng: Generator, partial: Partial) -> Any:
        return self.on(partial).draw(rng, partial)

    def refuse(self, value: Any, partial: Partial) -> str | None:
        return self.on(partial).refuse(value, partial)

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        return self.on(partial).strategy(partial)


def as_declared(domain: Domain, value: Any, partial: Partial) -> Any:
    """The value with floats wherever the domain has real numbers: 1 and 1.0 are the same point."""
    if isinstance(domain, Depending):
        return as_declared(domain.on(partial), value, partial)
    if isinstance(domain, Reals):
        return float(value)
    if isinstance(domain, Arrays) and isinstance(value, list | tuple):
        inner = Arrays(domain.shape[1:], domain.entries) if domain.shape[1:] else domain.entries
        return [as_declared(inner, one, partial) for one in value]
    return value


def integers(low: int, high: int, log: bool = False) -> Integers:
    """Whole numbers from low to high."""
    return Integers(low, high, log)


def reals(low: float, high: float, log: bool = False) -> Reals:
    """Numbers from low to high."""
    return Reals(low, high, log)


def choice(*values: Any) -> Choice:
    """One of these values."""
    return Choice(values)


def vector(size: int, entries: Domain) -> Arrays:
    """Lists of that many entries."""
    return Arrays((size,), entries)


def matrix(rows: int, columns: int, entries: Domain) -> Arrays:
    """Lists of rows."""
    return Arrays((rows, columns), entries)


def depending(on: Callable[[Partial], Domain]) -> Depending:
    """The domain that ``on`` makes of the axes declared before this one."""
    return Depending(on)


def parsed(text: str) -> Any:
    """A value from the command line: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
