"""Arrays that begin where a cache line does: a vector across two lines takes twice as long to read."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LINE = 64
"""Bytes of a cache line."""


def zeros(*shape: int) -> NDArray[np.float64]:
    """Zeros of this shape."""
    count = math.prod(shape)
    flat = np.zeros(count + LINE // 8)
    begin = -flat.ctypes.data % LINE // 8
    return flat[begin : begin + count].reshape(shape)
