"""A Mamba block's operations on CUDA through Triton, forward and backward, with both directions in one launch.

Roofline analysis behind the kernel design, for the typical case of B = 256 videos, T = 13 frames, E = 512 channels,
N = 16 states, bfloat16, two directions, on an H200 (4.8 TB/s; 132 multiprocessors at about 1.75 GHz, each with 16
special functions and 4 warp instructions per clock). A tensor [B, T, E] is 3.4 MB; a direction has 27 million (video,
frame, channel, state) elements.

                   bytes moved                           exponentials             bound by memory, exp, instructions
    scan forward   u, delta, y: 20 MB (z: 7 MB more)     55 M decays, 7 M other   4 us, 17 us, 23 us
    scan backward  u, delta, dy, du, ddelta: 34 MB,      55 M decays, 14 M other  12 us, 19 us, 61 us
                   u, delta again, partial sums 12 MB
    conv           x, y: 14 MB; backward 20 MB           3 M                      3 us; 4 us
    norm_gate      y, z, out: 20 MB; backward 34 MB      3 M                      4 us; 7 us

The last column is the lower bound on the time: bytes over bandwidth, exponentials over their rate, and instructions of
the compiled loops (sm_90) over the issue rate. In the forward pass, a warp needs 400 instructions per frame for its 64
channels; in the backward pass, 720 per state for 64 channels and 13 frames.

The scan is therefore compute-bound, not memory-bound: decays are never computed twice in a pass, nor stored. (Storing
the states of all frames instead of recomputing them would move 218 MB each way, 90 us.)

Forward: a thread owns one or two channels and keeps their N states in registers, looping over frames with states
unrolled. Backward: it loops over states with `chunk` <= 13 frames unrolled, so that the decays and states of a chunk
stay in registers between the forward and the reversed recurrence. Two channels and 13 frames fit in 255 registers
without spilling. Longer videos are processed chunk by chunk from the end, and the forward pass stores the state before
each chunk ([B, chunks - 1, N, E] float32). A parallel scan over time would also need the products of decays and a shift
by one frame, and would pay off only if B E is too small to fill the GPU. dB and dC are sums over channels, with five
shuffles per value in a warp: 260 of the 720 instructions in the loop body.

Sums over videos (dA, dD, dbias) and channel blocks (dB, dC) are partial sums, added by `torch.sum`, so results do not
depend on scheduling. The last bits depend on the number of multiprocessors, by which videos are grouped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.autograd.function import once_differentiable

from s5vh.nn.backends import triton_kernels as kernels
from s5vh.nn.backends.scan_inputs import ScanInputs

DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
MAX_CHUNK = 13  # frames that the backward pass keeps in registers
MAX_CONV_CHUNK = 16
RESIDENT_WARPS = 8  # per multiprocessor, with 255 registers per thread


def scan(directions: Sequence[ScanInputs], reverse: Sequence[bool]) -> list[Tensor]:
    """Selective scan of one or two directions of equal shapes, in one launch (and one in the backward pass).

    Args:
        directions: inputs; tensors over time may be strided over videos and frames. Arithmetic is float32 (float64 for
            float64 inputs) regardless of the input dtype.
        reverse: for each direction, run from the last frame to the first.

    Returns:
        For each direction [B, T, E], dtype of its `u`; multiplied by SiLU(z) if z is given.

    Raises:
        ValueError: tensors that are not on a GPU or not float16, bfloat16, float32 or float64, or directions that
            differ in shape, dtype or options.
    """
    softplus = directions[0].delta_softplus
    flat = [tensor for inputs in directions for tensor in inputs[:8]]
    _check("scan", directions, flat)
    if any(inputs.delta_softplus != softplus for inputs in directions):
        raise ValueError("scan: both directions must agree on delta_softplus")
    return list(_Scan.apply(tuple(map(bool, reverse)), softplus, *flat))


def conv_silu(directions: Sequence[tuple[Tensor, Tensor, Tensor]], reverse: Sequence[bool]) -> list[Tensor]:
    """Causal depthwise convolution and SiLU of one or two directions of equal shapes, in one launch.

    Args:
        directions: (x [B, T, E], weight [E, 1, W], bias [E]) each; the last tap is for the current frame.
        reverse: for each direction, use later frames instead of earlier ones.

    Returns:
        For each direction [B, T, E], dtype of its x.

    Raises:
        ValueError: as `scan`.
    """
    flat = [tensor for inputs in directions for tensor in inputs]
    _check("conv_silu", directions, flat)
    return list(_ConvSiLU.apply(tuple(map(bool, reverse)), *flat))


def norm_gate(directions: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]], eps: float) -> list[Tensor]:
    """LayerNorm(y) SiLU(z) of one or two directions of equal shapes, in one launch.

    Args:
        directions: (y [B, T, E], weight [E], bias [E], z [B, T, E]) each.
        eps: added to the variance.

    Returns:
        For each direction [B, T, E], dtype of its y.

    Raises:
        ValueError: as `scan`.
    """
    flat = [tensor for inputs in directions for tensor in inputs]
    _check("norm_gate", directions, flat)
    return list(_NormGate.apply(eps, *flat))


def _check(name: str, directions: Sequence[Sequence], flat: list[Tensor | None]) -> None:
    def kind(inputs: Sequence) -> list:
        return [(x.shape, x.dtype, x.device) if isinstance(x, Tensor) else None for x in inputs]

    if not 1 <= len(directions) <= 2 or any(kind(inputs) != kind(directions[0]) for inputs in directions):
        raise ValueError(f"{name}: expected one or two directions of equal shapes and dtypes")
    for tensor in flat:
        if tensor is not None and tensor.dtype not in DTYPES:
            raise ValueError(f"{name}: {tensor.dtype} is not one of {', '.join(map(str, DTYPES))}")
        if tensor is not None and not (tensor.is_cuda or _interpreted()):
            raise ValueError(f"{name}: the triton backend requires tensors on a GPU, not on {tensor.device}")


def _interpreted() -> bool:
    return not isinstance(kernels.scan_forward, triton.runtime.JITFunction)


def _columns(flat: Sequence, count: int) -> list[tuple]:
    """Tensors listed direction by direction, as one pair for each argument; a single direction is given twice."""
    directions = [flat[i : i + count] for i in range(0, len(flat), count)]
    return list(zip(directions[0], directions[-1], strict=True))


def _over_time(pair: tuple) -> tuple:
    """The pair, copied only where channels are not contiguous or the two are strided differently."""
    if pair[0] is None:
        return pair
    if pair[0].stride() != pair[1].stride() or (pair[0].stride(-1) != 1 and pair[0].shape[-1] > 1):
        pair = tuple(x.contiguous() for x in pair)
    return pair


def _rows(pair: tuple) -> tuple[tuple, int]:
    """The pair as rows of channels, and the distance between rows."""
    pair = _over_time(pair)
    batch, length, _ = pair[0].shape
    if batch > 1 and length > 1 and pair[0].stride(0) != length * pair[0].stride(1):
        pair = tuple(x.contiguous() for x in pair)
    return pair, pair[0].stride(1) if length > 1 else pair[0].stride(0)


def _dense(pair: tuple) -> tuple:
    return tuple(None if x is None else x.contiguous() for x in pair)


def _strides(pair: tuple) -> tuple[int, int]:
    return pair[0].stride()[:2]


def _accumulator(tensor: Tensor) -> tuple[torch.dtype, tl.dtype]:
    return (torch.float64, tl.float64) if tensor.dtype == torch.float64 else (torch.float32, tl.float32)


@cache
def _multiprocessors(device: torch.device) -> int:
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 132


def _block(batch: int, channels: int, directions: int, states: int, device: torch.device) -> int:
    """Channels per program: two per thread, which halves loads and shuffles, unless warps or registers run short."""
    warps = batch * triton.cdiv(channels, 64) * directions
    return 64 if warps >= 4 * _multiprocessors(device) and states <= 24 else 32


def _videos_each(batch: int, blocks: int, directions: int, device: torch.device) -> int:
    """Videos per program in the backward passes, such that one wave of programs covers them all."""
    return triton.cdiv(batch * blocks * directions, RESIDENT_WARPS * _multiprocessors(device))


def _chunks(length: int, largest: int) -> tuple[int, int]:
    """(frames per chunk, number of chunks), with chunks as equal as possible."""
    count = triton.cdiv(length, largest)
    return triton.cdiv(length, count), count


def _row(channels: int) -> dict[str, int]:
    """A program processes whole rows of channels, 16 per thread."""
    block = triton.next_power_of_2(channels)
    return {"BLOCK_E": block, "warps": min(max(block // 512, 1), 16)}


def _launch(kernel, grid: tuple[int, ...], like: Tensor, *arguments, warps: int = 1, **constants) -> None:
    with torch.cuda.device_of(like):
        kernel[grid](*arguments, **constants, num_warps=warps, num_stages=1)


def _partial_sum(partial: Tensor) -> Tensor:
    return partial[0] if partial.shape[0] == 1 else partial.sum(0)


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx, reverse, softplus, *flat):
        columns = _columns(flat, 8)
        u, delta, B, C, z = (_over_time(columns[i]) for i in (0, 1, 3, 4, 6))
        A, D, bias = (_dense(columns[i]) for i in (2, 5, 7))
        batch, length, channels = u[0].shape
        states, directions, device = A[0].shape[1], len(reverse), u[0].device
        dtype, acc = _accumulator(u[0])
        gate, keep = z[0] is not None, any(ctx.needs_input_grad)
        chunk, chunks = _chunks(length, MAX_CHUNK) if keep else (length, 1)
        block = _block(batch, channels, directions, states, device)
        blocks = triton.cdiv(channels, block)
        y = u[0].new_empty(directions, batch, length, channels) if keep or not gate else None
        gated = u[0].new_empty(directions, batch, length, channels) if gate else None
        history = u[0].new_empty(directions, batch, chunks - 1, states, channels, dtype=dtype)
        _launch(
            kernels.scan_forward, (batch * blocks, directions), u[0],
            u, delta, A, B, C, D, z if gate else u, bias if bias[0] is not None else D,
            gated if y is None else y, gated if gate else y, history,
            *map(_strides, (u, delta, B, C, z if gate else u)), batch, length, channels, blocks, chunk, chunks,
            N=states, REVERSE=(int(reverse[0]), int(reverse[-1])), GATE=gate, KEEP_Y=y is not None,
            BIAS=bias[0] is not None, SOFTPLUS=softplus, BLOCK_E=block, ACC=acc,
        )  # fmt: skip
        # Without a gate, do not save what only its gradient needs.
        ctx.save_for_backward(history, y if gate else None, *u, *delta, *A, *B, *C, *D, *z, *bias)
        ctx.settings = reverse, softplus, chunk, chunks, block
        return tuple((gated if gate else y).unbind(0))

    @staticmethod
    @once_differentiable
    def backward(ctx, *dout):
        history, y, *saved = ctx.saved_tensors
        u, delta, A, B, C, D, z, bias = (tuple(saved[i : i + 2]) for i in range(0, 16, 2))
        reverse, softplus, chunk, chunks, block = ctx.settings
        dout = _over_time((dout[0], dout[-1]))
        batch, length, channels = u[0].shape
        states, directions, device = A[0].shape[1], len(reverse), u[0].device
        dtype, acc = _accumulator(u[0])
        gate = z[0] is not None
        blocks = triton.cdiv(channels, block)
        videos = _videos_each(batch, blocks, directions, device)
        groups = triton.cdiv(batch, videos)
        shape = directions, batch, length, channels
        du, ddelta = u[0].new_empty(shape), delta[0].new_empty(shape)
        dz = z[0].new_empty(shape) if gate else du
        dBC = u[0].new_empty(blocks, directions, 2, batch, length, states, dtype=dtype)
        sums = u[0].new_empty(groups, directions, states + 2, channels, dtype=dtype)
        carry = u[0].new_empty(directions, groups if chunks > 1 else 0, states, channels, dtype=dtype)
        over_time = u, delta, B, C, z if gate else u, dout
        _launch(
            kernels.scan_backward, (groups * blocks, directions), u[0],
            u, delta, A, B, C, D, over_time[4], bias if bias[0] is not None else D, dout,
            y if gate else du, history, carry, du, ddelta, dz, dBC, sums,
            *(pair[0].stride(0) for pair in over_time), batch, length, groups, videos, chunks,
            E=channels, N=states, FRAMES=tuple(pair[0].stride(1) for pair in over_time),
            REVERSE=tuple(map(int, reverse)), GATE=gate, BIAS=bias[0] is not None, SOFTPLUS=softplus,
            CHUNK=chunk, MANY=chunks > 1, EXACT=chunk * chunks == length, BLOCK_E=block, ACC=acc,
        )  # fmt: skip
        dBC, sums = _partial_sum(dBC), _partial_sum(sums)
        if B[0].dtype == C[0].dtype:
            dBC = dBC.to(B[0].dtype)  # one conversion for all four
        gradients = []
        for d in range(directions):
            dA, dD, dbias = sums[d, :states].t(), sums[d, states], sums[d, states + 1]
            gradients += [du[d], ddelta[d], dA.to(A[0].dtype), dBC[d, 0].to(B[0].dtype), dBC[d, 1].to(C[0].dtype)]
            gradients += [dD.to(D[0].dtype), dz[d] if gate else None]
            gradients.append(dbias.to(bias[0].dtype) if bias[0] is not None else None)
        return None, None, *gradients


class _ConvSiLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, reverse, *flat):
        columns = _columns(flat, 3)
        x, weight, bias = _over_time(columns[0]), _dense(columns[1]), _dense(columns[2])
        batch, length, channels = x[0].shape
        directions, device = len(reverse), x[0].device
        chunk, chunks = _chunks(length, MAX_CONV_CHUNK)
        block = _block(batch, channels, directions, 1, device)
        blocks = triton.cdiv(channels, block)
        y = x[0].new_empty(directions, batch, length, channels)
        _launch(
            kernels.conv_forward, (batch * blocks, directions), x[0],
            x, weight, bias, y, _strides(x), batch, length, channels, blocks, chunks,
            WIDTH=weight[0].shape[-1], REVERSE=(int(reverse[0]), int(reverse[-1])), CHUNK=chunk,
            BLOCK_E=block, ACC=_accumulator(x[0])[1],
        )  # fmt: skip
        ctx.save_for_backward(*x, *weight, *bias)
        ctx.settings = reverse, block
        return tuple(y.unbind(0))

    @staticmethod
    @once_differentiable
    def backward(ctx, *dy):
        x, weight, bias = (ctx.saved_tensors[i : i + 2] for i in range(0, 6, 2))
        reverse, block = ctx.settings
        dy = _over_time((dy[0], dy[-1]))
        batch, length, channels = x[0].shape
        width, directions, device = weight[0].shape[-1], len(reverse), x[0].device
        dtype, acc = _accumulator(x[0])
        blocks = triton.cdiv(channels, block)
        videos = _videos_each(batch, blocks, directions, device)
        groups = triton.cdiv(batch, videos)
        chunk, chunks = _chunks(length + width - 1, MAX_CONV_CHUNK)
        dx = x[0].new_empty(directions, batch, length, channels)
        sums = x[0].new_empty(groups, directions, width + 1, channels, dtype=dtype)
        _launch(
            kernels.conv_backward, (groups * blocks, directions), x[0],
            x, weight, bias, dy, dx, sums, _strides(x), _strides(dy),
            batch, length, channels, blocks, groups, videos, chunks,
            WIDTH=width, REVERSE=(int(reverse[0]), int(reverse[-1])), CHUNK=chunk,
            BLOCK_E=block, ACC=acc,
        )  # fmt: skip
        sums = _partial_sum(sums)
        gradients = []
        for d in range(directions):
            dweight = sums[d, :width].t().unsqueeze(1)
            gradients += [dx[d], dweight.to(weight[0].dtype), sums[d, width].to(bias[0].dtype)]
        return None, *gradients


class _NormGate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, eps, *flat):
        directions = len(flat) // 4
        columns = _columns(flat, 4)
        (y, y_stride), (z, z_stride) = _rows(columns[0]), _rows(columns[3])
        weight, bias = _dense(columns[1]), _dense(columns[2])
        batch, length, channels = y[0].shape
        rows, device = batch * length, y[0].device
        dtype, acc = _accumulator(y[0])
        programs = min(rows, max(1, 16 * _multiprocessors(device) // directions))
        each = triton.cdiv(rows, programs)
        out = y[0].new_empty(directions, batch, length, channels)
        moments = y[0].new_empty(directions, rows, 2, dtype=dtype)
        _launch(
            kernels.norm_gate_forward, (triton.cdiv(rows, each), directions), y[0],
            y, weight, bias, z, out, moments, y_stride, z_stride, rows, each, channels,
            EPS=eps, ACC=acc, **_row(channels),
        )  # fmt: skip
        ctx.save_for_backward(moments, *y, *weight, *bias, *z)
        ctx.directions = directions
        return tuple(out.unbind(0))

    @staticmethod
    @once_differentiable
    def backward(ctx, *dout):
        moments, *saved = ctx.saved_tensors
        y, weight, bias, z = (tuple(saved[i : i + 2]) for i in range(0, 8, 2))
        (y, y_stride), (z, z_stride), (dout, dout_stride) = _rows(y), _rows(z), _rows((dout[0], dout[-1]))
        directions = ctx.directions
        batch, length, channels = y[0].shape
        rows, device = batch * length, y[0].device
        dtype, acc = _accumulator(y[0])
        programs = min(rows, max(1, 8 * _multiprocessors(device) // directions))
        each = triton.cdiv(rows, programs)
        programs = triton.cdiv(rows, each)
        dy = y[0].new_empty(directions, batch, length, channels)
        dz = z[0].new_empty(directions, batch, length, channels)
        sums = y[0].new_empty(programs, directions, 2, channels, dtype=dtype)
        _launch(
            kernels.norm_gate_backward, (programs, directions), y[0],
            y, weight, bias, z, dout, moments, dy, dz, sums, y_stride, z_stride, dout_stride, rows, each, channels,
            ACC=acc, **_row(channels),
        )  # fmt: skip
        sums = _partial_sum(sums)
        gradients = []
        for d in range(directions):
            gradients += [dy[d], sums[d, 0].to(weight[0].dtype), sums[d, 1].to(bias[0].dtype), dz[d]]
        return None, *gradients
