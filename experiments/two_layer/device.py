"""The matrices of a group on another device, as torch tensors in double precision.

Steps, products and norms are then computed there; numbers a configuration come back as numpy arrays,
so that quantities, bounds and verdicts are those of the CPU. The bounds hold for sums in any order,
with or without fused multiply-add, and elementary functions are asked for no more than what CUDA
documents for double precision, so that they cover a GPU's arithmetic as it is; nothing is taken in
TF32 or single precision. Spectra are LAPACK's on the host: no such bound is stated for those of a
GPU. Rows replay bit for bit on the CPU only; certificates and the oracle are computed there.
"""

from __future__ import annotations

import dataclasses
import os
from functools import cache
from typing import TYPE_CHECKING, cast

from harness.errors import UsageError

if TYPE_CHECKING:
    import torch

    from experiments.two_layer.batch import Batch
    from experiments.two_layer.norms import Array


def refuse_device(name: str, dtype: str) -> None:
    """UsageError where steps of this type cannot be taken on this device."""
    if dtype != "float64":
        raise UsageError(f"device={name} takes float64 steps only; dtype is {dtype}.")
    if not available(name):
        raise UsageError(f"device={name}: torch finds no such device here; leave it at cpu.")


@cache
def available(name: str) -> bool:
    """Whether torch finds a device of this name; it is not initialised, so that forks can use it."""
    # asks the driver's library only: a process that has started CUDA cannot be forked
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    import torch

    return name == "cuda" and torch.cuda.is_available()


def torch_device(name: str) -> torch.device:
    """torch's device of that name."""
    import torch

    return torch.device(name)


def placed(batch: Batch, W1: Array, W2: Array, name: str) -> tuple[Batch, Array, Array]:
    """The same group with its matrices on the device of that name; "cpu" leaves numpy arrays."""
    if name == "cpu":
        return batch, W1, W2
    import torch

    # both need numpy, which a declaration does not
    from experiments.two_layer.losses import Squared

    device = torch_device(name)

    def there(matrices: Array) -> Array:
        return cast("Array", torch.tensor(matrices, device=device))

    loss = batch.loss
    if isinstance(loss, Squared) and loss.scales is not None:
        loss = dataclasses.replace(loss, scales=there(loss.scales))
    moved = dataclasses.replace(
        batch, loss=loss, X=there(batch.X), Y=there(batch.Y), target=there(batch.target)
    )
    return moved, there(W1), there(W2)
