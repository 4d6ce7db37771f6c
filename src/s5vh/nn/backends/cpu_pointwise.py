"""Numba kernels for the CPU: the operations around the scan in a Mamba block, forward and backward.

`conv_silu` is the causal depthwise convolution and SiLU before the scan, `norm_gate` the layer norm and the gate after
it, each one pass over memory. Shapes: V videos, T frames, E channels, W taps. Every output element is written by one
thread in a fixed order, so results do not depend on scheduling.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.nn.backends.cpu_math import sigmoid

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
                out[e] += w_j[e] * x_s[e]


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def conv_silu_forward(first, last, x, weight, bias, reverse, y):
    """y = SiLU(bias + causal depthwise convolution of x). `weight` is [W, E]; weight[W-1] is for the current frame."""
    _, length, channels = x.shape
    for v in range(first, last):
        for t in range(length):
            y_t = y[v, t]
            _convolve(x[v], weight, bias, t, reverse, y_t)
            for e in range(channels):
                y_t[e] = y_t[e] * sigmoid(y_t[e])


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def conv_silu_backward(first, last, x, weight, bias, dy, reverse, dx, dweight, dbias):
    """Gradients of `conv_silu_forward`. `dweight` is [V, W, E] and `dbias` [V, E], summed by the caller."""
    _, length, channels = x.shape
    taps = weight.shape[0]
    one = x.dtype.type(1)
    for v in range(first, last):
        pre = np.empty(channels, x.dtype)
        dbias_v = dbias[v]
        dbias_v[:] = 0
        dweight[v] = 0
        dx[v] = 0
        for t in range(length):
            dy_t = dy[v, t]
            _convolve(x[v], weight, bias, t, reverse, pre)
            for e in range(channels):
                gate = sigmoid(pre[e])
                pre[e] = dy_t[e] * gate * (one + pre[e] * (one - gate))  # from here on the gradient at `pre`
                dbias_v[e] += pre[e]
            for j in range(taps):
                source = t + (taps - 1 - j) if reverse else t - (taps - 1 - j)
                if 0 <= source < length:
                    x_s = x[v, source]
                    dx_s = dx[v, source]
                    w_j = weight[j]
                    dw_j = dweight[v, j]
                    for e in range(channels):
                        dx_s[e] += w_j[e] * pre[e]
                        dw_j[e] += x_s[e] * pre[e]


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def norm_gate_forward(first, last, y, weight, bias, gate, eps, mean, scale, out):
    """out = (weight * (y - mean) * scale + bias) * SiLU(gate), mean and scale = 1/sqrt(variance + eps) over E."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, out_t = y[v, t], gate[v, t], out[v, t]
            total = y.dtype.type(0)
            for e in range(channels):
                total += y_t[e]
            center = total / y.dtype.type(channels)
            squares = y.dtype.type(0)
            for e in range(channels):
                squares += (y_t[e] - center) * (y_t[e] - center)
            factor = y.dtype.type(1) / np.sqrt(squares / y.dtype.type(channels) + y.dtype.type(eps))
            mean[v, t] = center
            scale[v, t] = factor
            for e in range(channels):
                normed = weight[e] * ((y_t[e] - center) * factor) + bias[e]
                out_t[e] = normed * (gate_t[e] * sigmoid(gate_t[e]))


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def norm_gate_backward(first, last, y, weight, bias, gate, mean, scale, dout, dy, dweight, dbias, dgate):
    """Gradients of `norm_gate_forward`. `dweight` and `dbias` are [V, E], summed by the caller."""
    _, length, channels = y.shape
    one = y.dtype.type(1)
    for v in range(first, last):
        dweight_v, dbias_v = dweight[v], dbias[v]
        dweight_v[:] = 0
        dbias_v[:] = 0
        for t in range(length):
            y_t, gate_t, dout_t, dy_t, dgate_t = y[v, t], gate[v, t], dout[v, t], dy[v, t], dgate[v, t]
            center, factor = mean[v, t], scale[v, t]
            total = y.dtype.type(0)
            along = y.dtype.type(0)
            for e in range(channels):
                unit = (y_t[e] - center) * factor
                part = sigmoid(gate_t[e])
                silu = gate_t[e] * part
                dgate_t[e] = dout_t[e] * (weight[e] * unit + bias[e]) * part * (one + gate_t[e] * (one - part))
                dnormed = dout_t[e] * silu
                dbias_v[e] += dnormed
                dweight_v[e] += dnormed * unit
                dunit = dnormed * weight[e]
                dy_t[e] = dunit
                total += dunit
                along += dunit * unit
            total /= y.dtype.type(channels)
            along /= y.dtype.type(channels)
            for e in range(channels):
                dy_t[e] = factor * (dy_t[e] - total - (y_t[e] - center) * factor * along)


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_forward(first, last, y, gate, out):
    """out = y * SiLU(gate)."""
    _, length, channels = y.shape
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, out_t = y[v, t], gate[v, t], out[v, t]
            for e in range(channels):
                out_t[e] = y_t[e] * (gate_t[e] * sigmoid(gate_t[e]))


@shared_among_threads(_videos)
@njit(**_OPTIONS)
def gate_backward(first, last, y, gate, dout, dy, dgate):
    """Gradients of `gate_forward`."""
    _, length, channels = y.shape
    one = y.dtype.type(1)
    for v in range(first, last):
        for t in range(length):
            y_t, gate_t, dout_t, dy_t, dgate_t = y[v, t], gate[v, t], dout[v, t], dy[v, t], dgate[v, t]
            for e in range(channels):
                part = sigmoid(gate_t[e])
                dy_t[e] = dout_t[e] * (gate_t[e] * part)
                dgate_t[e] = dout_t[e] * y_t[e] * part * (one + gate_t[e] * (one - part))
