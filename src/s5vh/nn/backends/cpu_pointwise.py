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


def _videos(x: np.ndarray, *_: object) -> int:
    return len(x)


@njit(**_OPTIONS)
def _convolve(x, weight, bias, t, reverse, out):
    """out[e] = bias[e] + sum_j weight[j, e] x[source, e] for frame t of one video x [T, E]."""
    length, channels = x.shape
    taps = weight.shape[0]
    for e in range(channels):
        out[e] = bias[e]
    for j in range(taps):
        source = t + (taps - 1 - j) if reverse else t - (taps - 1 - j)
        if 0 <= source < length:
            x_s = x[source]
            w_j = weight[j]
            for e in range(channels):
                out[e] += w_j[e] * loaded(x_s[e])


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def conv_silu_forward(first, last, x, weight, bias, reverse, y):
    """y = SiLU(bias + causal depthwise convolution of x). `weight` is [W, E]; weight[W-1] is for the current frame."""
    _, length, channels = x.shape
    pre = np.empty(channels, weight.dtype)
    for v in range(first, last):
        for t in range(length):
            y_t = y[v, t]
            _convolve(x[v], weight, bias, t, reverse, pre)
            for e in range(channels):
                y_t[e] = stored(pre[e] * sigmoid(pre[e]), y.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def conv_silu_backward(first, last, x, weight, bias, dy, reverse, dx, dweight, dbias):
    """Gradients of `conv_silu_forward`. `dweight` is [V, W, E] and `dbias` [V, E], summed by the caller."""
    _, length, channels = x.shape
    taps = weight.shape[0]
    one = weight.dtype.type(1)
    pre = np.empty((length, channels), weight.dtype)
    sums = np.empty(channels, weight.dtype)
    for v in range(first, last):
        dbias_v = dbias[v]
        dbias_v[:] = 0
        dweight[v] = 0
        for t in range(length):
            dy_t, pre_t = dy[v, t], pre[t]
            _convolve(x[v], weight, bias, t, reverse, pre_t)
            for e in range(channels):
                gate = sigmoid(pre_t[e])
                pre_t[e] = loaded(dy_t[e]) * gate * (one + pre_t[e] * (one - gate))  # now the gradient at `pre`
                dbias_v[e] += pre_t[e]
            for j in range(taps):
                source = t + (taps - 1 - j) if reverse else t - (taps - 1 - j)
                if 0 <= source < length:
                    x_s, dw_j = x[v, source], dweight[v, j]
                    for e in range(channels):
                        dw_j[e] += loaded(x_s[e]) * pre_t[e]
        for t in range(length):
            sums[:] = 0
            start = t - taps + 1 if reverse else t
            for reader in range(max(start, 0), min(start + taps, length)):  # the frames whose convolution reads frame t
                w_j, pre_r = weight[taps - 1 - abs(reader - t)], pre[reader]
                for e in range(channels):
                    sums[e] += w_j[e] * pre_r[e]
            dx_t = dx[v, t]
            for e in range(channels):
                dx_t[e] = stored(sums[e], dx.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def norm_gate_forward(first, last, y, weight, bias, gate, eps, mean, scale, out):
    """out = (weight * (y - mean) * scale + bias) * SiLU(gate), mean and scale = 1/sqrt(variance + eps) over E."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, out_t = y[v, t], gate[v, t], out[v, t]
            total = weight.dtype.type(0)
            for e in range(channels):
                total += loaded(y_t[e])
            center = total / weight.dtype.type(channels)
            squares = weight.dtype.type(0)
            for e in range(channels):
                squares += (loaded(y_t[e]) - center) * (loaded(y_t[e]) - center)
            factor = weight.dtype.type(1) / np.sqrt(squares / weight.dtype.type(channels) + weight.dtype.type(eps))
            mean[v, t] = center
            scale[v, t] = factor
            for e in range(channels):
                z = loaded(gate_t[e])
                normed = weight[e] * ((loaded(y_t[e]) - center) * factor) + bias[e]
                out_t[e] = stored(normed * (z * sigmoid(z)), out.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def norm_gate_backward(first, last, y, weight, bias, gate, mean, scale, dout, dy, dweight, dbias, dgate):
    """Gradients of `norm_gate_forward`. `dweight` and `dbias` are [V, E], summed by the caller."""
    _, length, channels = y.shape
    one = weight.dtype.type(1)
    dunits = np.empty(channels, weight.dtype)
    for v in range(first, last):
        dweight_v, dbias_v = dweight[v], dbias[v]
        dweight_v[:] = 0
        dbias_v[:] = 0
        for t in range(length):
            y_t, gate_t, dout_t, dy_t, dgate_t = y[v, t], gate[v, t], dout[v, t], dy[v, t], dgate[v, t]
            center, factor = mean[v, t], scale[v, t]
            total = weight.dtype.type(0)
            along = weight.dtype.type(0)
            for e in range(channels):
                unit = (loaded(y_t[e]) - center) * factor
                part = sigmoid(loaded(gate_t[e]))
                silu = loaded(gate_t[e]) * part
                slope = part * (one + loaded(gate_t[e]) * (one - part))
                dgate_t[e] = stored(loaded(dout_t[e]) * (weight[e] * unit + bias[e]) * slope, dgate.dtype)
                dnormed = loaded(dout_t[e]) * silu
                dbias_v[e] += dnormed
                dweight_v[e] += dnormed * unit
                dunit = dnormed * weight[e]
                dunits[e] = dunit
                total += dunit
                along += dunit * unit
            total /= weight.dtype.type(channels)
            along /= weight.dtype.type(channels)
            for e in range(channels):
                unit = (loaded(y_t[e]) - center) * factor
                dy_t[e] = stored(factor * (dunits[e] - total - unit * along), dy.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_forward(first, last, y, gate, out):
    """out = y * SiLU(gate)."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, out_t = y[v, t], gate[v, t], out[v, t]
            for e in range(channels):
                z = loaded(gate_t[e])
                out_t[e] = stored(loaded(y_t[e]) * (z * sigmoid(z)), out.dtype)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_backward(first, last, y, gate, dout, dy, dgate):
    """Gradients of `gate_forward`."""
    _, length, channels = y.shape
    one = np.float32(1)
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, dout_t, dy_t, dgate_t = y[v, t], gate[v, t], dout[v, t], dy[v, t], dgate[v, t]
            for e in range(channels):
                part = sigmoid(loaded(gate_t[e]))
                dy_t[e] = stored(loaded(dout_t[e]) * (loaded(gate_t[e]) * part), dy.dtype)
                slope = part * (one + loaded(gate_t[e]) * (one - part))
                dgate_t[e] = stored(loaded(dout_t[e]) * loaded(y_t[e]) * slope, dgate.dtype)
