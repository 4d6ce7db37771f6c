"""SSVH: self-supervised video hashing with a hierarchical binary auto-encoder (IEEE TIP 2018).

The defaults are the recipe of the authors' code with its plain bugs mended; config/departures/ssvh.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                    frame features, [B, T, D], of which the first `frames` are used: T
                                               rounded down to a multiple of 2
    LSTM              PeepholeLSTM             with peepholes and a batch norm of its cell per time step; width K
    encoder level 1   frame_lstm               reads every frame, h^1_1 .. h^1_T
    encoder level 2   pair_lstm                reads every second of these; its hidden state is binarised at every step
    h                 codes                    last hidden state of level 2 before it is binarised, [B, K]
    decoders          decoders                 reversed (backward), ordered (forward) and mean; each has two levels and
                                               starts from the last state of level 2: binary hidden state, real cell
    F^                output(decoded)          reconstruction of the frames in reverse order, in order, and their mean
    H                 memory.codes             latest h of all training videos, [N, K]
    S                 memory.graph             neighbour graph of the training videos, in {0, 1}
    L_pair            pairs + quantization     `pairs` is the sum of (h_i . H_j / K - S_ij)^2 over the batch and all j,
                                               `quantization` is that of |h_i - sgn(h_i)|^2
    L_rec             reconstruction           a third of the decoders' summed squared errors; the mean's counts T times
    L                 total                    0.999 (pairs + 0.2 quantization) + 0.001 reconstruction
                                               + 1e-4 weight_penalty, which is half the sum of squares of all parameters
    b                 encode(.)                sign of h, [B, K]
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from s5vh.base.errors import UserError
from s5vh.methods.contract import Batch, Shape, TrainedMethod, Videos
from s5vh.methods.ssvh.lstm import PeepholeLSTM, State, zero_state
from s5vh.methods.ssvh.memory import CodeMemory
from s5vh.methods.ssvh.settings import Settings
from s5vh.nn.hash_layer import sign_straight_through
from s5vh.nn.reconstruction import reconstruction_loss

STRIDE = 2  # frames per step of the upper levels


class Decoder(nn.Module):
    """An upper LSTM without inputs, a lower one that reads each of its hidden states `stride` times, and a head.

    Args:
        steps: of the upper LSTM.
        stride: steps of the lower LSTM per step of the upper one.
    """

    def __init__(self, bits: int, feature_size: int, steps: int, stride: int, momentum: float):
        super().__init__()
        self.upper = PeepholeLSTM(None, bits, steps, momentum=momentum, tanh=True)
        self.lower = PeepholeLSTM(bits, bits, stride * steps, momentum=momentum)
        self.output = nn.Linear(bits, feature_size)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)


class SSVH(TrainedMethod):
    """The network with its losses.

    Args: as for `TrainedMethod`; `prepared` has `neighbours`.

    Raises:
        UserError: videos of a single frame.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        _, feature_size, bits = shape
        options, self.loss_options = settings.model, settings.loss
        self.frames = shape.frames // STRIDE * STRIDE
        if self.frames == 0:
            raise UserError(f"SSVH needs at least {STRIDE} frames per video, got {shape.frames}; use other features")
        self.crossed_decoders = options.crossed_decoders
        self.padded_to = settings.training.batch_size if settings.training.padded else 0
        self.minimum_batch_size = 1 if self.padded_to else 2  # a single video has no standard deviation
        pairs, momentum = self.frames // STRIDE, options.batch_norm_momentum
        self.frame_lstm = PeepholeLSTM(feature_size, bits, self.frames, momentum=momentum)
        self.pair_lstm = PeepholeLSTM(bits, bits, pairs, momentum=momentum, binary=True)
        self.decoders = nn.ModuleDict(
            {
                "reversed": Decoder(bits, feature_size, pairs, STRIDE, momentum),
                "ordered": Decoder(bits, feature_size, pairs, STRIDE, momentum),
                "mean": Decoder(bits, feature_size, 1, 1, momentum),
            }
        )
        # Of the two encoder levels and the three upper decoder levels: weights, and the bias as last column.
        sizes = [feature_size] * 2 + [bits] * 3 if options.unread_outputs else []
        self.unread_outputs = nn.ParameterList(_unread_output(bits, size) for size in sizes)
        self.memory = CodeMemory(prepared["neighbours"]) if prepared else None

    def encoded(self, feats: Tensor) -> tuple[Tensor, State]:
        """Real-valued codes [B, K] and the last state of level 2, from [B, T, D]."""
        # All T frames are passed on although the last may be unused, as copying the others takes longer.
        hidden, _ = self.frame_lstm(feats, zero_state(feats, self.shape.bits))
        hidden, state = self.pair_lstm(hidden[:, STRIDE - 1 :: STRIDE], zero_state(feats, self.shape.bits))
        return hidden[:, -1], state

    def encode(self, feats: Tensor) -> Tensor:
        """Encode videos: [B, T, D] to [B, K] in {-1, +1}."""
        return sign_straight_through(self.encoded(feats)[0])

    def decoded(self, state: State) -> dict[str, Tensor]:
        """What each decoder's `output` maps to features, [B, frames, K], of the mean [B, 1, K], in temporal order."""
        backward, forward, mean = self.decoders.values()
        both = [backward, forward]
        upper = PeepholeLSTM.side_by_side([one.upper for one in both], [None, None], [state, state])
        inputs = [hidden.repeat_interleave(STRIDE, dim=1) for hidden, _ in upper]
        if self.crossed_decoders:
            second = torch.arange(self.frames, device=state[0].device) % STRIDE == STRIDE - 1
            inputs[1] = torch.where(second[:, None], *inputs)
        zeros = zero_state(state[0], self.shape.bits)
        lower = PeepholeLSTM.side_by_side([one.lower for one in both], inputs, [zeros, zeros])
        of_mean, _ = mean.lower(mean.upper(None, state)[0], zeros)
        return {"reversed": lower[0][0].flip(1), "ordered": lower[1][0], "mean": of_mean}

    def reconstruction(self, feats: Tensor, state: State) -> Tensor:
        """Weighted sum of the decoders' squared errors for features [B, T, D]."""
        total = feats.new_zeros(())
        places = torch.arange(feats.shape[0] * feats.shape[1], device=feats.device)
        used = places.view(feats.shape[:2])[:, : self.frames].flatten()
        targets = {"mean": (feats[:, : self.frames].mean(dim=1), places[: len(feats)])}
        for name, hidden in self.decoded(state).items():
            target, places = targets.get(name, (feats.flatten(0, 1), used))
            hidden = hidden.flatten(0, 1).to(feats.dtype)
            error = reconstruction_loss(hidden, self.decoders[name].output, target, places, "sum")  # mean of frames
            total = total + len(feats) * self.frames * error
        return total / len(self.decoders)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, and `pairs`, `quantization`, `reconstruction` and `weight_penalty` before they are weighted."""
        feats, options = batch.feats[0], self.loss_options
        if self.training and len(feats) < self.padded_to:
            feats = torch.cat([feats, feats.new_zeros(self.padded_to - len(feats), *feats.shape[1:])])
        codes, state = self.encoded(feats)
        reconstruction = self.reconstruction(feats, state)
        with torch.autocast(feats.device.type, enabled=False):  # never compare codes in half precision
            codes = codes.to(feats.dtype)
            pairs = self.memory.pair_loss(codes, batch.index[0])
            quantization = (codes - sign_straight_through(codes).detach()).square().sum()
            weight_penalty = sum(parameter.square().sum() for parameter in self.parameters()) / 2
        total = options.pairs * (pairs + options.quantization * quantization)
        total = total + options.reconstruction * reconstruction + options.weight_penalty * weight_penalty
        terms = {"pairs": pairs, "quantization": quantization, "reconstruction": reconstruction}
        return {"total": total} | terms | {"weight_penalty": weight_penalty}

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Start the memory of codes from zeros."""
        self.memory.begin(len(videos), rows, self.shape.bits, videos.device)

    def training_state(self) -> dict[str, Any]:
        return {"codes": self.memory.codes}

    def load_training_state(self, state: dict[str, Any]) -> None:
        self.memory.codes.copy_(state["codes"])


def _unread_output(bits: int, size: int) -> nn.Parameter:
    weight = nn.init.xavier_uniform_(torch.empty(size, bits))
    return nn.Parameter(torch.cat([weight, torch.zeros(size, 1)], dim=1))
