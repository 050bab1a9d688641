"""Stand-ins for numpy and math, so that an experiment's own code runs on balls or duals.

`rebound` copies a function with numpy, math and the builtins it knows replaced: arrays that are made
hold Python numbers, the least and the greatest of several are asked of the number's class, and
`np.linalg` goes to its ``linear_algebra``. Everything else stays numpy's.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any, Protocol

import numpy as np


class Kind(Protocol):
    """A class of numbers: how plain numbers become such, and what is not done entry by entry."""

    @property
    def linear_algebra(self) -> Any:
        """Its module of routines for matrices."""

    def exact(self, value: Any) -> Any:
        """The number that a plain one is, taken literally."""

    def constant(self, name: str) -> Any:
        """``pi`` or ``e``."""

    def least(self, values: list[Any]) -> Any:
        """The least of them."""

    def greatest(self, values: list[Any]) -> Any:
        """The greatest of them."""


class Entries(np.ndarray[Any, Any]):
    """An array of such numbers; its extremes are those of the numbers' class."""

    kind: Kind

    def __array_finalize__(self, source: Any) -> None:
        self.kind = getattr(source, "kind", None)  # type: ignore[assignment]

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """What numpy does for arrays of its own, and not for these: a scalar product is a number."""
        wrapped = super().__array_wrap__(array, context)
        return wrapped[()] if return_scalar else wrapped

    def min(self, axis: Any = None, *arguments: Any, **named: Any) -> Any:
        return _extreme(self.kind.least, self, axis)

    def max(self, axis: Any = None, *arguments: Any, **named: Any) -> Any:
        return _extreme(self.kind.greatest, self, axis)


def rebound(function: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    """The same function, its module's numpy, math and builtins replaced by those for ``kind``.

    Functions of the same module that it calls are replaced as well. What is no plain function is
    returned as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    home = function.__globals__
    instead = _replacements(kind)
    world: dict[str, Any] = {}
    # before the copies: a function takes its builtins from its world when it is made
    world["__builtins__"] = vars(builtins) | {
        "min": lambda *values, **named: _least(kind.least, min, values, named),
        "max": lambda *values, **named: _least(kind.greatest, max, values, named),
        "float": lambda value=0.0: value if _special(value) else float(value),
    }
    for name, value in home.items():
        if name == "__builtins__":
            continue
        if isinstance(value, FunctionType) and value.__globals__ is home:
            world[name] = _copied(value, world)
        else:
            world[name] = instead.get(id(value), value)
    return _copied(function, world)


def _copied(function: FunctionType, world: dict[str, Any]) -> FunctionType:
    copy = FunctionType(
        function.__code__, world, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _replacements(kind: Kind) -> dict[int, Any]:
    """What stands in for what, by identity: modules, and functions imported by name."""
    numpy, linalg = _Module(np, _numpy(kind)), _Module(np.linalg, _linalg(kind))
    numpy.instead["linalg"] = linalg
    plain = _Module(math, _math(kind))
    found: dict[int, Any] = {id(np): numpy, id(np.linalg): linalg, id(math): plain}
    for module in (plain, linalg, numpy):
        for name, value in module.instead.items():
            if name not in ("pi", "e", "linalg"):
                found[id(getattr(module.original, name))] = value
    return found


class _Module:
    """A module with some of its names replaced."""

    def __init__(self, original: ModuleType, instead: dict[str, Any]) -> None:
        self.original, self.instead = original, instead

    def __getattr__(self, name: str) -> Any:
        if name in self.instead:
            return self.instead[name]
        return getattr(self.original, name)


def _numpy(kind: Kind) -> dict[str, Any]:
    def made(name: str) -> Callable[..., Any]:
        def array(source: Any, dtype: Any = None, **named: Any) -> Any:
            entries = np.array(source, dtype=object)
            if any(_special(one) for one in entries.flat):
                return _entries(entries, kind)
            return getattr(np, name)(source, dtype=dtype, **named)

        return array

    def filled(name: str) -> Callable[..., Any]:
        def array(*arguments: Any, dtype: Any = float, **named: Any) -> Any:
            if np.dtype(dtype).kind not in "fO":
                return getattr(np, name)(*arguments, dtype=dtype, **named)
            plain = getattr(np, name)(*arguments, **named)
            if name.endswith("_like") and plain.dtype == object:
                return plain
            exact = np.empty(plain.shape, dtype=object)
            for place, one in np.ndenumerate(plain):
                exact[place] = one if _special(one) else kind.exact(float(one))
            return _entries(exact, kind)

        return array

    def extreme(choose: Callable[[list[Any]], Any], name: str) -> Callable[..., Any]:
        def of(source: Any, axis: Any = None, **named: Any) -> Any:
            entries = np.array(source, dtype=object)
            if any(_special(one) for one in entries.flat):
                return _extreme(choose, entries, axis)
            return getattr(np, name)(source, axis=axis, **named)

        return of

    def pairwise(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
        def of(one: Any, other: Any) -> Any:
            if _special(one) and _special(other):
                return choose([one, other])
            return _entries(
                np.asarray(np.frompyfunc(lambda a, b: choose([a, b]), 2, 1)(one, other)), kind
            )

        return of

    def elementary(name: str) -> Callable[..., Any]:
        def of(values: Any) -> Any:
            found = np.frompyfunc(
                lambda one: getattr(one if _special(one) else kind.exact(one), name)(), 1, 1
            )(values)
            return _entries(found, kind) if isinstance(found, np.ndarray) else found

        return of

    least, greatest = kind.least, kind.greatest
    return {
        **{name: elementary(name) for name in _MATH.values() if hasattr(np, name)},
        **{name: made(name) for name in ("array", "asarray", "ascontiguousarray")},
        **{name: filled(name) for name in ("zeros", "ones", "empty", "eye", "identity")},
        **{name: filled(name) for name in ("full", "zeros_like", "ones_like", "empty_like")},
        **{name: extreme(least, name) for name in ("min", "amin")},
        **{name: extreme(greatest, name) for name in ("max", "amax")},
        "minimum": pairwise(least),
        "maximum": pairwise(greatest),
        "float64": lambda value=0.0: value if _special(value) else np.float64(value),
        "pi": kind.constant("pi"),
        "e": kind.constant("e"),
    }


def _linalg(kind: Kind) -> dict[str, Any]:
    algebra = kind.linear_algebra

    def wrapped(found: Any) -> Any:
        return _entries(np.asarray(found, dtype=object), kind)

    def svd(matrix: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
        if compute_uv:
            raise TypeError("singular vectors have no enclosure")
        return wrapped(algebra.singular_values(matrix))

    def norm(
        values: Any,
        ord: Any = None,  # noqa: A002 (numpy's name)
        axis: Any = None,
        keepdims: bool = False,
    ) -> Any:
        entries = np.asarray(values, dtype=object)
        if ord == 2 and entries.ndim == 2 and axis is None:
            return algebra.singular_values(entries)[0]
        if ord not in (None, 2, "fro"):
            raise TypeError(f"the norm {ord} has no enclosure")
        return np.sqrt((entries * entries).sum(axis=axis, keepdims=keepdims))

    def inverse(matrix: Any) -> Any:
        size = len(matrix)
        ones = [[kind.exact(int(i == j)) for j in range(size)] for i in range(size)]
        return wrapped(algebra.solve(matrix, ones))

    return {
        "eigvalsh": lambda matrix: wrapped(algebra.eigenvalues(matrix)),
        "solve": lambda matrix, right: wrapped(algebra.solve(matrix, right)),
        "inv": inverse,
        "svd": svd,
        "svdvals": lambda matrix: wrapped(algebra.singular_values(matrix)),
        "norm": norm,
    }


_MATH = {
    "sqrt": "sqrt", "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "log2": "log2",
    "log10": "log10", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh",
    "acosh": "arccosh", "atanh": "arctanh", "erf": "erf", "erfc": "erfc", "gamma": "gamma",
    "lgamma": "lgamma",
}  # fmt: skip


def _math(kind: Kind) -> dict[str, Any]:
    def applied(name: str, method: str) -> Callable[..., Any]:
        def of(value: Any, *base: Any) -> Any:
            special = value if _special(value) else kind.exact(value)
            found = getattr(special, method)()
            return found / of(base[0]) if base else found

        return of

    return {
        **{name: applied(name, method) for name, method in _MATH.items()},
        "hypot": lambda *values: np.sqrt(sum((one * one for one in values), kind.exact(0))),
        "fsum": lambda values: sum(values, kind.exact(0)),
        "pow": lambda base, exponent: base**exponent,
        "fabs": abs,
        "pi": kind.constant("pi"),
        "e": kind.constant("e"),
    }


def _special(value: Any) -> bool:
    return hasattr(value, "linear_algebra")


def _entries(array: Any, kind: Kind) -> Any:
    found = np.asarray(array).view(Entries)
    found.kind = kind
    return found


def _extreme(choose: Callable[[list[Any]], Any], entries: Any, axis: Any) -> Any:
    plain = np.asarray(entries)
    if axis is None:
        return choose(list(plain.flat))
    return np.apply_along_axis(lambda one: choose(list(one)), axis, plain)


def _least(
    choose: Callable[[list[Any]], Any],
    plain: Callable[..., Any],
    values: tuple[Any, ...],
    named: Mapping[str, Any],
) -> Any:
    """Python's own ``min`` or ``max`` unless such numbers are among the values."""
    given = list(values[0]) if len(values) == 1 else list(values)
    if named or not any(_special(one) for one in given):
        return plain(given, **named) if len(values) == 1 else plain(*values, **named)
    return choose(given)
