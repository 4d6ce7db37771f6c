"""Mamba-1 as a temporal mixer, with the layer norms of S5VH.

Glossary (S5VH paper, equations 5 to 8 -> names here)

    S_in, S_out       x, y                 layer input and output, [B, T, width]
    LN1, LN2          norm, scan_norm      layer norms before the main branch and after the scan
    Linear1, Linear2  in_proj              the first `inner` rows give the main branch, the others the gate
    Conv1d, SiLU      conv1d               causal depthwise convolution of `d_conv` frames
    A, B, C, D, Delta A_log, x_proj, D, dt_proj
    Linear3           out_proj
    M_fw, M_bw        `reverse` false and true; see `s5vh.nn.bidirectional`

Parameter names and shapes are those of mamba-ssm's `Mamba`, so its weights load here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.backends import backend_module
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.bidirectional import TemporalMixer
from s5vh.nn.layers import NORM_EPS
from s5vh.nn.masks import hidden_of, with_blanks

CHUNK = 1024  # frames of a long video that are encoded together on the CPU


class Mamba(TemporalMixer):
    """One direction of a Mamba-1 block over [B, T, width].

    Args:
        width: embedding dimension of a frame.
        d_state: states per channel (N).
        d_conv: kernel size of the convolution, in frames.
        expand: inner width divided by width.
        norms: "paper" has a layer norm before the main branch only (the gate sees the raw input) and a second one
            on the scan output (equations 6 to 8); "block" has one before the standard block, main branch and gate, as
            in the released code; "none" is the standard block.
        reverse: read the frames from last to first.
        scan_backend: see `selective_scan`.
    """

    def __init__(
        self,
        width: int,
        *,
        d_state: int = 16,
        d_conv: int = 4,
        expand: int = 2,
        norms: str = "paper",
        reverse: bool = False,
        scan_backend: str = "auto",
    ):
        super().__init__(reverse)
        self.inner = expand * width
        self.rank = math.ceil(width / 16)
        self.d_state = d_state
        self.scan_backend = scan_backend
        self.in_proj = nn.Linear(width, 2 * self.inner, bias=False)
        self.conv1d = nn.Conv1d(self.inner, self.inner, d_conv, groups=self.inner)
        self.x_proj = nn.Linear(self.inner, self.rank + 2 * d_state, bias=False)
        self.dt_proj = nn.Linear(self.rank, self.inner)
        self.A_log = nn.Parameter(torch.log(torch.arange(1.0, d_state + 1)).repeat(self.inner, 1))
        self.D = nn.Parameter(torch.ones(self.inner))
        self.out_proj = nn.Linear(self.inner, width, bias=False)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS) if norms != "none" else None
        self.gate_is_normed = norms == "block"
        self.scan_norm = nn.LayerNorm(self.inner, eps=NORM_EPS) if norms == "paper" else None
        self.reset_step_sizes()

    @torch.no_grad()
    def reset_step_sizes(self, shortest: float = 1e-3, longest: float = 1e-1, floor: float = 1e-4) -> None:
        """Mamba's initialisation: softplus(bias), the initial step size, is log-uniform in [shortest, longest]."""
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        step = torch.exp(torch.rand(self.inner) * math.log(longest / shortest) + math.log(shortest)).clamp(min=floor)
        self.dt_proj.bias.copy_(step + torch.log(-torch.expm1(-step)))  # inverse of softplus

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, width] to [B, T, width]."""
        return mamba_sum([self], x)

    @classmethod
    def summed(cls, mixers: Sequence[Mamba], x: Tensor) -> Tensor:
        return mamba_sum(mixers, x)

    @classmethod
    def summed_at_hidden(
        cls, mixers: Sequence[Mamba], seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str
    ) -> Tensor:
        return sum_at_hidden(mixers, seen, blank, visible, hidden, order)

    def main(self, x: Tensor) -> Tensor:
        """The main branch before its convolution, [..., inner]."""
        return F.linear(self._normed(x), self.in_proj.weight[: self.inner])

    def gate(self, x: Tensor) -> Tensor:
        """The gate before its SiLU, [..., inner]."""
        return F.linear(self._normed(x) if self.gate_is_normed else x, self.in_proj.weight[self.inner :])

    def main_and_gate(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Main branch and gate, with a single layer norm."""
        normed = self._normed(x)
        gate = F.linear(normed if self.gate_is_normed else x, self.in_proj.weight[self.inner :])
        return F.linear(normed, self.in_proj.weight[: self.inner]), gate

    def _normed(self, x: Tensor) -> Tensor:
        return x if self.norm is None else self.norm(x)


def mamba_sum(blocks: Sequence[Mamba], x: Tensor) -> Tensor:
    """Sum of the outputs, [B, T, width], of blocks of equal size on the same input, each in its own direction.

    The backend gets the convolutions, scans and gates of all blocks together, which is one launch each on a GPU. Long
    videos are encoded in chunks on the CPU, so that memory beyond `x` hardly depends on their length.
    """
    backend = backend_module(blocks[0].scan_backend, x.device)
    if x.shape[1] > CHUNK and not torch.is_grad_enabled() and hasattr(backend, "scan_onward"):
        return sum_in_chunks(blocks, x, CHUNK)
    mains, gates = zip(*(block.main_and_gate(x) for block in blocks), strict=True)
    return _summed(blocks, _scanned(blocks, mains, gates), gates)


def sum_in_chunks(blocks: Sequence[Mamba], x: Tensor, size: int) -> Tensor:
    """`mamba_sum` without gradients, one block after another and in chunks of `size` frames.

    The state of the scan and the frames that the convolution still needs are carried from one chunk to the next.
    """
    total = torch.zeros_like(x)
    for block in blocks:
        backend = backend_module(block.scan_backend, x.device)
        before = block.conv1d.kernel_size[0] - 1
        state = x.new_zeros(len(x), block.d_state, block.inner, dtype=torch.promote_types(x.dtype, torch.float32))
        context = None
        chunks = list(zip(x.split(size, dim=1), total.split(size, dim=1), strict=True))
        for part, into in reversed(chunks) if block.reverse else chunks:
            main, gate = block.main_and_gate(part)
            if context is not None:
                main = torch.cat([main, context] if block.reverse else [context, main], dim=1)
            frames = part.shape[1]
            (u,) = backend.conv_silu([(main, block.conv1d.weight, block.conv1d.bias)], [block.reverse])
            u = u[:, :frames] if block.reverse else u[:, -frames:]
            context = main[:, :before] if block.reverse else main[:, max(main.shape[1] - before, 0) :]
            y = backend.scan_onward(_scan_inputs(block, u, gate), block.reverse, state)
            into += _summed([block], [y], [gate])
    return total


def sum_at_hidden(
    blocks: Sequence[Mamba], seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str
) -> Tensor:
    """`mamba_sum` at the masked frames, [B, M, width], of a sequence whose masked frames are the same for all videos.

    Masked frames are projected once for all videos, and gate and output are not computed at visible frames.

    Args:
        seen: the input at visible frames, [B, V, width].
        blank: the input at masked frames, [T, width].
        visible, hidden: frame indices [B, V] and [B, M], V + M = T.
        order: see `with_blanks`.
    """
    mains = [with_blanks(block.main(seen), block.main(blank), visible, hidden, order) for block in blocks]
    gates = [F.embedding(hidden, block.gate(blank)) for block in blocks]
    outputs = [hidden_of(y, hidden, order) for y in _scanned(blocks, mains, None)]
    if blocks[0].scan_norm is None:
        outputs = [y * F.silu(gate) for y, gate in zip(outputs, gates, strict=True)]
    return _summed(blocks, outputs, gates)


def _scanned(blocks: Sequence[Mamba], mains: Sequence[Tensor], gates: Sequence[Tensor] | None) -> list[Tensor]:
    """Main branches up to the scan output, [B, T, inner]; blocks without norms are gated here if gates are given."""
    backend = backend_module(blocks[0].scan_backend, mains[0].device)
    reverse = [block.reverse for block in blocks]
    convolutions = [(main, b.conv1d.weight, b.conv1d.bias) for b, main in zip(blocks, mains, strict=True)]
    inputs = zip(blocks, backend.conv_silu(convolutions, reverse), gates or [None] * len(blocks), strict=True)
    return backend.scan([_scan_inputs(block, u, gate) for block, u, gate in inputs], reverse)


def _scan_inputs(block: Mamba, u: Tensor, gate: Tensor | None) -> ScanInputs:
    """What a block's scan reads, given the main branch after its convolution; with the gate if no norm precedes it."""
    step, B, C = block.x_proj(u).split([block.rank, block.d_state, block.d_state], dim=-1)
    delta, A = F.linear(step, block.dt_proj.weight), -torch.exp(block.A_log)
    return ScanInputs(u, delta, A, B, C, block.D, gate if block.scan_norm is None else None, block.dt_proj.bias, True)


def _summed(blocks: Sequence[Mamba], outputs: Sequence[Tensor], gates: Sequence[Tensor]) -> Tensor:
    """Sum of the blocks' outputs, from scan outputs that are already gated unless a norm follows the scan."""
    if blocks[0].scan_norm is not None:
        backend = backend_module(blocks[0].scan_backend, outputs[0].device)
        norms = [block.scan_norm for block in blocks]
        gated = [(y, n.weight, n.bias, gate) for y, n, gate in zip(outputs, norms, gates, strict=True)]
        outputs = backend.norm_gate(gated, NORM_EPS)
    if blocks[0].out_proj is blocks[-1].out_proj:  # one block, or two with shared weights
        return blocks[0].out_proj(sum(outputs))
    return sum(block.out_proj(y) for block, y in zip(blocks, outputs, strict=True))
