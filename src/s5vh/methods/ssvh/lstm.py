"""SSVH's LSTM: peepholes, and batch norm of the cell with parameters and statistics of its own at each time step."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.hash_layer import binary_straight_through

BATCH_NORM_EPS = 1e-10  # added to the variance
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
        hidden, cell = state
        # The inputs' products do not depend on the state, so one product makes those of all steps. They are unbound, as
        # are parameters, because the gradient of one entry at a time is a tensor of zeros of the whole size.
        seen = [self.bias] * self.steps if x is None else F.linear(x, self.input_weight, self.bias).unbind(1)
        recurrent, ahead, behind = self.recurrent_weight.t(), self.peepholes[:2].flatten(), self.peepholes[2]
        gains, shifts = self.gain.unbind(), self.shift.unbind()
        outputs, statistics = [], []
        for step in range(self.steps):
            gates = torch.addmm(seen[step], hidden, recurrent)
            early, new, late = gates.split([2 * self.width, self.width, self.width], dim=1)
            enter, keep = torch.addcmul(early, ahead, cell.repeat(1, 2)).sigmoid().chunk(2, dim=1)
            cell = torch.addcmul(keep * cell, enter, new.tanh())
            cell, *found = self._normalised(cell, gains[step], shifts[step], step)
            leave = torch.addcmul(late, behind, cell).sigmoid()
            output = leave * (cell.tanh() if self.tanh else cell)
            hidden = binary_straight_through(output) if self.binary else output
            outputs.append(output)
            statistics.append(found)
        if self.training:
            self._remember(*(torch.stack(values) for values in zip(*statistics, strict=True)))
        return torch.stack(outputs, dim=1), (hidden, cell)

    def _normalised(self, cell: Tensor, gain: Tensor, shift: Tensor, step: int) -> tuple[Tensor, ...]:
        """Batch norm of a step; in training also the batch's mean and inverse standard deviation, [K] each."""
        if self.training:
            return torch.native_batch_norm(cell, gain, shift, None, None, True, 0.0, BATCH_NORM_EPS)
        return ((cell - self.running_mean[step]) * (gain / self.running_deviation[step]) + shift,)

    @torch.no_grad()
    def _remember(self, means: Tensor, inverse_deviations: Tensor) -> None:
        self.running_mean.lerp_(means, 1 - self.momentum)
        self.running_deviation.lerp_(1 / inverse_deviations, 1 - self.momentum)


def zero_state(x: Tensor, width: int) -> State:
    """Hidden state and cell of zeros, on the device and in the dtype of x [B, ...]."""
    zeros = x.new_zeros(len(x), width)
    return zeros, zeros


def _gates(initialise, width: int, inputs: int) -> Tensor:
    """Weights of the four gates, each [width, inputs] and initialised by itself, [4 width, inputs]."""
    return torch.cat([initialise(torch.empty(width, inputs)) for _ in range(4)])


def _orthogonal(weight: Tensor) -> Tensor:
    return nn.init.orthogonal_(weight, RECURRENT_GAIN)
