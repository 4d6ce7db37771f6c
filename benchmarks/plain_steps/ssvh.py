"""Straightforward implementation of SSVH's training step, as the released code is structured.

Uses the parameters of a network but none of its code: frames are multiplied by the input weights one time step after
the other, gate by gate, the three decoders run in sequence and reconstruct all frames, and the neighbourhood loss
compares the batch with all training videos, B x N. Statistics and memory are left as they are.
"""

from __future__ import annotations

import torch
from torch import Tensor

from s5vh.methods.contract import Batch
from s5vh.methods.ssvh.lstm import PeepholeLSTM
from s5vh.methods.ssvh.network import SSVH

State = tuple[Tensor, Tensor]


def rounded(x: Tensor) -> Tensor:
    """Signs of x with a gradient inside (-1, 1]."""
    clipped = torch.where((x > -1) & (x <= 1), x, x.detach())
    return clipped + (torch.where(x >= 0, 1.0, -1.0) - clipped).detach()


def recur(lstm: PeepholeLSTM, inputs: list[Tensor] | None, state: State) -> tuple[list[Tensor], State]:
    """Hidden states of all steps and the last state; inputs are those of every step."""
    hidden, cell = state
    U, b, p = lstm.recurrent_weight.chunk(4), lstm.bias.chunk(4), lstm.peepholes
    W = None if inputs is None else lstm.input_weight.chunk(4)
    outputs = []
    for step in range(lstm.steps):

        def gate(number: int, step: int = step, hidden: Tensor = hidden) -> Tensor:
            value = hidden @ U[number].t() + b[number]
            return value if inputs is None else value + inputs[step] @ W[number].t()

        i, f = torch.sigmoid(gate(0) + p[0] * cell), torch.sigmoid(gate(1) + p[1] * cell)
        cell = f * cell + i * torch.tanh(gate(2))
        if lstm.training:
            mean, deviation = cell.mean(0), torch.sqrt(cell.var(0, correction=0) + 1e-10)
        else:
            mean, deviation = lstm.running_mean[step], lstm.running_deviation[step]
        cell = lstm.gain[step] * (cell - mean) / deviation + lstm.shift[step]
        output = torch.sigmoid(gate(3) + p[2] * cell) * (torch.tanh(cell) if lstm.tanh else cell)
        hidden = rounded(output) if lstm.binary else output
        outputs.append(output)
    return outputs, (hidden, cell)


def pair_loss(network: SSVH, codes: Tensor, index: Tensor) -> Tensor:
    """All pairs of batch and training file as one matrix."""
    memory = network.memory
    H, rows = memory.codes, index.to(codes.device)
    if network.training:
        H = H.index_put((rows,), codes[: len(rows)])
    similar = codes.new_zeros(len(codes), len(H))
    similar[: len(rows)] = torch.from_numpy(memory.graph[index.numpy()].toarray()).to(codes)
    return (codes @ H.t() / codes.shape[1] - similar).square().sum()


def plain_loss(network: SSVH, batch: Batch) -> Tensor:
    """Total loss of a batch, as `SSVH.losses`."""
    options, feats = network.loss_options, batch.feats[0, :, : network.frames]
    if network.training and len(feats) < network.padded_to:
        feats = torch.cat([feats, feats.new_zeros(network.padded_to - len(feats), *feats.shape[1:])])
    frames, zeros = list(feats.unbind(1)), feats.new_zeros(len(feats), network.shape.bits)
    level1, _ = recur(network.frame_lstm, frames, (zeros, zeros))
    level2, state = recur(network.pair_lstm, level1[1::2], (zeros, zeros))
    codes, uppers, errors = level2[-1], {}, []
    for name, decoder in network.decoders.items():
        uppers[name], _ = recur(decoder.upper, None, state)
        inputs = [hidden for hidden in uppers[name] for _ in range(decoder.lower.steps // decoder.upper.steps)]
        if name == "ordered" and network.crossed_decoders:
            inputs[1::2] = uppers["reversed"]
        hidden, _ = recur(decoder.lower, inputs, (zeros, zeros))
        targets = {"reversed": frames[::-1], "ordered": frames, "mean": [feats.mean(1)]}[name]
        weight = len(frames) if name == "mean" else 1
        pairs = zip(hidden, targets, strict=True)
        errors.append(weight * sum((decoder.output(h) - target).square().sum() for h, target in pairs))
    pairs = pair_loss(network, codes, batch.index[0])
    quantization = (codes - torch.where(codes >= 0, 1.0, -1.0)).square().sum()
    penalty = sum(parameter.square().sum() for parameter in network.parameters()) / 2
    total = options.pairs * (pairs + options.quantization * quantization)
    return total + options.reconstruction * sum(errors) / 3 + options.weight_penalty * penalty
