"""Numba kernels for the CPU: the operations around the scan in a Mamba block, forward and backward.

`conv_silu` is the causal depthwise convolution and SiLU before the scan, `norm_gate` the layer norm and the gate after
it, each one pass over memory. Shapes: V videos, T frames, E channels, W taps. Arrays [V, T, E] may be stored in
bfloat16, see `cpu_storage`; all else is in the dtype of the computation. Every output element is written by one thread
in a fixed order, so results do not depend on scheduling.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.nn.backends.cpu_math import sigmoid
from s5vh.nn.backends.cpu_storage import loaded, stored

_OPTIONS = {
    "cache": True,
    "nogil": True,
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    "error_model": "numpy",
}


# Arrays are not assigned to slices: numba compiles a check of shapes with its message, which takes five seconds.
GROUP = 8  # videos per job of backward kernels; gradients of weights are summed over them before they are stored
_TAPS = 4  # added in one pass


def _videos(x: np.ndarray, *_: object) -> int:
    return len(x)


def job_count(videos: int) -> int:
    """Number of groups of videos."""
    return -(-videos // GROUP)


def _groups(x: np.ndarray, *_: object) -> int:
    return job_count(len(x))


@njit(**_OPTIONS)
def _whole_passes(weight):
    """The weights [W, E] after zeros, so that their number is a multiple of _TAPS."""
    taps, channels = weight.shape
    filled = np.zeros((-(-taps // _TAPS) * _TAPS, channels), weight.dtype)
    for j in range(taps):
        for e in range(channels):
            filled[len(filled) - taps + j, e] = weight[j, e]
    return filled


@njit(**_OPTIONS)
def _read(x, v, reverse, before, out):
    """Video v of x [V, T, E] in order of reading, after `before` rows of `out`."""
    length, channels = x.shape[1:]
    for s in range(length):
        t = length - 1 - s if reverse else s
        for e in range(channels):
            out[before + s, e] = loaded(x[v, t, e])


@njit(inline="always", **_OPTIONS)
def _convolve(x, weight, bias, s, out):
    """out[e] = bias[e] + sum_j weight[j, e] x[s + j, e]. Rows are not passed as slices, which are not free."""
    channels = x.shape[1]
    for e in range(channels):
        out[e] = bias[e]
    for j in range(0, len(weight), _TAPS):
        for e in range(channels):
            near = weight[j, e] * x[s + j, e] + weight[j + 1, e] * x[s + j + 1, e]
            out[e] += near + weight[j + 2, e] * x[s + j + 2, e] + weight[j + 3, e] * x[s + j + 3, e]


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def conv_silu_forward(first, last, x, weight, bias, reverse, y):
    """y = SiLU(bias + causal depthwise convolution of x). `weight` is [W, E]; weight[W-1] is for the current frame."""
    _, length, channels = x.shape
    filled = _whole_passes(weight)
    before = len(filled) - 1
    frames = np.zeros((before + length, channels), weight.dtype)
    pre = np.empty(channels, weight.dtype)
    for v in range(first, last):
        _read(x, v, reverse, before, frames)
        for s in range(length):
            t = length - 1 - s if reverse else s
            _convolve(frames, filled, bias, s, pre)
            for e in range(channels):
                y[v, t, e] = stored(pre[e] * sigmoid(pre[e]), y.dtype)


@shared_among_threads(_groups)
@njit(**_OPTIONS)
def conv_silu_backward(first, last, x, weight, bias, dy, reverse, dx, dweight, dbias):
    """Gradients of `conv_silu_forward`. `dweight` is [groups, W, E] and `dbias` [groups, E], summed by the caller."""
    videos, length, channels = x.shape
    taps = weight.shape[0]
    filled = _whole_passes(weight)
    backwards = filled[::-1].copy()  # a frame is read by itself and those after it
    before = len(filled) - 1
    one = weight.dtype.type(1)
    frames = np.zeros((before + length, channels), weight.dtype)
    slopes = np.zeros((length + before, channels), weight.dtype)  # gradients before the SiLU
    pre, no_bias = np.zeros(channels, weight.dtype), np.zeros(channels, weight.dtype)
    sums = np.zeros_like(filled)
    for group in range(first, last):
        sums[:] = 0
        dbias[group] = 0
        for v in range(group * GROUP, min((group + 1) * GROUP, videos)):
            _read(x, v, reverse, before, frames)
            for s in range(length):
                t = length - 1 - s if reverse else s
                _convolve(frames, filled, bias, s, pre)
                for e in range(channels):
                    gate = sigmoid(pre[e])
                    slope = loaded(dy[v, t, e]) * gate * (one + pre[e] * (one - gate))
                    slopes[s, e] = slope
                    dbias[group, e] += slope
                for j in range(0, len(filled), _TAPS):
                    for e in range(channels):
                        slope = slopes[s, e]
                        sums[j, e] += frames[s + j, e] * slope
                        sums[j + 1, e] += frames[s + j + 1, e] * slope
                        sums[j + 2, e] += frames[s + j + 2, e] * slope
                        sums[j + 3, e] += frames[s + j + 3, e] * slope
            for s in range(length):
                t = length - 1 - s if reverse else s
                _convolve(slopes, backwards, no_bias, s, pre)
                for e in range(channels):
                    dx[v, t, e] = stored(pre[e], dx.dtype)
        for j in range(taps):
            for e in range(channels):
                dweight[group, j, e] = sums[len(filled) - taps + j, e]


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def norm_gate_forward(first, last, y, weight, bias, gate, eps, mean, scale, out):
    """out = (weight * (y - mean) * scale + bias) * SiLU(gate), mean and scale = 1/sqrt(variance + eps) over E."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            total = weight.dtype.type(0)
            for e in range(channels):
                total += loaded(y[v, t, e])
            center = total / weight.dtype.type(channels)
            squares = weight.dtype.type(0)
            for e in range(channels):
                squares += (loaded(y[v, t, e]) - center) * (loaded(y[v, t, e]) - center)
            factor = weight.dtype.type(1) / np.sqrt(squares / weight.dtype.type(channels) + weight.dtype.type(eps))
            mean[v, t] = center
            scale[v, t] = factor
            for e in range(channels):
                z = loaded(gate[v, t, e])
                normed = weight[e] * ((loaded(y[v, t, e]) - center) * factor) + bias[e]
                out[v, t, e] = stored(normed * (z * sigmoid(z)), out.dtype)


@shared_among_threads(_groups)
@njit(**_OPTIONS)
def norm_gate_backward(first, last, y, weight, bias, gate, mean, scale, dout, dy, dweight, dbias, dgate):
    """Gradients of `norm_gate_forward`. `dweight` and `dbias` are [groups, E], summed by the caller."""
    videos, length, channels = y.shape
    one = weight.dtype.type(1)
    dunits = np.empty(channels, weight.dtype)
    for group in range(first, last):
        weight_sums, bias_sums = dweight[group], dbias[group]
        weight_sums[:] = 0
        bias_sums[:] = 0
        for v in range(group * GROUP, min((group + 1) * GROUP, videos)):
            for t in range(length):
                center, factor = mean[v, t], scale[v, t]
                total = weight.dtype.type(0)
                along = weight.dtype.type(0)
                for e in range(channels):
                    unit = (loaded(y[v, t, e]) - center) * factor
                    part = sigmoid(loaded(gate[v, t, e]))
                    silu = loaded(gate[v, t, e]) * part
                    slope = part * (one + loaded(gate[v, t, e]) * (one - part))
                    dgate[v, t, e] = stored(loaded(dout[v, t, e]) * (weight[e] * unit + bias[e]) * slope, dgate.dtype)
                    dnormed = loaded(dout[v, t, e]) * silu
                    bias_sums[e] += dnormed
                    weight_sums[e] += dnormed * unit
                    dunit = dnormed * weight[e]
                    dunits[e] = dunit
                    total += dunit
                    along += dunit * unit
                total /= weight.dtype.type(channels)
                along /= weight.dtype.type(channels)
                for e in range(channels):
                    unit = (loaded(y[v, t, e]) - center) * factor
                    dy[v, t, e] = stored(factor * (dunits[e] - total - unit * along), dy.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_forward(first, last, y, gate, out):
    """out = y * SiLU(gate)."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            for e in range(channels):
                z = loaded(gate[v, t, e])
                out[v, t, e] = stored(loaded(y[v, t, e]) * (z * sigmoid(z)), out.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_backward(first, last, y, gate, dout, dy, dgate):
    """Gradients of `gate_forward`."""
    _, length, channels = y.shape
    one = np.float32(1)
    for v in range(first, last):
        for t in range(length):
            for e in range(channels):
                part = sigmoid(loaded(gate[v, t, e]))
                dy[v, t, e] = stored(loaded(dout[v, t, e]) * (loaded(gate[v, t, e]) * part), dy.dtype)
                slope = part * (one + loaded(gate[v, t, e]) * (one - part))
                dgate[v, t, e] = stored(loaded(dout[v, t, e]) * loaded(y[v, t, e]) * slope, dgate.dtype)
