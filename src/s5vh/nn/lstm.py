"""An LSTM as a temporal mixer (S5VH paper, Table 2, row 6)."""

from __future__ import annotations

from torch import Tensor, nn

from s5vh.nn.bidirectional import TemporalMixer
from s5vh.nn.layers import NORM_EPS


class LSTM(TemporalMixer):
    """Layer norm, then torch's LSTM of one layer, as wide inside as outside: 8 width^2 + 8 width parameters.

    With gates i, f, g, o stacked in this order, two bias vectors and zero states before the first frame,

        c_n = f * c_{n-1} + i * g,    h_n = o * tanh(c_n),

    and the output is h. Weights and biases start uniform in +-1 / sqrt(width).
    """

    def __init__(self, width: int, *, reverse: bool = False):
        super().__init__(reverse)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.lstm = nn.LSTM(width, width, batch_first=True)

    def read(self, x: Tensor) -> Tensor:
        return self.lstm(self.norm(x))[0]
