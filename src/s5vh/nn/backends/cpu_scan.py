"""Numba kernels for the CPU: the selective scan, forward and backward.

Shapes: V videos, T frames, E channels, N states. Arrays are [V, T, E] or [V, T, N], the layout of linear layers'
outputs, so nothing is transposed; `reverse` reverses time by indexing, so nothing is flipped.

A job is one block of channels of a few videos. Its data is kept in small scratch arrays, so no array of size
[V, T, E, N] is ever allocated. Their rows have as many channels as fill whole vectors (padding channels have step size
0 and input 0, so they have no effect), and innermost loops, over these channels, are vectorised. Rows that such a loop
uses together lie side by side in one array, at distances that the compiler knows; it would otherwise compare the
addresses of all rows before every loop, which takes nearly as long as the loop. The innermost loop processes STATES
states at a time, which divides the memory traffic of shared data; their number is padded by states whose B and C are 0.
Jobs do not depend on the number of threads and each writes its own slice, so results do not depend on it either. The
large arrays, u, delta, y and their gradients, may be stored in bfloat16, see `cpu_storage`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from s5vh.base.threads import shared_among_threads
from s5vh.nn.backends.cpu_math import LOG2_E, exp2, sigmoid, softplus
from s5vh.nn.backends.cpu_storage import loaded, stored

BLOCK = 128  # channels per job; scratch memory for 25 frames then fits the L2 cache
LANES = 16  # channels in a job are a multiple of it
STATES = 2  # processed at a time
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


@njit(inline="always", **_OPTIONS)
def _whole_vectors(width):
    return -(-width // LANES) * LANES


# Rows of scratch arrays: of a frame, and of a pair of states.
_D, _X, _Y = range(3)
_A0, _A1, _H0, _H1 = range(4)


@shared_among_threads(_jobs)
@njit(**_OPTIONS)
def scan_forward(first_job, last_job, u, delta, bias, with_softplus, A, B, C, D, reverse, y, state):
    """y[v, t, e] = sum_n C h + D u with h = exp(d A) h + d u B and d = softplus(delta + bias). `A` is [N, E].

    `state`, [V, N, E], has h before the first frame and gets h after the last one; without videos, h begins at 0.
    """
    videos, length, channels = u.shape
    states = A.shape[0]
    blocks = -(-channels // BLOCK)
    pairs = -(-states // 2)
    for job in range(first_job, last_job):
        start = job % blocks * BLOCK
        lanes = _whole_vectors(min(BLOCK, channels - start))
        first_channel, width = np.uint64(start), np.uint64(min(BLOCK, channels - start))
        frame = np.zeros((3, BLOCK), A.dtype)
        pair = np.zeros((pairs, 4, BLOCK), A.dtype)
        for n in range(states):
            for i in range(width):
                pair[n // 2, _A0 + n % 2, i] = A.dtype.type(LOG2_E) * A[n, first_channel + i]
        first = job // blocks * GROUP
        for v in range(first, min(first + GROUP, videos)):
            pair[:, _H0:] = 0
            if len(state):
                for n in range(states):
                    for i in range(width):
                        pair[n // 2, _H0 + n % 2, i] = state[v, n, first_channel + i]
            for step in range(length):
                t = length - 1 - step if reverse else step
                for i in range(width):
                    e = first_channel + i
                    d = _step_size(loaded(delta[v, t, e]), bias[e], with_softplus)
                    frame[_D, i] = d
                    frame[_X, i] = d * loaded(u[v, t, e])
                    frame[_Y, i] = D[e] * loaded(u[v, t, e])
                for p in range(pairs):
                    B0, B1 = B[v, t, 2 * p], _state(B, v, t, 2 * p + 1)
                    C0, C1 = C[v, t, 2 * p], _state(C, v, t, 2 * p + 1)
                    for i in range(lanes):
                        d, x = frame[_D, i], frame[_X, i]
                        h0 = exp2(d * pair[p, _A0, i]) * pair[p, _H0, i] + x * B0
                        h1 = exp2(d * pair[p, _A1, i]) * pair[p, _H1, i] + x * B1
                        pair[p, _H0, i] = h0
                        pair[p, _H1, i] = h1
                        frame[_Y, i] += h0 * C0 + h1 * C1
                for i in range(width):
                    y[v, t, first_channel + i] = stored(frame[_Y, i], y.dtype)
            if len(state):
                for n in range(states):
                    for i in range(width):
                        state[v, n, first_channel + i] = pair[n // 2, _H0 + n % 2, i]


# Rows of scratch arrays: of a step, in order of reading, and of a pair of states.
_STEP_D, _STEP_X, _G_Y, _G_X, _G_D, _DECAY0, _DECAY1, _BEFORE0, _BEFORE1 = range(9)
_G_A0, _G_A1, _G_H0, _G_H1 = range(2, 6)


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
    pairs = -(-states // 2)
    for job in range(first_job, last_job):
        group, block = job // blocks, job % blocks
        start = block * BLOCK
        lanes = _whole_vectors(min(BLOCK, channels - start))
        first_channel, width = np.uint64(start), np.uint64(min(BLOCK, channels - start))
        pair = np.zeros((pairs, 6, BLOCK), A.dtype)
        for n in range(states):
            for i in range(width):
                pair[n // 2, _A0 + n % 2, i] = A.dtype.type(LOG2_E) * A[n, first_channel + i]
        D_sum = np.zeros(BLOCK, A.dtype)
        # Gradients at d u and, through the decay, at d are sums over states; the latter in units of A / log2(e).
        frame = np.zeros((length + 1, 9, BLOCK), A.dtype)
        for v in range(group * GROUP, min((group + 1) * GROUP, videos)):
            for step in range(length):
                t = length - 1 - step if reverse else step
                for i in range(width):
                    e = first_channel + i
                    d = _step_size(loaded(delta[v, t, e]), bias[e], with_softplus)
                    frame[step, _STEP_D, i] = d
                    frame[step, _STEP_X, i] = d * loaded(u[v, t, e])
                    frame[step, _G_Y, i] = loaded(dy[v, t, e])
                    frame[step, _G_X, i] = 0
                    frame[step, _G_D, i] = 0
                    D_sum[i] += loaded(dy[v, t, e]) * loaded(u[v, t, e])
            for p in range(pairs):
                for step in range(length):
                    t = length - 1 - step if reverse else step
                    B0, B1 = B[v, t, 2 * p], _state(B, v, t, 2 * p + 1)
                    for i in range(lanes):
                        d, x = frame[step, _STEP_D, i], frame[step, _STEP_X, i]
                        decay0 = exp2(d * pair[p, _A0, i])
                        decay1 = exp2(d * pair[p, _A1, i])
                        frame[step, _DECAY0, i] = decay0
                        frame[step, _DECAY1, i] = decay1
                        frame[step + 1, _BEFORE0, i] = decay0 * frame[step, _BEFORE0, i] + x * B0
                        frame[step + 1, _BEFORE1, i] = decay1 * frame[step, _BEFORE1, i] + x * B1
                for i in range(lanes):
                    pair[p, _G_H0, i] = 0
                    pair[p, _G_H1, i] = 0
                for step in range(length - 1, -1, -1):
                    t = length - 1 - step if reverse else step
                    B0, B1 = B[v, t, 2 * p], _state(B, v, t, 2 * p + 1)
                    C0, C1 = C[v, t, 2 * p], _state(C, v, t, 2 * p + 1)
                    dB0 = dB1 = dC0 = dC1 = A.dtype.type(0)
                    for i in range(lanes):
                        d, x, g_y = frame[step, _STEP_D, i], frame[step, _STEP_X, i], frame[step, _G_Y, i]
                        dC0 += g_y * frame[step + 1, _BEFORE0, i]
                        dC1 += g_y * frame[step + 1, _BEFORE1, i]
                        g0 = pair[p, _G_H0, i] + g_y * C0
                        g1 = pair[p, _G_H1, i] + g_y * C1
                        dB0 += g0 * x
                        dB1 += g1 * x
                        frame[step, _G_X, i] += g0 * B0 + g1 * B1
                        g0 *= frame[step, _DECAY0, i]
                        g1 *= frame[step, _DECAY1, i]
                        gain0 = g0 * frame[step, _BEFORE0, i]
                        gain1 = g1 * frame[step, _BEFORE1, i]
                        frame[step, _G_D, i] += gain0 * pair[p, _A0, i] + gain1 * pair[p, _A1, i]
                        pair[p, _G_A0, i] += gain0 * d
                        pair[p, _G_A1, i] += gain1 * d
                        pair[p, _G_H0, i] = g0
                        pair[p, _G_H1, i] = g1
                    dB[block, v, t, 2 * p] = dB0
                    dC[block, v, t, 2 * p] = dC0
                    if 2 * p + 1 < states:
                        dB[block, v, t, 2 * p + 1] = dB1
                        dC[block, v, t, 2 * p + 1] = dC1
            for step in range(length):
                t = length - 1 - step if reverse else step
                for i in range(width):
                    e = first_channel + i
                    g_x = frame[step, _G_X, i]
                    du[v, t, e] = stored(frame[step, _G_Y, i] * D[e] + g_x * frame[step, _STEP_D, i], du.dtype)
                    slope = frame[step, _G_D, i] * A.dtype.type(1 / LOG2_E) + g_x * loaded(u[v, t, e])
                    if with_softplus:
                        slope *= sigmoid(loaded(delta[v, t, e]) + bias[e])
                    ddelta[v, t, e] = stored(slope, ddelta.dtype)
        for n in range(states):
            for i in range(width):
                dA[group, n, first_channel + i] = pair[n // 2, _G_A0 + n % 2, i]
        for i in range(width):
            dD[group, first_channel + i] = D_sum[i]
