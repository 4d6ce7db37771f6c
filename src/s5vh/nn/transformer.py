"""A Transformer block as a whole bidirectional layer, the mixer that S5VH's Table 2 does not have."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from s5vh.nn.attention import TransformerBlock
from s5vh.nn.bidirectional import TemporalMixer
from s5vh.nn.masks import with_blanks


class Transformer(TemporalMixer):
    """What a pre-norm Transformer block adds to its input: 12 width^2 + 12 width parameters, two layer norms included.

    Every frame attends to all frames, so one block is both directions. It does not see their order, which only
    positions in its input tell. Stochastic depth drops attention and MLP together.

    Args:
        heads: must divide the width.
    """

    sees_both_directions = True

    def __init__(self, width: int, *, heads: int = 4, reverse: bool = False):
        super().__init__(reverse)
        self.block = TransformerBlock(width, heads, width // heads)

    def forward(self, x: Tensor, last: int | None = None) -> Tensor:
        """`last=n` returns only the last n frames, [B, n, width]; for the others, only keys and values are computed."""
        if len(x) == 0:  # stochastic depth has dropped all videos, which attention does not expect
            return x if last is None else x[:, :last]
        attended = self.block.attention(self.block.attention_norm(x), last)
        x = x if last is None else x[:, x.shape[1] - last :]
        return attended + self.block.mlp(self.block.mlp_norm(x + attended))

    @classmethod
    def summed_at_hidden(
        cls, mixers: Sequence[Transformer], seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str
    ) -> Tensor:
        (block,) = mixers
        return block(with_blanks(seen, blank, visible, hidden, "visible_first"), last=hidden.shape[1])
