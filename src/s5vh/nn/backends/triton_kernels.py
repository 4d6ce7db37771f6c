"""Triton kernels for CUDA: selective scan, causal convolution with SiLU, and layer norm with gate.

`triton_cuda` launches them and explains their design. Conventions:

- Both directions are one launch. From a tuple argument `(direction 0, direction 1)`, the program index selects one;
  outputs of both directions are one tensor with the directions first. `REVERSE` maps step s to frame T - 1 - s.
- `*_strides` are the strides (video, frame) in elements; channels and states are contiguous.
- A program is one warp on `BLOCK_E` channels; a thread owns a channel, or two adjacent ones, with everything along time
  and states in its registers: Python tuples of [BLOCK_E] vectors, unrolled at compile time. Threads exchange only sums
  over channels.
- Sizes that vary between batches are `do_not_specialize`, so a smaller last batch does not trigger recompilation.
- No atomics. Sums over videos or channel blocks are written as one partial sum per program.
"""

# ruff: noqa: RUF005  (the compiler does not know unpacking inside a tuple)

from __future__ import annotations

import triton
import triton.language as tl

LOG2_E = tl.constexpr(1.4426950408889634)  # exp(x) = exp2(x log2(e)); the hardware has exp2 only


@triton.jit
def _pick(direction, pair):
    return tl.where(direction == 0, pair[0], pair[1])


@triton.jit
def _first_frame(direction, length, REVERSE: tl.constexpr):
    """(frame of step 0, frames per step)."""
    reverse = tl.where(direction == 0, REVERSE[0], REVERSE[1])
    return reverse * (length - 1), 1 - 2 * reverse


@triton.jit
def _zeros(COUNT: tl.constexpr, BLOCK_E: tl.constexpr, ACC: tl.constexpr):
    values = ()
    for _ in tl.static_range(COUNT):
        values = values + (tl.zeros([BLOCK_E], ACC),)
    return values


@triton.jit
def _step_size(raw, bias, SOFTPLUS: tl.constexpr):
    delta = raw + bias
    if SOFTPLUS:
        # log(1 + w) loses the digits of a small w; log(v) w / (v - 1) with v = fl(1 + w) keeps them.
        w = tl.exp(tl.minimum(delta, 20.0))
        v = 1.0 + w
        rounded = v - 1.0
        logarithm = tl.where(rounded == 0.0, w, tl.log(v) * (w / tl.where(rounded == 0.0, 1.0, rounded)))
        delta = tl.where(delta > 20.0, delta, logarithm)
    return delta


@triton.jit(do_not_specialize=["batch", "length", "blocks", "chunk", "chunks"])
def scan_forward(
    u, delta, A, B, C, D, z, bias, y, gated, states,
    u_strides, delta_strides, B_strides, C_strides, z_strides,
    batch, length, channels, blocks, chunk, chunks,
    N: tl.constexpr, REVERSE: tl.constexpr, GATE: tl.constexpr, KEEP_Y: tl.constexpr, BIAS: tl.constexpr,
    SOFTPLUS: tl.constexpr, BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """y = sum_n C h + D u [directions, B, T, E] if KEEP_Y, and `gated` = y SiLU(z) if GATE.

    `states` [directions, B, chunks - 1, N, E] receives the state before every chunk of the backward pass but the first.
    """
    direction = tl.program_id(1)
    b = (tl.program_id(0) // blocks).to(tl.int64)
    e = (tl.program_id(0) % blocks) * BLOCK_E + tl.arange(0, BLOCK_E)
    inside = e < channels
    u = _pick(direction, u) + b * u_strides[0]
    delta = _pick(direction, delta) + b * delta_strides[0]
    A = _pick(direction, A) + e * N
    B = _pick(direction, B) + b * B_strides[0]
    C = _pick(direction, C) + b * C_strides[0]
    z = _pick(direction, z) + b * z_strides[0]
    y += (direction * batch + b) * length * channels
    gated += (direction * batch + b) * length * channels
    states += (direction * batch + b) * (chunks - 1) * N * channels
    D_e = tl.load(_pick(direction, D) + e, mask=inside, other=0.0).to(ACC)
    bias_e = tl.zeros([BLOCK_E], ACC)
    if BIAS:
        bias_e = tl.load(_pick(direction, bias) + e, mask=inside, other=0.0).to(ACC)
    rates = ()
    for n in tl.static_range(N):
        rates = rates + (tl.load(A + n, mask=inside, other=0.0).to(ACC) * LOG2_E,)
    first, step = _first_frame(direction, length, REVERSE)
    h = _zeros(N, BLOCK_E, ACC)
    for s in range(length):
        t = first + step * s
        if (s > 0) & (s % chunk == 0):
            slot = states + (s // chunk - 1) * N * channels + e
            for n in tl.static_range(N):
                tl.store(slot + n * channels, h[n], mask=inside)
        u_t = tl.load(u + t * u_strides[1] + e, mask=inside, other=0.0).to(ACC)
        raw = tl.load(delta + t * delta_strides[1] + e, mask=inside, other=0.0).to(ACC)
        delta_t = _step_size(raw, bias_e, SOFTPLUS)
        x_t = delta_t * u_t
        y_t = D_e * u_t
        after = ()
        for n in tl.static_range(N):
            B_n = tl.load(B + t * B_strides[1] + n).to(ACC)
            C_n = tl.load(C + t * C_strides[1] + n).to(ACC)
            h_n = tl.exp2(delta_t * rates[n]) * h[n] + x_t * B_n
            y_t += h_n * C_n
            after = after + (h_n,)
        h = after
        if KEEP_Y:
            tl.store(y + t * channels + e, y_t, mask=inside)
        if GATE:
            z_t = tl.load(z + t * z_strides[1] + e, mask=inside, other=0.0).to(ACC)
            tl.store(gated + t * channels + e, y_t * z_t * tl.sigmoid(z_t), mask=inside)


@triton.jit(do_not_specialize=["batch", "length", "groups", "videos", "chunks"])
def scan_backward(
    u, delta, A, B, C, D, z, bias, dout, y, states, carry, du, ddelta, dz, dBC, sums,
    u_strides, delta_strides, B_strides, C_strides, z_strides, dout_strides, batch, length, groups, videos, chunks,
    E: tl.constexpr, N: tl.constexpr, FRAMES: tl.constexpr, REVERSE: tl.constexpr,
    GATE: tl.constexpr, BIAS: tl.constexpr, SOFTPLUS: tl.constexpr,
    CHUNK: tl.constexpr, MANY: tl.constexpr, EXACT: tl.constexpr, BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """Gradients of `scan_forward`; a program processes `videos` videos in sequence.

    du, ddelta, dz: [directions, B, T, E]. dBC: [blocks, directions, 2, B, T, N], summed over a block's channels.
    sums: [groups, directions, N + 2, E], rows dA (N), dD, dbias, summed over a group's videos.
    carry: [directions, groups, N, E], the gradient that a chunk passes to the previous chunk.
    `*_strides` are those of a video, FRAMES those of a frame. FRAMES, E and the direction are compile-time constants,
    so that every address is one of a few bases plus an immediate offset, which saves registers. MANY: there is more
    than one chunk; EXACT: the last one is full.
    """
    if tl.program_id(1) == 0:
        _scan_backward(
            u[0], delta[0], A[0], B[0], C[0], D[0], z[0], bias[0], dout[0], y, states, carry, du, ddelta, dz, dBC, sums,
            u_strides, delta_strides, B_strides, C_strides, z_strides, dout_strides,
            batch, length, groups, videos, chunks, E, N, FRAMES, REVERSE[0], GATE, BIAS, SOFTPLUS,
            CHUNK, MANY, EXACT, BLOCK_E, ACC,
        )  # fmt: skip
    elif len(REVERSE) == 2:
        _scan_backward(
            u[1], delta[1], A[1], B[1], C[1], D[1], z[1], bias[1], dout[1], y, states, carry, du, ddelta, dz, dBC, sums,
            u_strides, delta_strides, B_strides, C_strides, z_strides, dout_strides,
            batch, length, groups, videos, chunks, E, N, FRAMES, REVERSE[1], GATE, BIAS, SOFTPLUS,
            CHUNK, MANY, EXACT, BLOCK_E, ACC,
        )  # fmt: skip


@triton.jit
def _scan_backward(
    u, delta, A, B, C, D, z, bias, dout, y, states, carry, du, ddelta, dz, dBC, sums,
    u_stride, delta_stride, B_stride, C_stride, z_stride, dout_stride, batch, length, groups, videos, chunks,
    E: tl.constexpr, N: tl.constexpr, FRAMES: tl.constexpr, REVERSE: tl.constexpr,
    GATE: tl.constexpr, BIAS: tl.constexpr, SOFTPLUS: tl.constexpr,
    CHUNK: tl.constexpr, MANY: tl.constexpr, EXACT: tl.constexpr, BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    SIGN: tl.constexpr = 1 - 2 * REVERSE
    U: tl.constexpr = SIGN * FRAMES[0]
    DELTA: tl.constexpr = SIGN * FRAMES[1]
    B_STEP: tl.constexpr = SIGN * FRAMES[2]
    C_STEP: tl.constexpr = SIGN * FRAMES[3]
    Z: tl.constexpr = SIGN * FRAMES[4]
    DOUT: tl.constexpr = SIGN * FRAMES[5]
    DENSE: tl.constexpr = SIGN * E
    direction = tl.program_id(1)
    blocks: tl.constexpr = (E + BLOCK_E - 1) // BLOCK_E
    group = (tl.program_id(0) // blocks).to(tl.int64)
    block = tl.program_id(0) % blocks
    e = block * BLOCK_E + tl.arange(0, BLOCK_E)
    inside = (e < E) | (E % BLOCK_E == 0)
    carry += (direction * groups + group) * N * E + e
    sums += (group * tl.num_programs(1) + direction) * (N + 2) * E + e
    dBC += ((block * tl.num_programs(1) + direction) * 2).to(tl.int64) * batch * length * N
    D_e = tl.load(D + e, mask=inside, other=0.0).to(ACC)
    bias_e = tl.zeros([BLOCK_E], ACC)
    if BIAS:
        bias_e = tl.load(bias + e, mask=inside, other=0.0).to(ACC)
    dD = tl.zeros([BLOCK_E], ACC)
    dbias = tl.zeros([BLOCK_E], ACC)
    for b in range(group * videos, tl.minimum(group * videos + videos, batch)):
        for done in range(chunks):
            start = (chunks - 1 - done) * CHUNK
            first = start
            if REVERSE:
                first = length - 1 - start
            u_c = u + b * u_stride + first * FRAMES[0] + e
            raw_c = delta + b * delta_stride + first * FRAMES[1] + e
            B_c = B + b * B_stride + first * FRAMES[2]
            C_c = C + b * C_stride + first * FRAMES[3]
            dout_c = dout + b * dout_stride + first * FRAMES[5] + e
            dense = ((direction * batch + b) * length + first) * E + e
            deltas, inputs, douts = (), (), ()
            for i in tl.static_range(CHUNK):
                # Steps past the end have delta = u = dy = 0: they keep the state and add nothing.
                valid = inside & (EXACT | (start + i < length))
                u_t = tl.load(u_c + i * U, mask=valid, other=0.0).to(ACC)
                raw = tl.load(raw_c + i * DELTA, mask=valid, other=0.0).to(ACC)
                dy = tl.load(dout_c + i * DOUT, mask=valid, other=0.0).to(ACC)
                if GATE:
                    z_t = tl.load(z + b * z_stride + first * FRAMES[4] + e + i * Z, mask=valid, other=0.0).to(ACC)
                    y_t = tl.load(y + dense + i * DENSE, mask=valid, other=0.0).to(ACC)
                    open_t = tl.sigmoid(z_t)
                    tl.store(dz + dense + i * DENSE, dy * y_t * open_t * (1.0 + z_t * (1.0 - open_t)), mask=valid)
                    dy *= z_t * open_t
                step = _step_size(raw, bias_e, SOFTPLUS)
                if not EXACT:
                    step = tl.where(valid, step, 0.0)
                deltas = deltas + (step,)
                inputs = inputs + (step * u_t,)
                douts = douts + (dy,)
                dD += dy * u_t
            dinputs = _zeros(CHUNK, BLOCK_E, ACC)  # sum_n g B
            ddeltas = _zeros(CHUNK, BLOCK_E, ACC)  # sum_n g h_{t-1} times the decay's derivative
            for n in range(N):
                A_n = tl.load(A + e * N + n, mask=inside, other=0.0).to(ACC)
                rate = A_n * LOG2_E
                h = tl.zeros([BLOCK_E], ACC)
                G = tl.zeros([BLOCK_E], ACC)  # gradient at the state, already decayed to the step before
                if MANY:
                    slot = ((direction * batch + b) * (chunks - 1) + chunks - 2 - done) * N + n
                    h = tl.load(states + slot * E + e, mask=inside & (done < chunks - 1), other=0.0)
                    G = tl.load(carry + n * E, mask=inside & (done > 0), other=0.0)
                dB_c = dBC + (b * length + first) * N + n
                dC_c = dB_c + batch * length * N
                decays, befores, B_n = (), (), ()
                for i in tl.static_range(CHUNK):
                    within = EXACT | (start + i < length)
                    B_n = B_n + (tl.load(B_c + i * B_STEP + n, mask=within, other=0.0).to(ACC),)
                    decays = decays + (tl.exp2(deltas[i] * rate),)
                    befores = befores + (h,)
                    h = decays[i] * h + inputs[i] * B_n[i]
                    tl.store(dC_c + i * SIGN * N, tl.sum(douts[i] * h), mask=within)
                dA = tl.load(sums + n * E, mask=inside & ((b > group * videos) | (done > 0)), other=0.0)
                dinputs_new, ddeltas_new = (), ()
                for i in tl.static_range(CHUNK - 1, -1, -1):
                    within = EXACT | (start + i < length)
                    g = douts[i] * tl.load(C_c + i * C_STEP + n, mask=within, other=0.0).to(ACC) + G
                    G = decays[i] * g
                    gain = G * befores[i]
                    dA += gain * deltas[i]
                    dinputs_new = (dinputs[i] + g * B_n[i],) + dinputs_new
                    ddeltas_new = (ddeltas[i] + gain * A_n,) + ddeltas_new
                    tl.store(dB_c + i * SIGN * N, tl.sum(g * inputs[i]), mask=within)
                dinputs = dinputs_new
                ddeltas = ddeltas_new
                tl.store(sums + n * E, dA, mask=inside)
                if MANY:
                    tl.store(carry + n * E, G, mask=inside)
            for i in tl.static_range(CHUNK):
                valid = inside & (EXACT | (start + i < length))
                u_t = tl.load(u_c + i * U, mask=valid, other=0.0).to(ACC)
                draw = ddeltas[i] + u_t * dinputs[i]
                if SOFTPLUS:
                    draw *= tl.sigmoid(tl.load(raw_c + i * DELTA, mask=valid, other=0.0).to(ACC) + bias_e)
                if BIAS:
                    dbias += tl.where(valid, draw, 0.0)
                tl.store(ddelta + dense + i * DENSE, draw, mask=valid)
                tl.store(du + dense + i * DENSE, douts[i] * D_e + deltas[i] * dinputs[i], mask=valid)
            tl.debug_barrier()  # this program reads `sums` and `carry` again
    tl.store(sums + N * E, dD, mask=inside)
    tl.store(sums + (N + 1) * E, dbias, mask=inside)


@triton.jit
def _load_frames(pointer, stride, first, step, start, length, inside, e, CHUNK: tl.constexpr, ACC: tl.constexpr):
    """Steps start .. start + CHUNK - 1, zeros past the end; all loads are issued before the first is used."""
    frames = ()
    for i in tl.static_range(CHUNK):
        t = first + step * (start + i)
        frames = frames + (tl.load(pointer + t * stride + e, mask=inside & (start + i < length), other=0.0).to(ACC),)
    return frames


@triton.jit(do_not_specialize=["batch", "length", "blocks", "chunks"])
def conv_forward(
    x, weight, bias, y, x_strides, batch, length, channels, blocks, chunks,
    WIDTH: tl.constexpr, REVERSE: tl.constexpr, CHUNK: tl.constexpr,
    BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """y = SiLU(bias + sum_j weight[:, j] x at step s - (WIDTH - 1) + j), [directions, B, T, E]."""
    direction = tl.program_id(1)
    b = (tl.program_id(0) // blocks).to(tl.int64)
    e = (tl.program_id(0) % blocks) * BLOCK_E + tl.arange(0, BLOCK_E)
    inside = e < channels
    x = _pick(direction, x) + b * x_strides[0]
    y += (direction * batch + b) * length * channels
    weight = _pick(direction, weight) + e * WIDTH
    bias_e = tl.load(_pick(direction, bias) + e, mask=inside, other=0.0).to(ACC)
    taps = ()
    for j in tl.static_range(WIDTH):
        taps = taps + (tl.load(weight + j, mask=inside, other=0.0).to(ACC),)
    first, step = _first_frame(direction, length, REVERSE)
    window = _zeros(WIDTH, BLOCK_E, ACC)  # the WIDTH frames up to the step before
    for k in range(chunks):
        frames = _load_frames(x, x_strides[1], first, step, k * CHUNK, length, inside, e, CHUNK, ACC)
        seen = window + frames
        for i in tl.static_range(CHUNK):
            pre = bias_e
            for j in tl.static_range(WIDTH):
                pre += taps[j] * seen[i + 1 + j]
            t = first + step * (k * CHUNK + i)
            tl.store(y + t * channels + e, pre * tl.sigmoid(pre), mask=inside & (k * CHUNK + i < length))
        window = ()
        for j in tl.static_range(WIDTH):
            window = window + (seen[CHUNK + j],)


@triton.jit(do_not_specialize=["batch", "length", "blocks", "groups", "videos", "chunks"])
def conv_backward(
    x, weight, bias, dy, dx, sums, x_strides, dy_strides, batch, length, channels, blocks, groups, videos, chunks,
    WIDTH: tl.constexpr, REVERSE: tl.constexpr, CHUNK: tl.constexpr,
    BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """dx [directions, B, T, E] and sums [groups, directions, WIDTH + 1, E] (dweight, dbias).

    One pass forward in time: step s completes dx of step s - (WIDTH - 1), so chunks * CHUNK is at least
    T + WIDTH - 1.
    """
    direction = tl.program_id(1)
    group = (tl.program_id(0) // blocks).to(tl.int64)
    e = (tl.program_id(0) % blocks) * BLOCK_E + tl.arange(0, BLOCK_E)
    inside = e < channels
    x = _pick(direction, x)
    dy = _pick(direction, dy)
    weight = _pick(direction, weight) + e * WIDTH
    bias_e = tl.load(_pick(direction, bias) + e, mask=inside, other=0.0).to(ACC)
    taps = ()
    for j in tl.static_range(WIDTH):
        taps = taps + (tl.load(weight + j, mask=inside, other=0.0).to(ACC),)
    first, step = _first_frame(direction, length, REVERSE)
    dtaps = _zeros(WIDTH, BLOCK_E, ACC)
    dbias = tl.zeros([BLOCK_E], ACC)
    for b in range(group * videos, tl.minimum(group * videos + videos, batch)):
        dx_b = dx + (direction * batch + b) * length * channels
        window = _zeros(WIDTH, BLOCK_E, ACC)
        pending = _zeros(WIDTH, BLOCK_E, ACC)  # dx so far of the WIDTH steps up to the step before
        for k in range(chunks):
            x_b = x + b * x_strides[0]
            dy_b = dy + b * dy_strides[0]
            frames = _load_frames(x_b, x_strides[1], first, step, k * CHUNK, length, inside, e, CHUNK, ACC)
            dframes = _load_frames(dy_b, dy_strides[1], first, step, k * CHUNK, length, inside, e, CHUNK, ACC)
            seen = window + frames
            for i in tl.static_range(CHUNK):
                pre = bias_e
                for j in tl.static_range(WIDTH):
                    pre += taps[j] * seen[i + 1 + j]
                open_t = tl.sigmoid(pre)
                dpre = dframes[i] * open_t * (1.0 + pre * (1.0 - open_t))
                dbias += dpre
                dtaps_new, shifted = (), ()
                for j in tl.static_range(WIDTH):
                    dtaps_new = dtaps_new + (dtaps[j] + dpre * seen[i + 1 + j],)
                    if j < WIDTH - 1:
                        shifted = shifted + (pending[j + 1] + taps[j] * dpre,)
                    else:
                        shifted = shifted + (taps[j] * dpre,)
                dtaps = dtaps_new
                pending = shifted
                s = k * CHUNK + i - (WIDTH - 1)
                t = first + step * s
                tl.store(dx_b + t * channels + e, pending[0], mask=inside & (s >= 0) & (s < length))
            window = ()
            for j in tl.static_range(WIDTH):
                window = window + (seen[CHUNK + j],)
    sums += (group * tl.num_programs(1) + direction) * (WIDTH + 1) * channels + e
    for j in tl.static_range(WIDTH):
        tl.store(sums + j * channels, dtaps[j], mask=inside)
    tl.store(sums + WIDTH * channels, dbias, mask=inside)


@triton.jit(do_not_specialize=["rows", "rows_each"])
def norm_gate_forward(
    y, weight, bias, z, out, moments, y_stride, z_stride, rows, rows_each, channels,
    EPS: tl.constexpr, BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """out = LayerNorm(y) SiLU(z) [directions, rows, E]; moments [directions, rows, 2] (mean, 1 / deviation)."""
    direction = tl.program_id(1)
    e = tl.arange(0, BLOCK_E)
    inside = e < channels
    y = _pick(direction, y)
    z = _pick(direction, z)
    weight_e = tl.load(_pick(direction, weight) + e, mask=inside, other=0.0).to(ACC)
    bias_e = tl.load(_pick(direction, bias) + e, mask=inside, other=0.0).to(ACC)
    start = tl.program_id(0) * rows_each
    for row in range(start.to(tl.int64), tl.minimum(start + rows_each, rows)):
        y_r = tl.load(y + row * y_stride + e, mask=inside, other=0.0).to(ACC)
        z_r = tl.load(z + row * z_stride + e, mask=inside, other=0.0).to(ACC)
        mean = tl.sum(y_r) / channels
        centred = tl.where(inside, y_r - mean, 0.0)
        scale = 1.0 / tl.sqrt(tl.sum(centred * centred) / channels + EPS)
        normed = centred * scale * weight_e + bias_e
        at = direction * rows + row
        tl.store(out + at * channels + e, normed * z_r * tl.sigmoid(z_r), mask=inside)
        tl.store(moments + 2 * at, mean)
        tl.store(moments + 2 * at + 1, scale)


@triton.jit(do_not_specialize=["rows", "rows_each"])
def norm_gate_backward(
    y, weight, bias, z, dout, moments, dy, dz, sums, y_stride, z_stride, dout_stride, rows, rows_each, channels,
    BLOCK_E: tl.constexpr, ACC: tl.constexpr,
):  # fmt: skip
    """dy, dz [directions, rows, E]; sums [programs, directions, 2, E] (dweight, dbias)."""
    direction = tl.program_id(1)
    e = tl.arange(0, BLOCK_E)
    inside = e < channels
    y = _pick(direction, y)
    z = _pick(direction, z)
    dout = _pick(direction, dout)
    weight_e = tl.load(_pick(direction, weight) + e, mask=inside, other=0.0).to(ACC)
    bias_e = tl.load(_pick(direction, bias) + e, mask=inside, other=0.0).to(ACC)
    dweight = tl.zeros([BLOCK_E], ACC)
    dbias = tl.zeros([BLOCK_E], ACC)
    start = tl.program_id(0) * rows_each
    for row in range(start.to(tl.int64), tl.minimum(start + rows_each, rows)):
        at = direction * rows + row
        y_r = tl.load(y + row * y_stride + e, mask=inside, other=0.0).to(ACC)
        z_r = tl.load(z + row * z_stride + e, mask=inside, other=0.0).to(ACC)
        dout_r = tl.load(dout + row * dout_stride + e, mask=inside, other=0.0).to(ACC)
        mean = tl.load(moments + 2 * at)
        scale = tl.load(moments + 2 * at + 1)
        normed = tl.where(inside, (y_r - mean) * scale, 0.0)
        open_r = tl.sigmoid(z_r)
        dz_r = dout_r * (normed * weight_e + bias_e) * open_r * (1.0 + z_r * (1.0 - open_r))
        dn = dout_r * z_r * open_r
        dweight += dn * normed
        dbias += dn
        dn *= weight_e
        across = tl.sum(dn) / channels
        along = tl.sum(dn * normed) / channels
        tl.store(dy + at * channels + e, (dn - across - normed * along) * scale, mask=inside)
        tl.store(dz + at * channels + e, dz_r, mask=inside)
    sums += ((tl.program_id(0) * tl.num_programs(1) + direction) * 2) * channels + e
    tl.store(sums, dweight, mask=inside)
    tl.store(sums + channels, dbias, mask=inside)
