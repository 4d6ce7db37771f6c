"""Frame corruption as in BERT: what BTH, DKPH, BerVAE and MCMSH hide from their networks.

Of the frames of a video, each is chosen independently with probability `rate`. A chosen frame is zeroed (80%),
replaced by a random frame of a random training video (10%) or left as it is (10%).

G videos per group, B batch size, T frames, D feature dimension, N training videos. A frame's number is its video's
row * T + its place in the video.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.reconstruction import reconstruction_loss

RATE = 0.15
_ZEROED, _REPLACED = 0.8, 0.1  # shares of the chosen frames
_ZERO = -1  # in place of a frame's number


class Frames(Protocol):
    """Where random frames come from."""

    shape: tuple[int, int, int]  # N, T, D

    def frames(self, video: Tensor, frame: Tensor) -> Tensor:
        """Single frames, float32 [n, D]: frame `frame[k]` of video `video[k]`, both int64 [n]."""


@dataclass(frozen=True)
class CorruptedFrames:
    """Frames as a network sees them, without a second copy of the features.

    Attributes:
        chosen: bool [G, B, T] on the CPU, the frames chosen for corruption, including those left as they are.
        kept, zeroed, replaced: a partition of the frames, places in [0, G * B * T), int64 on the features' device.
        others: the frames that stand in the places `replaced`, float32 [len(replaced), D].
    """

    chosen: Tensor
    kept: Tensor
    zeroed: Tensor
    replaced: Tensor
    others: Tensor

    def of(self, feats: Tensor) -> Tensor:
        """A corrupted copy of the features [G, B, T, D]."""
        rows = feats.flatten(0, 2).index_fill(0, self.zeroed, 0)
        return rows.index_copy(0, self.replaced, self.others).view_as(feats)

    def embedded(self, embed: nn.Linear, feats: Tensor) -> Tensor:
        """`embed(self.of(feats))`, [G, B, T, width]: corrupted rows of the small output are replaced, not features."""
        rows = embed(feats.flatten(0, 2))
        others = F.linear(self.others, embed.weight, embed.bias)
        zeros = embed.bias.to(others.dtype).expand(len(self.zeroed), -1)
        rows = rows.index_copy(0, torch.cat([self.zeroed, self.replaced]), torch.cat([zeros, others]))
        return rows.view(*feats.shape[:3], -1)

    def reconstruction_loss(self, decoded: Tensor, head: nn.Linear, feats: Tensor) -> Tensor:
        """Mean squared error of `head(decoded)` as a prediction of the corrupted frames, over all of them.

        Args:
            decoded: [G, B, T, width].
            feats: the frames before corruption, [G, B, T, D].
        """
        rows, frames = decoded.flatten(0, 2), feats.flatten(0, 2)
        own_places = torch.arange(len(self.replaced), device=feats.device)
        parts = (
            (self.kept, frames, self.kept),
            (self.zeroed, torch.zeros_like(frames[:1]), torch.zeros_like(self.zeroed)),
            (self.replaced, self.others, own_places),
        )
        total = rows.new_zeros(())
        for places, targets, target_places in parts:
            if len(places):
                mean = reconstruction_loss(rows.index_select(0, places), head, targets, target_places)
                total = total + mean * (len(places) / len(rows))
        return total


class FrameCorruption:
    """Corrupts batches of videos.

    Args:
        videos: the training file.
        rows: the videos that random frames are taken from, int64 [<=N].
        rate: probability that a frame is chosen.
        workers: None: every batch is corrupted afresh. n: as in the released code with n loader processes, which take
            turns in loading batches and edit the features in place, each its own copy of them. So corruption
            accumulates during an epoch, later readings of a video see it even where they should be clean, and random
            frames may be corrupted ones. When an epoch begins, all copies are new.
    """

    def __init__(self, videos: Frames, rows: Tensor, *, rate: float = RATE, workers: int | None = None):
        self._videos, self._rows, self._rate, self._workers = videos, rows, rate, workers
        self._batches = 0
        self._content: Tensor | None = None  # which frame every place now holds, [workers, N, T]

    def begin_epoch(self) -> None:
        """Forget the edits of the epoch before, so there is nothing to checkpoint between epochs."""
        self._batches = 0
        self._content = None

    def read(
        self, index: Tensor, generator: torch.Generator, *, groups: int | None = None, keep_edits: bool = True
    ) -> CorruptedFrames:
        """Corrupt a batch.

        Args:
            index: rows of the videos, int64 [G, B].
            generator: CPU generator of all draws.
            groups: corrupt only so many groups, the first ones; default: all. The others are also clean, unless
                earlier edits in place have altered them.
            keep_edits: False leaves the data of all loader processes as they are, for losses on held-out videos.
        """
        _, length, _ = self._videos.shape
        count = len(index) if groups is None else groups
        draws = torch.ones(*index.shape, length)
        draws[:count] = torch.rand(count, index.shape[1], length, generator=generator)
        donors = self._random_frames(draws, generator)
        own = index[..., None] * length + torch.arange(length)
        if self._workers is None or not keep_edits:
            content = self._edited(own, draws, donors)
        else:
            content = self._edit_in_place(index, draws, donors)
        return self._frames(own, content, draws < self._rate)

    def _random_frames(self, draws: Tensor, generator: torch.Generator) -> Tensor:
        """Numbers of random frames for the places that get one, in order, int64 [G, B, T]; 0 elsewhere."""
        replaced = (draws >= _ZEROED * self._rate) & (draws < (_ZEROED + _REPLACED) * self._rate)
        count, length = int(replaced.sum()), self._videos.shape[1]
        video = self._rows[torch.randint(len(self._rows), (count,), generator=generator)]
        frame = torch.randint(length, (count,), generator=generator)
        numbers = torch.zeros(draws.shape, dtype=torch.int64)
        numbers[replaced] = video * length + frame
        return numbers

    def _edited(self, content: Tensor, draws: Tensor, donors: Tensor) -> Tensor:
        """What places hold after corruption: `donors` or zeros where the draws say so, `content` elsewhere."""
        content = torch.where(draws < (_ZEROED + _REPLACED) * self._rate, donors, content)
        return content.masked_fill(draws < _ZEROED * self._rate, _ZERO)

    def _edit_in_place(self, index: Tensor, draws: Tensor, donors: Tensor) -> Tensor:
        """What the batch reads, [G, B, T], from the data of the next loader process, which keeps the edits."""
        videos, length, _ = self._videos.shape
        if self._content is None:
            fresh = torch.arange(videos * length, dtype=torch.int32 if videos * length < 2**31 else torch.int64)
            self._content = fresh.view(1, videos, length).repeat(self._workers, 1, 1)
        held = self._content[self._batches % self._workers]
        self._batches += 1
        # A process loads one item of the batch after the other, each with all its groups. Videos that occur several
        # times are read in so many rounds; all others are independent of each other.
        order = index.T.flatten()
        rounds = _occurrence(order)
        draws, donors = (value.transpose(0, 1).flatten(0, 1) for value in (draws, donors))
        read = torch.empty(len(order), length, dtype=torch.int64)
        for number in range(int(rounds.max()) + 1):
            turn = (rounds == number).nonzero().flatten()
            rows = order[turn]
            now = held.flatten()[donors[turn]].long()  # a random frame may have been corrupted before
            read[turn] = self._edited(held[rows].long(), draws[turn], now)
            held[rows] = read[turn].to(held.dtype)
        return read.view(index.shape[1], index.shape[0], length).transpose(0, 1)

    def _frames(self, own: Tensor, content: Tensor, chosen: Tensor) -> CorruptedFrames:
        own, content = own.flatten(), content.flatten()
        kept, zeroed = content == own, content == _ZERO
        replaced = ~kept & ~zeroed
        numbers, length = content[replaced], self._videos.shape[1]
        others = self._videos.frames(numbers // length, numbers % length)
        places = (mask.nonzero().flatten().to(others.device) for mask in (kept, zeroed, replaced))
        return CorruptedFrames(chosen, *places, others)


def _occurrence(values: Tensor) -> Tensor:
    """How often each value occurs before its place: [7, 3, 7, 7] gives [0, 0, 1, 2]."""
    ordered, places = values.sort(stable=True)
    first = torch.searchsorted(ordered, ordered)
    return torch.empty_like(values).scatter_(0, places, torch.arange(len(values)) - first)
