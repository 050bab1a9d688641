"""Symbols: the scalars in which theorems and experiments meet.

A theorem *needs* symbols, an experiment *emits* them; nothing else crosses between the two. A
symbol is its name and its meaning: the same name with another meaning is another symbol, refused
where the two could be mixed up. Its scope says when it is known:

* ``configuration``: known before anything runs (a width, the number of samples);
* ``run``: measured once, at the initial state (the margin of the initialization);
* ``step``: measured at every state of a trajectory (the loss);
* ``transition``: belongs to the step from one state to the next (the step size), so the last
  state of a run has none.

Symbols are real but carry no sign: sympy would otherwise decide a hypothesis such as
``alpha0 >= 0`` on its own and drop it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

import sympy

from harness.errors import UsageError


class Scope(StrEnum):
    """When the value of a symbol is known, from the earliest to the latest."""

    CONFIGURATION = "configuration"
    RUN = "run"
    STEP = "step"
    TRANSITION = "transition"

    @property
    def varies(self) -> bool:
        """Whether the value changes during a run."""
        return self in (Scope.STEP, Scope.TRANSITION)


@dataclass(frozen=True)
class Meaning:
    """What a symbol stands for: one sentence with its normalisation, and how it is written."""

    text: str
    scope: Scope
    latex: str


class Named(sympy.Symbol):
    """A real symbol whose identity may hold more than its name."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def _create(cls, name: str) -> Self:
        created: Self = sympy.Symbol.__xnew__(cls, name, real=True)
        return created

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return tuple(getattr(self, field) for field in ("name", *self._fields)), {}

    def __setstate__(self, state: Any) -> None:
        """Nothing: every field is set by construction."""

    def __getstate__(self) -> None:
        return None

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, *(getattr(self, field) for field in self._fields))

    def _pretty(self, printer: Any) -> Any:
        # sympy picks printers by class name, and has a Quantity of its own
        return printer._print_Symbol(self)

    def _sympystr(self, printer: Any) -> str:
        return str(self.name)

    @property
    def scope(self) -> Scope:
        raise NotImplementedError

    @property
    def next(self) -> AtTime:
        """The value one step later."""
        return AtTime(self, NEXT)

    def at(self, step: int) -> AtTime:
        """The value at a given step of the trajectory; ``at(0)`` is the initial one."""
        if not isinstance(step, int) or isinstance(step, bool) or step < 0:
            raise UsageError(f"{self.name}.at({step!r}): the step must be a whole number >= 0.")
        return AtTime(self, step)


class Quantity(Named):
    """A scalar that an experiment measures, or a coordinate of the configuration."""

    __slots__ = ("meaning",)
    _fields: ClassVar[tuple[str, ...]] = ("meaning",)
    meaning: Meaning

    def __new__(cls, name: str, meaning: Meaning) -> Self:
        created = cls._create(name)
        created.meaning = meaning
        return created

    @property
    def scope(self) -> Scope:
        return self.meaning.scope

    def _latex(self, printer: Any) -> str:
        return self.meaning.latex


NEXT = -1
"""The step of an :class:`AtTime` that means "one step later than the others"."""


class AtTime(Named):
    """A step symbol (or definition) read at another time: one step later, or at a fixed step."""

    __slots__ = ("base", "step")
    _fields: ClassVar[tuple[str, ...]] = ("base", "step")
    base: Named
    step: int

    def __new__(cls, base: Named, step: int) -> Self:
        if isinstance(base, AtTime):
            raise UsageError(f"{base.name} already has its time; take .next or .at() only once.")
        if not base.scope.varies:
            raise UsageError(
                f"{base.name} does not change during a run (scope: {base.scope}); "
                "it has no .next and no .at(): use it as it is."
            )
        created = cls._create(f"{base.name}[{'t+1' if step == NEXT else step}]")
        created.base = base
        created.step = step
        return created

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.base, self.step), {}

    @property
    def scope(self) -> Scope:
        return Scope.TRANSITION if self.step == NEXT else Scope.RUN

    def _latex(self, printer: Any) -> str:
        time = "t+1" if self.step == NEXT else str(self.step)
        return rf"{{{printer.doprint(self.base)}}}({time})"


STANDARD = "harness.symbols"
"""The module whose names mean the same everywhere."""

_known: dict[tuple[str, str], Quantity] = {}


def symbol(
    name: str, meaning: str, scope: str | Scope = Scope.STEP, latex: str | None = None
) -> Quantity:
    """The symbol of that name and meaning.

    ``meaning`` is one sentence with the normalisation ("1/2 |.|_F^2, not divided by N"); ``scope``
    is "configuration", "run", "step" or "transition". Raises UsageError when the name is not a Python
    identifier, or has another meaning in the same file or among the standard symbols.
    """
    if not name.isidentifier():
        raise UsageError(f"symbol {name!r}: the name must be a Python identifier.")
    try:
        wanted = Meaning(meaning, Scope(scope), latex or sympy.latex(sympy.Symbol(name)))
    except ValueError:
        scopes = ", ".join(Scope)
        raise UsageError(f"symbol {name!r}: scope {scope!r} is none of {scopes}.") from None
    owner = str(sys._getframe(1).f_globals.get("__name__", ""))
    for home in (STANDARD, owner):
        known = _known.get((home, name))
        if known is not None and known.meaning != wanted:
            raise UsageError(
                f"symbol {name!r} already means “{known.meaning.text}” (scope {known.scope}, "
                f"{home}); choose another name."
            )
    return _known.setdefault((owner, name), Quantity(name, wanted))
