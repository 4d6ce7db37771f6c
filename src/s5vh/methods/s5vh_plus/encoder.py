"""S5VH's encoder as a part of the hash function, to tell what replacing it is worth."""

from __future__ import annotations

from torch import Tensor, nn

from s5vh.methods.contract import Shape
from s5vh.methods.s5vh_plus.settings import Encoder
from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.mamba import Mamba
from s5vh.nn.positions import positions_for, sinusoidal_positions


class FrameEncoder(nn.Module):
    """Frames [B, T, D] to real values [B, K]: the mean over time of a linear layer after S5VH's encoder.

    The encoder is that of the paper's equations 5 to 8, with its layer norms, without stochastic depth. No frame is
    masked, and the tanh comes after the mean.
    """

    def __init__(self, shape: Shape, size: Encoder):
        super().__init__()
        self.embed = nn.Linear(shape.feature_size, size.width)
        self.encoder = BidirectionalStack(size.width, size.depth, Mamba, norms="paper", d_state=size.d_state)
        self.hash = nn.Linear(size.width, shape.bits, bias=False)  # a batch norm follows
        self.register_buffer("positions", sinusoidal_positions(shape.frames, size.width), persistent=False)

    def forward(self, feats: Tensor) -> Tensor:
        embedded = self.embed(feats) + positions_for(feats.shape[1], self.positions)
        return self.hash(self.encoder(embedded)).mean(dim=1)
