"""Numba kernels for the CPU: the selective scan, forward and backward.

Shapes: V videos, T frames, E channels, N states. Arrays are [V, T, E] or [V, T, N], the layout of linear layers'
outputs, so nothing is transposed; `reverse` reverses time by indexing, so nothing is flipped.

A job is one block of channels of a few videos. Its data is kept in small scratch arrays with rows of length BLOCK,
regardless of E (padding channels have step size 0 and input 0, so they have no effect). Innermost loops thus have a
constant length and are vectorised, and no array of size [V, T, E, N] is ever allocated. The innermost loop processes
two states at a time, which halves the memory traffic of shared data; an odd number of states is padded by one whose B
and C are 0. Jobs do not depend on the number of threads and each writes its own slice, so results do not depend on it
either. The large arrays, u, delta, y and their gradients, may be stored in bfloat16, see `cpu_storage`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.nn.backends.cpu_math import LOG2_E, exp2, sigmoid, softplus
from s5vh.nn.backends.cpu_storage import loaded, stored

BLOCK = 128  # channels per job; scratch memory for 25 frames then fits the L2 cache
GROUP = 8  # videos per job; gradients of A, D and the step bias are summed over them before they are stored

_OPTIONS = {
    "cache": True,
    "nogil": True,
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    "error_model": "numpy",
}


def job_count(videos: int, channels: int) -> tuple[int, int]:
    """Numbers of groups of videos and blocks of channels."""
    return -(-videos // GROUP), -(-channels // BLOCK)


def _jobs(u: np.ndarray, *_: object) -> int:
    groups, blocks = job_count(u.shape[0], u.shape[2])
    return groups * blocks


@njit(inline="always", **_OPTIONS)
def _step_size(raw, bias, with_softplus):
    value = raw + bias
    return softplus(value) if with_softplus else value


@njit(inline="always", **_OPTIONS)
def _state(M, v, t, n):
    """Element of B or C; 0 for the padding state."""
    return M[v, t, n] if n < M.shape[2] else M.dtype.type(0)


@njit(**_OPTIONS)
def _padded(A, channels, factor, out):
    """Copy factor times the block `channels` (a slice) of A [N, E] into the zeros `out` [even N, BLOCK]."""
    for n in range(A.shape[0]):
        A_n = A[n, channels]
        for i in range(A_n.size):
            out[n, i] = factor * A_n[i]


@njit(**_OPTIONS)
def _clear(x):
    """Fill [R, BLOCK] with zeros."""
    for r in range(x.shape[0]):
        for i in range(BLOCK):
            x[r, i] = 0


@njit(**_OPTIONS)
def _copy(source, target):
    """Copy the first `target.size` numbers."""
    for i in range(target.size):
        target[i] = stored(source[i], target.dtype)


@shared_among_threads(_jobs)
@njit(**_OPTIONS)
def scan_forward(first_job, last_job, u, delta, bias, with_softplus, A, B, C, D, reverse, y, state):
    """y[v, t, e] = sum_n C h + D u with h = exp(d A) h + d u B and d = softplus(delta + bias). `A` is [N, E].

    `state`, [V, N, E], has h before the first frame and gets h after the last one; without videos, h begins at 0.
    """
    videos, length, channels = u.shape
    blocks = -(-channels // BLOCK)
    paired = A.shape[0] + A.shape[0] % 2
    for job in range(first_job, last_job):
        start = job % blocks * BLOCK
        width = min(BLOCK, channels - start)
        own = slice(start, start + width)
        bias_e, D_e = bias[own], D[own]
        a = np.zeros((paired, BLOCK), A.dtype)
        _padded(A, own, A.dtype.type(LOG2_E), a)
        h = np.zeros((paired, BLOCK), A.dtype)
        d = np.zeros(BLOCK, A.dtype)
        x = np.zeros(BLOCK, A.dtype)
        total = np.zeros(BLOCK, A.dtype)
        first = job // blocks * GROUP
        for v in range(first, min(first + GROUP, videos)):
            _clear(h)
            if len(state):
                for n in range(A.shape[0]):
                    _copy(state[v, n, own], h[n, :width])
            for step in range(length):
                t = length - 1 - step if reverse else step
                u_t, delta_t, y_t = u[v, t, own], delta[v, t, own], y[v, t, own]
                for i in range(width):
                    d[i] = _step_size(loaded(delta_t[i]), bias_e[i], with_softplus)
                    x[i] = d[i] * loaded(u_t[i])
                    total[i] = D_e[i] * loaded(u_t[i])
                for n in range(0, paired, 2):
                    B0, B1 = B[v, t, n], _state(B, v, t, n + 1)
                    C0, C1 = C[v, t, n], _state(C, v, t, n + 1)
                    for i in range(BLOCK):
                        h0 = exp2(d[i] * a[n, i]) * h[n, i] + x[i] * B0
                        h1 = exp2(d[i] * a[n + 1, i]) * h[n + 1, i] + x[i] * B1
                        h[n, i] = h0
                        h[n + 1, i] = h1
                        total[i] += h0 * C0 + h1 * C1
                _copy(total, y_t)
            if len(state):
                for n in range(A.shape[0]):
                    _copy(h[n], state[v, n, own])


@shared_among_threads(_jobs)
@njit(**_OPTIONS)
def scan_backward(
    first_job, last_job, u, delta, bias, with_softplus, A, B, C, D, dy, reverse, du, ddelta, dA, dB, dC, dD
):
    """Gradients of `scan_forward`.

    Sums over jobs are left to the caller: `dA` is [groups, N, E], `dD` [groups, E], and `dB` and `dC` are
    [blocks, V, T, N]. `ddelta` is the gradient before the softplus; its sum over videos and frames is that of the bias.
    """
    videos, length, channels = u.shape
    states = A.shape[0]
    blocks = -(-channels // BLOCK)
    paired = states + states % 2
    for job in range(first_job, last_job):
        group, block = job // blocks, job % blocks
        start = block * BLOCK
        width = min(BLOCK, channels - start)
        own = slice(start, start + width)
        bias_e, D_e = bias[own], D[own]
        a = np.zeros((paired, BLOCK), A.dtype)
        a2 = np.zeros((paired, BLOCK), A.dtype)
        _padded(A, own, A.dtype.type(1), a)
        _padded(A, own, A.dtype.type(LOG2_E), a2)
        A_sum = np.zeros((paired, BLOCK), A.dtype)
        D_sum = np.zeros(BLOCK, A.dtype)
        d = np.zeros((length, BLOCK), A.dtype)
        x = np.zeros((length, BLOCK), A.dtype)
        g_y = np.zeros((length, BLOCK), A.dtype)
        g_x = np.zeros((length, BLOCK), A.dtype)  # sum over states of the gradient at d u
        g_d = np.zeros((length, BLOCK), A.dtype)  # sum over states of the gradient at d through the decay
        history = np.zeros((length + 1, 2, BLOCK), A.dtype)  # row s is the state before step s
        decay = np.zeros((length, 2, BLOCK), A.dtype)
        g_h = np.zeros((2, BLOCK), A.dtype)
        g_A = np.zeros((2, BLOCK), A.dtype)
        A_n = np.zeros((2, BLOCK), A.dtype)
        for v in range(group * GROUP, min((group + 1) * GROUP, videos)):
            for step in range(length):
                t = length - 1 - step if reverse else step
                u_t, delta_t, dy_t = u[v, t, own], delta[v, t, own], dy[v, t, own]
                for i in range(width):
                    d[step, i] = _step_size(loaded(delta_t[i]), bias_e[i], with_softplus)
                    x[step, i] = d[step, i] * loaded(u_t[i])
                    g_y[step, i] = loaded(dy_t[i])
                    D_sum[i] += loaded(dy_t[i]) * loaded(u_t[i])
            _clear(g_x)
            _clear(g_d)
            for n in range(0, paired, 2):
                for step in range(length):
                    t = length - 1 - step if reverse else step
                    B0, B1 = B[v, t, n], _state(B, v, t, n + 1)
                    for i in range(BLOCK):
                        decay0 = exp2(d[step, i] * a2[n, i])
                        decay1 = exp2(d[step, i] * a2[n + 1, i])
                        decay[step, 0, i] = decay0
                        decay[step, 1, i] = decay1
                        history[step + 1, 0, i] = decay0 * history[step, 0, i] + x[step, i] * B0
                        history[step + 1, 1, i] = decay1 * history[step, 1, i] + x[step, i] * B1
                _clear(g_h)
                _clear(g_A)
                for j in range(2):
                    _copy(a[n + j], A_n[j])
                for step in range(length - 1, -1, -1):
                    t = length - 1 - step if reverse else step
                    B0, B1 = B[v, t, n], _state(B, v, t, n + 1)
                    C0, C1 = C[v, t, n], _state(C, v, t, n + 1)
                    dB0 = dB1 = dC0 = dC1 = A.dtype.type(0)
                    for i in range(BLOCK):
                        dC0 += g_y[step, i] * history[step + 1, 0, i]
                        dC1 += g_y[step, i] * history[step + 1, 1, i]
                        g0 = g_h[0, i] + g_y[step, i] * C0
                        g1 = g_h[1, i] + g_y[step, i] * C1
                        dB0 += g0 * x[step, i]
                        dB1 += g1 * x[step, i]
                        g_x[step, i] += g0 * B0 + g1 * B1
                        decayed0 = g0 * decay[step, 0, i]
                        decayed1 = g1 * decay[step, 1, i]
                        gain0 = decayed0 * history[step, 0, i]
                        gain1 = decayed1 * history[step, 1, i]
                        g_d[step, i] += gain0 * A_n[0, i] + gain1 * A_n[1, i]
                        g_A[0, i] += gain0 * d[step, i]
                        g_A[1, i] += gain1 * d[step, i]
                        g_h[0, i] = decayed0
                        g_h[1, i] = decayed1
                    dB[block, v, t, n] = dB0
                    dC[block, v, t, n] = dC0
                    if n + 1 < states:
                        dB[block, v, t, n + 1] = dB1
                        dC[block, v, t, n + 1] = dC1
                for i in range(BLOCK):
                    A_sum[n, i] += g_A[0, i]
                    A_sum[n + 1, i] += g_A[1, i]
            for step in range(length):
                t = length - 1 - step if reverse else step
                u_t, delta_t, du_t, ddelta_t = u[v, t, own], delta[v, t, own], du[v, t, own], ddelta[v, t, own]
                for i in range(width):
                    du_t[i] = stored(g_y[step, i] * D_e[i] + g_x[step, i] * d[step, i], du.dtype)
                    slope = g_d[step, i] + g_x[step, i] * loaded(u_t[i])
                    if with_softplus:
                        slope *= sigmoid(loaded(delta_t[i]) + bias_e[i])
                    ddelta_t[i] = stored(slope, ddelta.dtype)
        for n in range(states):
            _copy(A_sum[n], dA[group, n, own])
        _copy(D_sum, dD[group, own])
