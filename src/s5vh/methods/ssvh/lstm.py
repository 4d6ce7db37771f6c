"""SSVH's LSTM: peepholes, and batch norm of the cell with parameters and statistics of its own at each time step."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.ssvh.recurrence import Statistics, recur

FORGET_BIAS = 1.0
LARGEST_PEEPHOLE = 0.1  # at the start
RECURRENT_GAIN = 1.1

State = tuple[Tensor, Tensor]  # hidden state and cell, [B, K] each


class PeepholeLSTM(nn.Module):
    """An LSTM over a fixed number of steps.

        i = sigmoid(W_i x + U_i h + p_i * c + b_i)
        f = sigmoid(W_f x + U_f h + p_f * c + b_f)
        g = tanh(W_g x + U_g h + b_g)
        c' = BatchNorm_t(f * c + i * g)
        o = sigmoid(W_o x + U_o h + p_o * c' + b_o)
        h' = o * c'

    The normalised cell c' is what the next step reads. The running statistics are mean and *standard deviation*, the
    latter of sqrt(variance + eps).

    Args:
        inputs: width of x; None for an LSTM without inputs.
        width: of hidden state and cell, K.
        steps: number of time steps, S.
        momentum: share that a running statistic keeps in a training step.
        binary: the hidden state is binarised before the next step reads it, with a clipped straight-through gradient.
        tanh: h' = o * tanh(c') instead.
    """

    def __init__(
        self,
        inputs: int | None,
        width: int,
        steps: int,
        *,
        momentum: float,
        binary: bool = False,
        tanh: bool = False,
    ):
        super().__init__()
        self.width, self.steps, self.momentum, self.binary, self.tanh = width, steps, momentum, binary, tanh
        # Rows of all gates in the order i, f, g, o.
        self.input_weight = None if inputs is None else nn.Parameter(_gates(nn.init.xavier_uniform_, width, inputs))
        self.recurrent_weight = nn.Parameter(_gates(_orthogonal, width, width))
        self.bias = nn.Parameter(torch.zeros(4 * width))
        self.peepholes = nn.Parameter(torch.empty(3, width).uniform_(-LARGEST_PEEPHOLE, LARGEST_PEEPHOLE))  # i, f, o
        self.gain = nn.Parameter(torch.ones(steps, width))
        self.shift = nn.Parameter(torch.zeros(steps, width))
        self.register_buffer("running_mean", torch.zeros(steps, width))
        self.register_buffer("running_deviation", torch.ones(steps, width))
        with torch.no_grad():
            self.bias[width : 2 * width] = FORGET_BIAS

    def forward(self, x: Tensor | None, state: State) -> tuple[Tensor, State]:
        """All hidden states h', [B, S, K], before they are binarised, and the last state, as a next step reads it.

        Args:
            x: [B, S or more, inputs] or None; further steps are ignored.
            state: the state that the first step reads.
        """
        ((hidden, state),) = self.side_by_side([self], [x], [state])
        return hidden, state

    @staticmethod
    def side_by_side(
        lstms: Sequence[PeepholeLSTM], inputs: Sequence[Tensor | None], states: Sequence[State]
    ) -> list[tuple[Tensor, State]]:
        """What each LSTM of the same form returns for its inputs and state, in as many operations as one LSTM takes."""
        first = lstms[0]
        # Inputs do not depend on the state, so one product makes those of all steps.
        seen = [lstm.seen(x, len(state[0])) for lstm, x, state in zip(lstms, inputs, states, strict=True)]
        hidden, cell = (torch.stack(parts) for parts in zip(*states, strict=True))
        statistics = None
        if not first.training:
            statistics = Statistics(*(_per_step(lstms, name) for name in ("running_mean", "running_deviation")))
        with torch.autocast(cell.device.type, enabled=False):  # a recurrence accumulates errors
            outputs, hidden, cell, found = recur(
                torch.stack(seen, dim=1).to(cell.dtype),
                torch.stack([lstm.recurrent_weight for lstm in lstms]),
                _per_step(lstms, "peepholes"),
                _per_step(lstms, "gain"),
                _per_step(lstms, "shift"),
                hidden,
                cell,
                statistics=statistics,
                binary=first.binary,
                tanh=first.tanh,
            )
        if statistics is None:
            for number, lstm in enumerate(lstms):
                lstm.remember(*(values[:, number, 0] for values in found))
        return [
            (output.transpose(0, 1), state)
            for output, *state in zip(outputs.unbind(1), hidden.unbind(), cell.unbind(), strict=True)
        ]

    def seen(self, x: Tensor | None, videos: int) -> Tensor:
        """W x + b of all steps, [S, B, 4K]."""
        if x is None:
            return self.bias.expand(self.steps, videos, -1)
        return F.linear(x, self.input_weight, self.bias)[:, : self.steps].transpose(0, 1)

    @torch.no_grad()
    def remember(self, means: Tensor, deviations: Tensor) -> None:
        """Update the running statistics by those of a batch, [S, K] each."""
        self.running_mean.lerp_(means, 1 - self.momentum)
        self.running_deviation.lerp_(deviations, 1 - self.momentum)


def zero_state(x: Tensor, width: int) -> State:
    """Hidden state and cell of zeros, on the device and in the dtype of x [B, ...]."""
    zeros = x.new_zeros(len(x), width)
    return zeros, zeros


def _per_step(lstms: Sequence[PeepholeLSTM], name: str) -> Tensor:
    """Parameters or buffers [S, K] of all LSTMs, [S, G, 1, K]."""
    return torch.stack([getattr(lstm, name) for lstm in lstms], dim=1).unsqueeze(2)


def _gates(initialise, width: int, inputs: int) -> Tensor:
    """Weights of the four gates, each [width, inputs] and initialised by itself, [4 width, inputs]."""
    return torch.cat([initialise(torch.empty(width, inputs)) for _ in range(4)])


def _orthogonal(weight: Tensor) -> Tensor:
    return nn.init.orthogonal_(weight, RECURRENT_GAIN)
