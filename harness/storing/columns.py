"""Rows as one compact record: column by column, each text once, floats as they are.

What all rows of a claim share is one column of tuples, and so is what a verdict says in words.
"""

from __future__ import annotations

import dataclasses
import json
import struct
import sys
from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any, TypeVar

from harness.judging.row import Finding, Row
from harness.vocabulary.verdict import Verdict

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

_SHARED = {
    Row: ("theorem", "version", "reading", "claim", "experiment", "expected", "kind", "quantity",
          "sense", "path", "samples_planned", "origin"),
    Finding: ("verdict", "certified", "rule", "hypotheses_broken", "samples", "failures"),
}  # fmt: skip
"""Fields of few values, written together."""
_TEXTS = ("fingerprint", "configuration", "notes", "exact_steps", "reason")
_OWN = {
    kind: tuple(
        one.name
        for one in dataclasses.fields(kind)
        if one.name not in _SHARED[kind] and one.name != "finding"
    )
    for kind in (Row, Finding)
}
"""Fields with a column each."""
_FLOATS = {
    one.name for kind in (Row, Finding) for one in dataclasses.fields(kind) if one.type == "float"
}
_LENGTHS = struct.Struct("<QQ")
_FEW = 256


def packed(rows: Sequence[Row]) -> bytes:
    """The rows as bytes that `unpacked` turns back into equal rows, floats bit for bit."""
    told: list[Any] = []
    numbers: list[bytes] = []
    findings = [row.finding for row in rows]
    for kind, objects in ((Row, rows), (Finding, findings)):
        # one by one: so many tuples at a time would set off the garbage collector
        told.append(_coded(map(attrgetter(*_SHARED[kind]), objects), numbers))
        for name in _OWN[kind]:
            told.append(_column(name, list(map(attrgetter(name), objects)), numbers))
    head = json.dumps([len(rows), told], ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(numbers)
    return _LENGTHS.pack(len(head), len(body)) + head + body


def unpacked(data: bytes) -> list[Row]:
    """The rows of a record; ValueError for anything that `packed` did not write."""
    try:
        length, rest = _LENGTHS.unpack_from(data)
        if len(data) != _LENGTHS.size + length + rest:
            raise ValueError("a record of another length")
        count, told = json.loads(data[_LENGTHS.size : _LENGTHS.size + length])
        reader = _Reader(memoryview(data)[_LENGTHS.size + length :], count, iter(told))
        (shared, own), (alike, apart) = (
            (reader.shared(_SHARED[kind]), [reader.column(name) for name in _OWN[kind]])
            for kind in (Row, Finding)
        )
        findings = _records(Finding, alike, _OWN[Finding], apart)
        return _records(Row, shared, (*_OWN[Row], "finding"), [*own, findings])
    except (struct.error, LookupError, TypeError, StopIteration) as error:
        raise ValueError(f"not a record of rows ({error})") from error


def _column(name: str, values: Sequence[Any], numbers: list[bytes]) -> list[Any]:
    """How a column is written: texts, floats, one value for all, distinct ones and codes, or each."""
    if name in _TEXTS:
        return _texts(values, numbers)
    if name in _FLOATS and set(map(type, values)) == {float}:
        data = _little(array("d", values)).tobytes()
        same = data == data[:8] * len(values)
        numbers.append(data[:8] if same else data)
        return ["same" if same else "floats", None]
    if name in _FLOATS or (name in ("against", "support") and any(values)):
        return ["own", values]  # what is equal need not be the same: 1 and 1.0, 0.0 and -0.0
    return _coded(values, numbers)


def _coded(values: Iterable[Any], numbers: list[bytes]) -> list[Any]:
    """Distinct values, and codes where there are several."""
    index, codes = _indexed(values)
    if len(index) == 1:
        return ["all", index[0]]
    numbers.append(codes)
    return ["of", index]


def _texts(values: Sequence[str], numbers: list[bytes]) -> list[Any]:
    """Distinct texts end to end, the length of each, and codes where they do not come in order."""
    index, codes = _indexed(values)
    data = "".join(index).encode("utf-8", "surrogatepass")
    numbers += [_little(array("I", map(len, index))).tobytes(), data]
    apart = len(index) == len(values)
    if not apart:
        numbers.append(codes)
    return ["each" if apart else "texts", [len(index), len(data)]]


def _indexed(values: Iterable[H]) -> tuple[list[H], bytes]:
    """Distinct values in the order in which they come, and the place of each value among them."""
    index: defaultdict[H, int] = defaultdict()
    index.default_factory = index.__len__
    codes = list(map(index.__getitem__, values))
    return list(index), _little(array("B" if len(index) <= _FEW else "I", codes)).tobytes()


class _Reader:
    """Takes columns off a record, in the order in which they were written."""

    def __init__(self, body: memoryview, count: int, told: Any) -> None:
        self._body, self._count, self._told = body, count, told

    def shared(self, names: Sequence[str]) -> list[Mapping[str, Any]]:
        """Fields written together, as one mapping a row; equal ones are the same mapping."""
        kind, told = next(self._told)
        distinct: list[Mapping[str, Any]] = [
            {name: _value(name, one) for name, one in zip(names, values, strict=True)}
            for values in ([told] if kind == "all" else told)
        ]
        return distinct * self._count if kind == "all" else self._spread(distinct)

    def column(self, name: str) -> Sequence[Any]:
        """The values of one field."""
        kind, told = next(self._told)
        if kind in ("texts", "each"):
            texts = self._texts(*told)
            return texts if kind == "each" else self._spread(texts)
        if kind == "floats":
            return self._array("d", self._count).tolist()
        if kind == "same":
            return self._array("d", 1).tolist() * self._count
        if kind == "all":
            return [_value(name, told)] * self._count
        values = [_value(name, one) for one in told]
        return values if kind == "own" else self._spread(values)

    def _texts(self, distinct: int, length: int) -> list[str]:
        lengths = self._array("I", distinct)
        text = str(self._taken(length), "utf-8", "surrogatepass")
        return [text[start:end] for start, end in pairwise(accumulate(lengths, initial=0))]

    def _spread(self, distinct: Sequence[T]) -> list[T]:
        codes = self._array("B" if len(distinct) <= _FEW else "I", self._count)
        return list(map(distinct.__getitem__, codes))

    def _array(self, kind: str, count: int) -> array[Any]:
        found = array(kind)
        found.frombytes(self._taken(found.itemsize * count))
        return _little(found)

    def _taken(self, length: int) -> memoryview:
        taken, self._body = self._body[:length], self._body[length:]
        return taken


def _value(name: str, value: Any) -> Any:
    """As it was before JSON, which knows neither tuples nor verdicts."""
    if name in ("verdict", "expected"):
        return Verdict(value)
    return tuple(_value("", one) for one in value) if isinstance(value, list) else value


def _records(
    kind: type[T],
    shared: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    columns: Sequence[Sequence[Any]],
) -> list[T]:
    """Records without the initializer of a frozen dataclass, half the time of reading."""
    new, put = object.__new__, object.__setattr__
    found = []
    for alike, own in zip(shared, zip(*columns, strict=True), strict=True):
        one = new(kind)
        put(one, "__dict__", {**alike, **dict(zip(names, own, strict=True))})
        found.append(one)
    return found


def _little(numbers: array[Any]) -> array[Any]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
