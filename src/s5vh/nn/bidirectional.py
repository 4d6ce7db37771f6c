"""Bidirectional layers over time, for any kind of temporal mixer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.layers import NORM_EPS
from s5vh.nn.masks import hidden_of, with_blanks


class DropPath(nn.Module):
    """Stochastic depth: drops a video's whole residual branch with probability `rate` during training."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor, branch: Callable[[Tensor], Tensor]) -> Tensor:
        """x + branch(x), without the branch for dropped videos and scaled by 1 / (1 - rate) for the others."""
        if self.rate == 0 or not self.training:
            return x + branch(x)
        keep = 1 - self.rate
        kept = torch.rand(x.shape[0], device=x.device, dtype=x.dtype) < keep
        if x.device.type == "cpu":
            # Skip the computation for dropped videos. On a GPU this would need a synchronisation.
            rows = kept.nonzero()[:, 0]
            return x.index_add(0, rows, branch(x[rows]).to(x.dtype), alpha=1 / keep)
        return x + branch(x) * kept.view(-1, *[1] * (x.ndim - 1)) / keep


class TemporalMixer(nn.Module):
    """One direction of a layer over time: [B, T, width] to [B, T, width]. A subclass defines `read` or `forward`.

    Args:
        reverse: read the frames from last to first.
    """

    sees_both_directions: ClassVar[bool] = False  # True: a layer has one of it, whose `reverse` has no effect

    def __init__(self, reverse: bool = False):
        super().__init__()
        self.reverse = reverse

    def read(self, x: Tensor) -> Tensor:
        """The outputs for frames in the order of reading, [B, T, width] each."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return self.read(x.flip(1)).flip(1) if self.reverse else self.read(x)

    @classmethod
    def summed(cls, mixers: Sequence[TemporalMixer], x: Tensor) -> Tensor:
        """Sum of the outputs, [B, T, width], of mixers of this kind; override to compute directions jointly."""
        return sum(mixer(x) for mixer in mixers)

    @classmethod
    def summed_at_hidden(
        cls, mixers: Sequence[TemporalMixer], seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str
    ) -> Tensor:
        """`summed` of a masked sequence, at its masked frames, [B, M, width]; arguments as in `with_blanks`."""
        return hidden_of(cls.summed(mixers, with_blanks(seen, blank, visible, hidden, order)), hidden, order)

    def share_weights_with(self, other: TemporalMixer) -> None:
        """Use the other mixer's parameters from now on, except for layer norms."""
        for name, module in other.named_children():
            if not isinstance(module, nn.LayerNorm):
                setattr(self, name, module)
        for name, parameter in other.named_parameters(recurse=False):
            setattr(self, name, parameter)


class BidirectionalLayer(nn.Module):
    """x + DropPath(M_fw(x) + M_bw(x)), with separate parameters per direction (S5VH paper, equation 5).

    The residual connection and stochastic depth are from the released code; the paper does not mention them.

    Args:
        mixer: kind of temporal mixer.
        directions: "both", "forward" or "backward" (the single-direction rows of the paper's Table 2), or "tied": both
            with shared weights but separate layer norms, which is the effect of the released code's forward pass. A
            mixer that sees both directions has "both" only.
        drop_path: rate of stochastic depth.
        options: further arguments of the mixer.
    """

    def __init__(
        self, width: int, mixer: type[TemporalMixer], *, directions: str = "both", drop_path: float = 0.0, **options
    ):
        super().__init__()
        self.mixer = mixer
        self.forward_mixer = mixer(width, reverse=False, **options) if directions != "backward" else None
        two = directions != "forward" and not mixer.sees_both_directions
        self.backward_mixer = mixer(width, reverse=True, **options) if two else None
        if directions == "tied":
            self.backward_mixer.share_weights_with(self.forward_mixer)
        self.drop_path = DropPath(drop_path)

    @property
    def mixers(self) -> list[TemporalMixer]:
        """The mixers of this layer's directions."""
        return [mixer for mixer in (self.forward_mixer, self.backward_mixer) if mixer is not None]

    def forward(self, x: Tensor) -> Tensor:
        return self.drop_path(x, lambda part: self.mixer.summed(self.mixers, part))


class BidirectionalStack(nn.Module):
    """`depth` bidirectional layers and a final layer norm; stochastic depth rises linearly to `drop_path`."""

    def __init__(self, width: int, depth: int, mixer: type[TemporalMixer], *, drop_path: float = 0.0, **options):
        super().__init__()
        rates = [drop_path * i / max(depth - 1, 1) for i in range(depth)]
        self.layers = nn.ModuleList(BidirectionalLayer(width, mixer, drop_path=rate, **options) for rate in rates)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)

    def at_hidden(self, seen: Tensor, blank: Tensor, visible: Tensor, hidden: Tensor, order: str) -> Tensor:
        """`forward` at the masked frames of a masked sequence, [B, M, width]."""
        if len(self.layers) == 1:  # hence without stochastic depth
            layer = self.layers[0]
            outputs = layer.mixer.summed_at_hidden(layer.mixers, seen, blank, visible, hidden, order)
            return self.norm(F.embedding(hidden, blank) + outputs)
        x = with_blanks(seen, blank, visible, hidden, order)
        for layer in self.layers:
            x = layer(x)
        return self.norm(hidden_of(x, hidden, order))
