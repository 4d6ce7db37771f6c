"""The recurrence of SSVH's LSTMs and its gradient, written by hand.

An LSTM step is a dozen operations on small tensors, so autograd's own work per operation would take longer than the
arithmetic. Here only the products with U are left inside the loop over time; sums over time and videos follow it.

Shapes: G LSTMs of the same form that run side by side, B videos, S steps, K width. Gates are in the order i, f, g, o.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

sigmoid_backward, tanh_backward = torch.ops.aten.sigmoid_backward, torch.ops.aten.tanh_backward

EPS = 1e-10  # added to the variance


class Statistics(NamedTuple):
    """What cells are normalised with: mean and standard deviation, sqrt(variance + eps), [S, G, 1, K] each."""

    mean: Tensor
    deviation: Tensor


def recur(
    seen: Tensor,
    recurrent: Tensor,
    peepholes: Tensor,
    gain: Tensor,
    shift: Tensor,
    hidden: Tensor,
    cell: Tensor,
    *,
    statistics: Statistics | None,
    binary: bool,
    tanh: bool,
) -> tuple[Tensor, Tensor, Tensor, Statistics]:
    """Run LSTMs with peepholes and batch norm of the cell; see `PeepholeLSTM` for the formulas.

    Args:
        seen: W x + b of all steps, [S, G, B, 4K].
        recurrent: U, [G, 4K, K].
        peepholes: of i, f and o, [3, G, 1, K].
        gain, shift: of the batch norm, [S, G, 1, K].
        hidden, cell: state that the first step reads, [G, B, K].
        statistics: None for those of the batch, through which gradients flow.
        binary: hidden states are binarised before the next step reads them, with a clipped straight-through gradient.
        tanh: h' = o * tanh(c') instead of o * c'.

    Returns:
        Hidden states before they are binarised, [S, G, B, K]; the last hidden state as a next step reads it and the
        last cell, [G, B, K] each; the statistics, without gradients.
    """
    given = (None, None) if statistics is None else statistics
    outputs, hidden, cell, *found = _Recurrence.apply(
        seen, recurrent, peepholes, gain, shift, hidden, cell, *given, binary, tanh
    )
    return outputs, hidden, cell, Statistics(*found)


class _Recurrence(torch.autograd.Function):
    """Views of all steps are made before the loops, which leaves nothing but arithmetic inside."""

    @staticmethod
    def forward(ctx, seen, recurrent, peepholes, gain, shift, hidden, cell, mean, deviation, binary, tanh):
        width, videos, batch_statistics = hidden.shape[-1], hidden.shape[1], mean is None
        gates = torch.empty_like(seen)  # after their activations
        outputs = seen.new_empty(*seen.shape[:-1], width)
        cells, normed = torch.empty_like(outputs), torch.empty_like(outputs)
        if batch_statistics:
            mean, deviation = torch.empty_like(gain), torch.empty_like(gain)
        first, weight, (of_enter, of_keep, of_leave) = (hidden, cell), recurrent.mT, peepholes
        parts = (gates, gates[..., : 2 * width], *gates.split(width, dim=-1))
        values = (seen, *parts, mean, deviation, normed, gain, shift, cells, outputs)
        for x, all_gates, both, enter, keep, new, leave, m, d, z, g, s, c, output in _steps(values):
            torch.baddbmm(x, hidden, weight, out=all_gates)
            enter.addcmul_(of_enter, cell)
            keep.addcmul_(of_keep, cell)
            both.sigmoid_()
            raw = (keep * cell).addcmul_(enter, new.tanh_())
            if batch_statistics:
                torch.sum(raw, 1, keepdim=True, out=m).div_(videos)
                raw -= m
                torch.sum(raw.square(), 1, keepdim=True, out=d).div_(videos).add_(EPS).sqrt_()
            else:
                raw -= m
            torch.div(raw, d, out=z)
            cell = torch.addcmul(s, g, z, out=c)
            leave.addcmul_(of_leave, cell).sigmoid_()
            hidden = torch.mul(leave, cell.tanh() if tanh else cell, out=output)
            if binary:
                hidden = (hidden >= 0).to(hidden).mul_(2).sub_(1)
        ctx.save_for_backward(recurrent, peepholes, gain, *first, gates, outputs, cells, normed, deviation)
        ctx.options = batch_statistics, binary, tanh
        ctx.mark_non_differentiable(mean, deviation)
        return outputs, hidden.clone(), cell.clone(), mean, deviation

    @staticmethod
    def backward(ctx, of_outputs, of_hidden, of_cell, *_):
        recurrent, peepholes, gain, hidden, cell, gates, outputs, cells, normed, deviation = ctx.saved_tensors
        batch_statistics, binary, tanh = ctx.options
        width, videos = hidden.shape[-1], hidden.shape[1]
        of_enter, of_keep, of_leave = peepholes
        before = torch.cat([cell[None], cells[:-1]])  # the cells that steps read
        read = torch.cat([hidden[None], outputs[:-1]])  # and the hidden states
        passed = outputs
        if binary:
            read[1:] = torch.where(outputs[:-1] >= 0, 1.0, -1.0)
            passed = ((outputs > -1) & (outputs <= 1)).to(outputs)  # the gradient of `binary_straight_through`
        active = cells.tanh() if tanh else cells
        enter, keep, new, leave = gates.split(width, dim=-1)
        # Factors that do not depend on gradients, for all steps at once.
        of_gates, of_cells = torch.empty_like(gates), torch.empty_like(cells)
        factors = (
            sigmoid_backward(active, leave),  # d output / d gate o
            tanh_backward(leave, active) if tanh else leave,  # d output / d cell
            sigmoid_backward(new, enter),  # d raw cell / d gates i, f and g
            sigmoid_backward(before, keep),
            tanh_backward(enter, new),
            keep,
            gain / deviation,
            normed,
            normed / videos,
            of_outputs,
            passed,
            of_gates,
            *of_gates.split(width, dim=-1),
            of_cells,
        )
        for step in reversed(_steps(factors)):
            by_o, by_cell, by_i, by_f, by_g, kept, slope, z, z_mean, of_output, inside, all_gates, i, f, g, o, c = step
            of_output = torch.addcmul(of_output, of_hidden, inside) if binary else of_output + of_hidden
            torch.mul(of_output, by_o, out=o)
            of_cell = torch.addcmul(of_cell, of_output, by_cell, out=c).addcmul_(o, of_leave)
            if batch_statistics:  # less what mean and deviation take back
                of_raw = of_cell - of_cell.sum(1, keepdim=True).div_(videos)
                of_raw.addcmul_(z, (of_cell * z_mean).sum(1, keepdim=True), value=-1).mul_(slope)
            else:
                of_raw = of_cell * slope
            torch.mul(of_raw, by_i, out=i)
            torch.mul(of_raw, by_f, out=f)
            torch.mul(of_raw, by_g, out=g)
            of_cell = (of_raw * kept).addcmul_(i, of_enter).addcmul_(f, of_keep)
            of_hidden = all_gates @ recurrent
        of_recurrent = torch.einsum("sgbk,sgbj->gkj", of_gates, read)
        i, f, _, o = of_gates.split(width, dim=-1)
        pairs = ((i, before), (f, before), (o, cells))
        of_peepholes = torch.stack([(gate * seen).sum((0, 2)) for gate, seen in pairs]).unsqueeze(2)
        of_gain, of_shift = (of_cells * normed).sum(2, keepdim=True), of_cells.sum(2, keepdim=True)
        return of_gates, of_recurrent, of_peepholes, of_gain, of_shift, of_hidden, of_cell, None, None, None, None


def _steps(values: Iterable[Tensor]) -> list[tuple[Tensor, ...]]:
    """The entries of all tensors [S, ...] at each step."""
    return list(zip(*(value.unbind() for value in values), strict=True))
