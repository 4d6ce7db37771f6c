"""Fixed sinusoidal positional encodings, as added to encoder and decoder inputs in ConMH's and S5VH's released code."""

from __future__ import annotations

import torch
from torch import Tensor


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """[length, width] float32: sin at even columns, cos at odd ones, wavelengths from 2 pi to 10000 * 2 pi."""
    position = torch.arange(length, dtype=torch.float64)[:, None]
    column = torch.arange(width, dtype=torch.float64)
    angle = position / 10000.0 ** (2 * (column // 2) / width)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos()).float()


def positions_for(length: int, table: Tensor) -> Tensor:
    """The table [T, width], or a new one if the number of frames differs."""
    return table if length == len(table) else sinusoidal_positions(length, table.shape[1]).to(table)
