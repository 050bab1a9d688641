"""Rows as one compact record: column by column, each text once, floats as they are."""

from __future__ import annotations

import dataclasses
import json
import struct
import sys
from array import array
from collections.abc import Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

from harness.judging.row import Finding, Row
from harness.vocabulary.verdict import Verdict

T = TypeVar("T")

_ROW = [one.name for one in dataclasses.fields(Row) if one.name != "finding"]
_FINDING = [one.name for one in dataclasses.fields(Finding)]
_FLOATS = {
    one.name for kind in (Row, Finding) for one in dataclasses.fields(kind) if one.type == "float"
}
_NESTED = ("hypotheses_broken", "against", "support")
"""Tuples: JSON gives them back as lists."""
_LENGTHS = struct.Struct("<QQ")
_FEW = 256


def packed(rows: Sequence[Row]) -> bytes:
    """The rows as bytes that `unpacked` turns back into equal rows, floats bit for bit."""
    texts: list[Any] = []
    numbers: list[bytes] = []
    findings = [row.finding for row in rows]
    for names, objects in ((_ROW, rows), (_FINDING, findings)):
        for name in names:
            texts.append(_column(name, list(map(attrgetter(name), objects)), numbers))
    head = json.dumps([len(rows), texts], ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(numbers)
    return _LENGTHS.pack(len(head), len(body)) + head + body


def unpacked(data: bytes) -> list[Row]:
    """The rows of a record; ValueError for anything that `packed` did not write."""
    try:
        length, rest = _LENGTHS.unpack_from(data)
        if len(data) != _LENGTHS.size + length + rest:
            raise ValueError("a record of another length")
        body = memoryview(data)[_LENGTHS.size + length :]
        count, texts = json.loads(data[_LENGTHS.size : _LENGTHS.size + length])
        columns: list[Sequence[Any]] = []
        for name, text in zip([*_ROW, *_FINDING], texts, strict=True):
            values, used = _values(name, text, body, count)
            columns.append(values)
            body = body[used:]
        findings = _records(Finding, _FINDING, columns[len(_ROW) :])
        return _records(Row, [*_ROW, "finding"], [*columns[: len(_ROW)], findings])
    except (struct.error, LookupError, TypeError) as error:
        raise ValueError(f"not a record of rows ({error})") from error


def _column(name: str, values: Sequence[Any], numbers: list[bytes]) -> list[Any]:
    """How a column is written: one value for all, distinct ones and codes, numbers, or each."""
    if name in _FLOATS and set(map(type, values)) == {float}:
        data = _little(array("d", values)).tobytes()
        same = data == data[:8] * len(values)
        numbers.append(data[:8] if same else data)
        return ["same" if same else "floats", None]
    if name in _FLOATS or (name in ("against", "support") and any(values)):
        return ["own", values]  # what is equal need not be the same: 1 and 1.0, 0.0 and -0.0
    if values and values.count(values[0]) == len(values):
        return ["all", values[0]]
    index = {value: position for position, value in enumerate(dict.fromkeys(values))}
    if len(index) == len(values):
        return ["own", values]
    codes = array("B" if len(index) <= _FEW else "I", map(index.__getitem__, values))
    numbers.append(_little(codes).tobytes())
    return ["of", list(index)]


def _values(name: str, text: Any, body: memoryview, count: int) -> tuple[Sequence[Any], int]:
    """One column, and how many bytes of the body it takes."""
    kind, told = text
    if kind in ("same", "floats"):
        taken = 8 if kind == "same" else 8 * count
        numbers = _little(array("d", bytes(body[:taken])))
        return (numbers.tolist() if kind == "floats" else [numbers[0]] * count), taken
    if name in _NESTED:
        told = _tuples(told) if kind == "all" else [_tuples(one) for one in told]
    elif name in ("verdict", "expected"):
        told = Verdict(told) if kind == "all" else [Verdict(one) for one in told]
    if kind == "all":
        return [told] * count, 0
    if kind == "own":
        return told, 0
    codes = array("B" if len(told) <= _FEW else "I")
    taken = codes.itemsize * count
    codes.frombytes(bytes(body[:taken]))
    return [told[code] for code in _little(codes)], taken


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _records(kind: type[T], names: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[T]:
    """Records without the initializer of a frozen dataclass, half the time of reading."""
    new, put = object.__new__, object.__setattr__
    found = []
    for fields in map(dict, map(zip, repeat(names), zip(*columns, strict=True))):
        one = new(kind)
        put(one, "__dict__", fields)
        found.append(one)
    return found


def _little(numbers: array[Any]) -> array[Any]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
