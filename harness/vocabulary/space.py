"""Spaces: what a configuration may hold. One space feeds grids, hypothesis and searches alike."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Partial = Mapping[str, Any]


class Generator(Protocol):
    """What a domain needs of numpy's random generator."""

    def random(self) -> float: ...
    def integers(self, low: int, high: int) -> int: ...


class Rows(Protocol):
    """Draws made together: a generator for each, and the axes drawn before this one."""

    @property
    def generators(self) -> Sequence[Generator]: ...

    @property
    def partials(self) -> Sequence[Partial]: ...

    def shares(self) -> list[float]:
        """The next number in [0, 1) of each."""

    def only(self, chosen: Sequence[int]) -> Rows:
        """Those at these positions."""


class Domain(Protocol):
    """The values of one axis. ``partial`` holds the axes drawn before this one.

    One that can draw many values at once has a method ``column(rows)`` besides, with the values that
    ``draw`` gives row by row from streams whose ``integers(low, high)`` is low + floor((high - low) u).
    """

    def draw(self, rng: Generator, partial: Partial) -> Any:
        """A random value."""

    def refuse(self, value: Any, partial: Partial) -> str | None:
        """Why the value is not in the domain, or None."""

    def strategy(self, partial: Partial) -> SearchStrategy[Any]:
        """The same domain for hypothesis, simple values first."""


def column(domain: Domain, rows: Rows) -> list[Any]:
    """The value that ``domain.draw`` gives for each of the rows."""
    whole: Callable[[Rows], list[Any]] | None = getattr(domain, "column", None)
    if whole is not None:
        return whole(rows)
    pairs = zip(rows.generators, rows.partials, strict=True)
    return [domain.draw(rng, partial) for rng, partial in pairs]


def split_column(domains: Sequence[Domain], rows: Rows) -> list[Any]:
    """The values of rows that have a domain each; those of one and the same are drawn together."""
    alike: dict[int, list[int]] = {}
    for row, domain in enumerate(domains):
        alike.setdefault(id(domain), []).append(row)
    if len(alike) == 1:
        return column(domains[0], rows)
    found: list[Any] = [None] * len(domains)
    for members in alike.values():
        first = members[0]
        if len(members) == 1:
            found[first] = domains[first].draw(rows.generators[first], rows.partials[first])
        else:
            for row, value in zip(members, column(domains[first], rows.only(members)), strict=True):
                found[row] = value
    return found


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

    def column(self, rows: Rows) -> list[int]:
        shares, least, most, exp = rows.shares(), self.low, self.high, math.exp
        if not self.log:
            count = most + 1 - least
            return [least + int(count * share) for share in shares]
        low = math.log(least)
        span = math.log(most + 1) - low
        return [min(most, int(exp(low + span * share))) for share in shares]

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

    def column(self, rows: Rows) -> list[float]:
        return self.at(rows.shares())

    def at(self, shares: Sequence[float]) -> list[float]:
        """The values that ``draw`` makes of these numbers in [0, 1)."""
        least, most, exp = self.low, self.high, math.exp
        if not self.log:
            span = most - least
            return [least + span * share for share in shares]
        low = math.log(least)
        span = math.log(most) - low
        return [min(most, max(least, exp(low + span * share))) for share in shares]

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

    def column(self, rows: Rows) -> list[Any]:
        values, count = self.values, len(self.values)
        return [values[int(count * share)] for share in rows.shares()]

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
        draw, entries, random = self.entries.draw, self.entries, rng.random
        if isinstance(entries, Reals) and len(self.shape) == 2 and all(self.shape):
            rows, columns = self.shape
            flat = entries.at([random() for _ in range(rows * columns)])
            return [flat[start : start + columns] for start in range(0, rows * columns, columns)]

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

    def column(self, rows: Rows) -> list[Any]:
        return split_column([self.on(partial) for partial in rows.partials], rows)

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
