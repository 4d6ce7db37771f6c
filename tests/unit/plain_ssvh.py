"""SSVH once more, slow and obvious: one video, one time step, one gate and one pair at a time, in plain formulas.

Weights come from our network, since they have to come from somewhere; nothing else does.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Binary(torch.autograd.Function):
    """+1 or -1, with the gradient of the identity inside [-1, 1] and none outside."""

    @staticmethod
    def forward(ctx, h):
        ctx.save_for_backward(h)
        return torch.tensor([1.0 if value >= 0 else -1.0 for value in h], dtype=h.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (h,) = ctx.saved_tensors
        return gradient * torch.tensor([1.0 if abs(value) <= 1 else 0.0 for value in h], dtype=h.dtype)


class PlainLSTM:
    """The recurrence of one LSTM over all videos; `statistics` collects mean and deviation of each step."""

    def __init__(self, lstm, training: bool):
        self.K, self.steps = lstm.width, lstm.steps
        names = "ifgo"

        def per_gate(stacked):
            return dict(zip(names, stacked.split(self.K), strict=True))

        self.W = None if lstm.input_weight is None else per_gate(lstm.input_weight)
        self.U, self.b = per_gate(lstm.recurrent_weight), per_gate(lstm.bias)
        self.p = dict(zip("ifo", lstm.peepholes, strict=True))
        self.gain, self.shift = lstm.gain, lstm.shift
        self.running = None if training else (lstm.running_mean, lstm.running_deviation)
        self.binary, self.tanh = lstm.binary, lstm.tanh
        self.statistics: list[tuple[Tensor, Tensor]] = []

    def gate(self, name: str, x: Tensor | None, h: Tensor, c: Tensor | None) -> Tensor:
        value = self.U[name] @ h + self.b[name]
        if x is not None:
            value = value + self.W[name] @ x
        if c is not None:
            value = value + self.p[name] * c
        return value

    def normalise(self, cells: list[Tensor], step: int) -> list[Tensor]:
        if self.running is None:
            mean = sum(cells) / len(cells)
            deviation = (sum((c - mean) ** 2 for c in cells) / len(cells) + 1e-10) ** 0.5
            self.statistics.append((mean.detach(), deviation.detach()))
        else:
            mean, deviation = self.running[0][step], self.running[1][step]
        return [self.gain[step] * (c - mean) / deviation + self.shift[step] for c in cells]

    def run(self, inputs: list[list[Tensor]] | None, hidden: list[Tensor], cells: list[Tensor]):
        """inputs[step][video]; returns h'[step][video] before it is binarised, and the last state."""
        outputs = []
        for step in range(self.steps):
            xs = [None] * len(hidden) if inputs is None else inputs[step]
            raw = []
            for x, h, c in zip(xs, hidden, cells, strict=True):
                i, f = (torch.sigmoid(self.gate(name, x, h, c)) for name in "if")
                raw.append(f * c + i * torch.tanh(self.gate("g", x, h, None)))
            cells = self.normalise(raw, step)
            now = []
            for x, h, c in zip(xs, hidden, cells, strict=True):
                o = torch.sigmoid(self.gate("o", x, h, c))
                now.append(o * (torch.tanh(c) if self.tanh else c))
            outputs.append(now)
            hidden = [Binary.apply(h) if self.binary else h for h in now]
        return outputs, hidden, cells


class PlainSSVH:
    """All of SSVH for one batch; `lstms` keeps the LSTMs by the names of our modules."""

    def __init__(self, network, *, training: bool = True):
        self.network, self.K = network, network.shape.bits
        self.frames = network.shape.frames - network.shape.frames % 2
        self.lstms = {
            name: PlainLSTM(module, training)
            for name, module in network.named_modules()
            if hasattr(module, "recurrent_weight")
        }

    def encode(self, videos: Tensor):
        zeros = [torch.zeros(self.K, dtype=videos.dtype) for _ in videos]
        frames = [[video[t] for video in videos] for t in range(self.frames)]
        level1, *_ = self.lstms["frame_lstm"].run(frames, zeros, zeros)
        every_second = [level1[2 * k - 1] for k in range(1, self.frames // 2 + 1)]
        level2, hidden, cells = self.lstms["pair_lstm"].run(every_second, zeros, zeros)
        return level2[-1], hidden, cells

    def decode(self, name: str, upper: list[list[Tensor]], other: list[list[Tensor]] | None) -> list[list[Tensor]]:
        """Predictions [step][video]; `other`: read for the second of every two steps."""
        lower, output = self.lstms[f"decoders.{name}.lower"], self.network.decoders[name].output
        zeros = [torch.zeros(self.K, dtype=h.dtype) for h in upper[0]]
        inputs = []
        for n in range(1, lower.steps + 1):
            k = (n + 1) // 2 if len(upper) > 1 else n
            source = other if other is not None and n % 2 == 0 else upper
            inputs.append(source[k - 1])
        hidden, *_ = lower.run(inputs, zeros, zeros)
        return [[output.weight @ h + output.bias for h in now] for now in hidden]

    def losses(self, videos: Tensor, rows: list[int], memory: Tensor, S: Tensor, *, crossed: bool):
        """Loss terms; videos after the first len(rows) are padding. Also the memory after the step."""
        h, hidden, cells = self.encode(videos)
        upper = {
            name: self.lstms[f"decoders.{name}.upper"].run(None, hidden, cells)[0]
            for name in ("reversed", "ordered", "mean")
        }
        backward = self.decode("reversed", upper["reversed"], None)
        forward = self.decode("ordered", upper["ordered"], upper["reversed"] if crossed else None)
        mean = self.decode("mean", upper["mean"], None)
        T = self.frames
        errors = dict.fromkeys(("backward", "forward", "mean"), 0.0)
        for b, video in enumerate(videos):
            for n in range(1, T + 1):
                errors["backward"] += ((video[T + 1 - n - 1] - backward[n - 1][b]) ** 2).sum()
                errors["forward"] += ((video[n - 1] - forward[n - 1][b]) ** 2).sum()
            errors["mean"] += T * ((sum(video[:T]) / T - mean[0][b]) ** 2).sum()
        H = list(memory)
        for b, row in enumerate(rows):
            H[row] = h[b]
        pairs = quantization = 0.0
        for b, code in enumerate(h):
            for j, other in enumerate(H):
                similar = float(S[rows[b], j]) if b < len(rows) else 0.0
                pairs += ((code @ other) / self.K - similar) ** 2
            quantization += sum((value - (1 if value >= 0 else -1)) ** 2 for value in code)
        penalty = sum((parameter**2).sum() for parameter in self.network.parameters()) / 2
        reconstruction = sum(errors.values()) / 3
        total = 0.999 * (pairs + 0.2 * quantization) + 0.001 * reconstruction + 1e-4 * penalty
        terms = {"total": total, "pairs": pairs, "quantization": quantization, "reconstruction": reconstruction}
        return terms | {"weight_penalty": penalty}, torch.stack(H).detach()
