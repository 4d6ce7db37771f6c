"""Numba kernels for the CPU: selective scan and causal convolution, forward and backward.

Shapes: B videos, T frames, E channels, N states. Arrays are [B, T, E] or [B, T, N], the layout that linear layers
produce, so nothing is transposed; `reverse` runs time backwards by index, so nothing is flipped.

The state [N, E] lives in a scratch block of a few channels that fits the level-1 cache, the innermost loop runs over
contiguous channels and compiles to vector instructions. The forward pass never stores the states; the backward pass
recomputes and keeps them for one video and one channel block at a time. Every output element is written by one thread
in a fixed order, so results do not depend on scheduling.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numba.extending import overload

BLOCK = 64  # channels per block: 16 states x 64 channels x 4 bytes = 4 KiB


def _exp(x):  # the interpreter's version; compiled code uses the overload below
    return np.exp(x)


@overload(_exp, inline="always", jit_options={"fastmath": True})
def _exp_compiled(x):
    """Exponential that vectorises in float32 (Cephes-style range reduction and polynomial), exact in float64."""
    if str(x) == "float32":

        def float32_exp(x):
            # exp(x) = 2^k * exp(r), |r| <= ln(2)/2. Below -87 the result is under the smallest normal number.
            x = min(max(x, np.float32(-87.0)), np.float32(88.0))
            k = np.floor(x * np.float32(1.44269504088896341) + np.float32(0.5))
            r = x - k * np.float32(0.693359375) + k * np.float32(2.12194440e-4)
            p = np.float32(1.9875691500e-4)
            p = p * r + np.float32(1.3981999507e-3)
            p = p * r + np.float32(8.3334519073e-3)
            p = p * r + np.float32(4.1665795894e-2)
            p = p * r + np.float32(1.6666665459e-1)
            p = p * r + np.float32(5.0000001201e-1)
            p = p * r * r + r + np.float32(1.0)
            return p * np.int32((np.int32(k) + np.int32(127)) << np.int32(23)).view(np.float32)

        return float32_exp

    def float64_exp(x):
        return math.exp(x)

    return float64_exp


_OPTIONS = {"cache": True, "fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy"}


@njit(parallel=True, **_OPTIONS)
def scan_forward(u, delta, A, B, C, D, reverse, y):
    """y[b, t, e] = sum_n C h + D u with h = exp(delta A) h + delta u B. `A` is [N, E] here."""
    batch, length, channels = u.shape
    states = A.shape[0]
    for b in prange(batch):
        h = np.zeros((states, BLOCK), u.dtype)
        for start in range(0, channels, BLOCK):
            width = min(BLOCK, channels - start)
            stop = start + width
            h[:] = 0
            for step in range(length):
                t = length - 1 - step if reverse else step
                u_t = u[b, t, start:stop]
                delta_t = delta[b, t, start:stop]
                y_t = y[b, t, start:stop]
                for i in range(width):
                    y_t[i] = D[start + i] * u_t[i]
                for n in range(states):
                    A_n = A[n, start:stop]
                    h_n = h[n]
                    B_tn = B[b, t, n]
                    C_tn = C[b, t, n]
                    for i in range(width):
                        h_n[i] = _exp(delta_t[i] * A_n[i]) * h_n[i] + delta_t[i] * u_t[i] * B_tn
                        y_t[i] += h_n[i] * C_tn


@njit(parallel=True, **_OPTIONS)
def scan_backward(u, delta, A, B, C, D, dy, reverse, du, ddelta, dA, dB, dC, dD):
    """Gradients of `scan_forward`. `dA` is [B, N, E] and `dD` [B, E], one slice a video, summed by the caller."""
    batch, length, channels = u.shape
    states = A.shape[0]
    for b in prange(batch):
        history = np.empty((length + 1, states, BLOCK), u.dtype)  # history[s] is the state before step s
        decays = np.empty((length, states, BLOCK), u.dtype)
        dh = np.zeros((states, BLOCK), u.dtype)
        for start in range(0, channels, BLOCK):
            width = min(BLOCK, channels - start)
            stop = start + width
            history[0] = 0
            for step in range(length):
                t = length - 1 - step if reverse else step
                u_t = u[b, t, start:stop]
                delta_t = delta[b, t, start:stop]
                for n in range(states):
                    A_n = A[n, start:stop]
                    before = history[step, n]
                    after = history[step + 1, n]
                    B_tn = B[b, t, n]
                    decay = decays[step, n]
                    for i in range(width):
                        decay[i] = _exp(delta_t[i] * A_n[i])
                        after[i] = decay[i] * before[i] + delta_t[i] * u_t[i] * B_tn
            dh[:] = 0
            for step in range(length - 1, -1, -1):
                t = length - 1 - step if reverse else step
                u_t = u[b, t, start:stop]
                delta_t = delta[b, t, start:stop]
                dy_t = dy[b, t, start:stop]
                du_t = du[b, t, start:stop]
                ddelta_t = ddelta[b, t, start:stop]
                for i in range(width):
                    du_t[i] = dy_t[i] * D[start + i]
                    ddelta_t[i] = 0
                    dD[b, start + i] += dy_t[i] * u_t[i]
                for n in range(states):
                    A_n = A[n, start:stop]
                    dA_n = dA[b, n, start:stop]
                    before = history[step, n]
                    after = history[step + 1, n]
                    decay = decays[step, n]
                    dh_n = dh[n]
                    B_tn = B[b, t, n]
                    C_tn = C[b, t, n]
                    dB_tn = u.dtype.type(0)
                    dC_tn = u.dtype.type(0)
                    for i in range(width):
                        dC_tn += dy_t[i] * after[i]
                        g = dh_n[i] + dy_t[i] * C_tn
                        dB_tn += g * delta_t[i] * u_t[i]
                        decayed = g * decay[i]
                        gain = decayed * before[i]
                        ddelta_t[i] += gain * A_n[i] + g * u_t[i] * B_tn
                        du_t[i] += g * delta_t[i] * B_tn
                        dA_n[i] += gain * delta_t[i]
                        dh_n[i] = decayed
                    dB[b, t, n] += dB_tn
                    dC[b, t, n] += dC_tn


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


@njit(parallel=True, **_OPTIONS)
def conv_silu_forward(x, weight, bias, reverse, y):
    """y = SiLU(bias + causal depthwise convolution of x). `weight` is [W, E]; weight[W-1] meets the current frame."""
    batch, length, channels = x.shape
    one = x.dtype.type(1)
    for b in prange(batch):
        for t in range(length):
            y_t = y[b, t]
            _convolve(x[b], weight, bias, t, reverse, y_t)
            for e in range(channels):
                y_t[e] = y_t[e] / (one + _exp(-y_t[e]))


@njit(parallel=True, **_OPTIONS)
def conv_silu_backward(x, weight, bias, dy, reverse, dx, dweight, dbias):
    """Gradients of `conv_silu_forward`. `dweight` is [B, W, E] and `dbias` [B, E], summed by the caller."""
    batch, length, channels = x.shape
    taps = weight.shape[0]
    one = x.dtype.type(1)
    for b in prange(batch):
        pre = np.empty(channels, x.dtype)
        dbias_b = dbias[b]
        for t in range(length):
            dx[b, t] = 0
        for t in range(length):
            dy_t = dy[b, t]
            _convolve(x[b], weight, bias, t, reverse, pre)
            for e in range(channels):
                gate = one / (one + _exp(-pre[e]))
                pre[e] = dy_t[e] * gate * (one + pre[e] * (one - gate))  # from here on the gradient at `pre`
                dbias_b[e] += pre[e]
            for j in range(taps):
                source = t + (taps - 1 - j) if reverse else t - (taps - 1 - j)
                if 0 <= source < length:
                    x_s = x[b, source]
                    dx_s = dx[b, source]
                    w_j = weight[j]
                    dw_j = dweight[b, j]
                    for e in range(channels):
                        dx_s[e] += w_j[e] * pre[e]
                        dw_j[e] += x_s[e] * pre[e]
