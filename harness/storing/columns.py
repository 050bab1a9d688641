"""Rows as one compact record: column by column, each text once, floats as they are."""

from __future__ import annotations

import dataclasses
import json
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from harness.judging.row import Finding, Row
from harness.vocabulary.verdict import Verdict

_ROW = [one.name for one in dataclasses.fields(Row) if one.name != "finding"]
_FINDING = [one.name for one in dataclasses.fields(Finding)]
_NESTED = ("hypotheses_broken", "against", "support")
"""Tuples: JSON gives them back as lists."""
_COMPRESSION = 1
_LENGTHS = struct.Struct("<QQ")
_FEW = 256


def packed(rows: Sequence[Row]) -> bytes:
    """The rows as bytes that `unpacked` turns back into equal rows, floats bit for bit."""
    texts: list[Any] = []
    numbers: list[bytes] = []
    findings = [row.finding for row in rows]
    for names, objects in ((_ROW, rows), (_FINDING, findings)):
        for name in names:
            values = list(map(attrgetter(name), objects))
            if set(map(type, values)) == {float}:
                data = _little(array("d", values)).tobytes()
                same = data == data[:8] * len(values)
                texts.append("same" if same else "floats")
                numbers.append(data[:8] if same else data)
            else:
                texts.append(_column(name, values, numbers))
    head = zlib.compress(json.dumps([len(rows), texts]).encode(), _COMPRESSION)
    body = b"".join(numbers)
    return _LENGTHS.pack(len(head), len(body)) + head + body


def unpacked(data: bytes) -> list[Row]:
    """The rows of a record; ValueError for anything that `packed` did not write."""
    try:
        length, rest = _LENGTHS.unpack_from(data)
        if len(data) != _LENGTHS.size + length + rest:
            raise ValueError("a record of another length")
        body = memoryview(data)[_LENGTHS.size + length :]
        count, texts = json.loads(zlib.decompress(data[_LENGTHS.size : _LENGTHS.size + length]))
        columns: list[Sequence[Any]] = []
        for name, text in zip([*_ROW, *_FINDING], texts, strict=True):
            values, used = _values(name, text, body, count)
            columns.append(values)
            body = body[used:]
    except (struct.error, zlib.error, LookupError, TypeError) as error:
        raise ValueError(f"not a record of rows ({error})") from error
    return [_row(values[: len(_ROW)], values[len(_ROW) :]) for values in zip(*columns, strict=True)]


def _column(name: str, values: Sequence[Any], numbers: list[bytes]) -> list[Any]:
    """Distinct values, and which of them each row has unless that is its own."""
    if name in ("against", "support") and any(values):
        return ["own", values]  # 0.0 and -0.0 are equal, and not the same
    index = {value: position for position, value in enumerate(dict.fromkeys(values))}
    if len(index) == len(values):
        return ["own", values]
    if len(index) == 1:
        return ["all", values[0]]
    codes = array("B" if len(index) <= _FEW else "I", map(index.__getitem__, values))
    numbers.append(_little(codes).tobytes())
    return ["of", list(index)]


def _values(
    name: str, text: Any, body: memoryview, count: int
) -> tuple[Sequence[Any], int]:
    """One column, and how many bytes of the body it takes."""
    if isinstance(text, str):
        taken = 8 if text == "same" else 8 * count
        numbers = _little(array("d", bytes(body[:taken])))
        return (numbers.tolist() if text == "floats" else [numbers[0]] * count), taken
    kind, told = text
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


def _row(row: Sequence[Any], finding: Sequence[Any]) -> Row:
    """The record without the cost of a frozen dataclass's initializer, half the time of reading."""
    made, judged = object.__new__(Row), object.__new__(Finding)
    judged.__dict__.update(zip(_FINDING, finding, strict=True))
    made.__dict__.update(zip(_ROW, row, strict=True))
    made.__dict__["finding"] = judged
    return made


def _little(numbers: array[Any]) -> array[Any]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
