"""Fixed sinusoidal positional encodings, as added to encoder and decoder inputs in ConMH's and S5VH's released code."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """[length, width] float32: sin at even columns, cos at odd ones, wavelengths from 2 pi to 10000 * 2 pi."""
    position = torch.arange(length, dtype=torch.float64)[:, None]
    column = torch.arange(width, dtype=torch.float64)
    angle = position / 10000.0 ** (2 * (column // 2) / width)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos()).float()


def positions_for(length: int, table: Tensor) -> Tensor:
    """The first `length` rows of the infinite table that `table` [T, width] begins, on its device and in its dtype.

    Rows do not depend on the length, so shorter videos take a part of `table`. Longer tables are kept in memory.
    """
    if length <= len(table):
        return table[:length]
    return _long_table(1 << (length - 1).bit_length(), table.shape[1], table.device, table.dtype)[:length]


# The lengths are powers of two, so at most twice the longest table is kept for each width, device and dtype.
@lru_cache(maxsize=16)
def _long_table(length: int, width: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    with torch.inference_mode(False):  # a table made while encoding may be used by autograd later
        return sinusoidal_positions(length, width).to(device, dtype)
