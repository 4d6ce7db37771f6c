"""Similar and dissimilar videos by their nearest anchors, without a matrix over pairs of videos.

The similarity codes of BTH (Li et al., CVPR 2021), DKPH and MCMSH, as in their released code. Anchors are the M
centroids of a k-means. For s = 3, 4 and 5:

    d_ij                Euclidean distance of video i and anchor j
    Z_ij                exp(-d_ij^2 / m_s^2), normalised over the s nearest anchors of video i and 0 for all others
    m_s                 mean over the videos of the distance to the s-th nearest anchor
    A = Z L^-1 Z^T      similarity of two videos, [N, N]; L is diagonal with the column sums of Z
    S_s                 whether A exceeds 1e-5

The code of a pair is 2 (S_5 - S_4) + S_3: 1 is similar, 2 is dissimilar (an overlap that only the fifth anchor makes)
and 0 is unrelated. Where the threshold cuts the three kernels differently, -2, -1 and 3 can occur; such a pair is none
of the three, as in the released samplers. A is never built: a pair is compared when it is asked for, and the videos
that share an anchor with a video are listed by anchor, so memory is proportional to N.
"""

from __future__ import annotations

import numpy as np
import torch
from numba import njit
from torch import Tensor

SIMILAR, DISSIMILAR, UNRELATED = 1, 2, 0
THRESHOLD = 1e-5
TRIES = 24  # draws per video before all videos that share an anchor with it are compared
_KERNELS = (3, 4, 5)  # s
_BLOCK = 4096  # videos whose distances to all anchors are held at once


class AnchorGraph:
    """Nearest anchors of N videos: codes of pairs, and uniform draws of similar and dissimilar videos.

    Args:
        points: features of the videos, float32 or float64 [N, D], for example time-averaged frame features.
        anchors: [M, D], M at least 1; where s exceeds M, all anchors are used.
        rows: videos that may be drawn, int64 [<=N]; default: all. Held-out videos have codes, but are never drawn and
            decide nothing about the codes of others.
        power: 2 as above; 1 for the kernel exp(-d_ij / m_s).
        threshold: of A.
        tries: see `TRIES`; affects speed, and which videos are drawn, but not their distribution.

    Attributes:
        nearest: int32 [N, min(5, M)], nearest anchors, nearest first.
        weights: float64 [N, min(5, M), 3], Z / sqrt(L) of the three kernels at these anchors, so that A is the sum of
            the products over shared anchors.
    """

    def __init__(
        self,
        points: Tensor,
        anchors: Tensor,
        rows: Tensor | None = None,
        *,
        power: int = 2,
        threshold: float = THRESHOLD,
        tries: int = TRIES,
    ):
        distances, self.nearest = nearest_anchors(points, anchors, _KERNELS[-1])
        drawn = np.arange(len(points)) if rows is None else rows.numpy()
        self.weights = _weights(distances, self.nearest, len(anchors), power, drawn)
        self.threshold, self.tries = threshold, tries
        self._list_members(drawn)

    def state(self) -> dict[str, Tensor]:
        """What `from_state` restores the graph from, without points and anchors."""
        return {"nearest": torch.from_numpy(self.nearest), "weights": torch.from_numpy(self.weights)}

    @classmethod
    def from_state(cls, state: dict[str, Tensor], rows: Tensor) -> AnchorGraph:
        """The graph with the default threshold whose `state` this is; `rows` are those it was built with."""
        graph = cls.__new__(cls)
        graph.nearest, graph.weights = state["nearest"].numpy(), state["weights"].numpy()
        graph.threshold, graph.tries = THRESHOLD, TRIES
        graph._list_members(rows.numpy())
        return graph

    def _list_members(self, rows: np.ndarray) -> None:
        """List `rows` by anchor: similar videos share one of their three nearest, dissimilar ones one of five."""
        anchors = int(self.nearest.max()) + 1
        self._rows = rows
        self._sharing = {
            SIMILAR: _members(self.nearest[:, : _KERNELS[0]], rows, anchors),
            DISSIMILAR: _members(self.nearest, rows, anchors),
        }

    def __len__(self) -> int:
        return len(self.nearest)

    def code(self, first: Tensor, second: Tensor) -> Tensor:
        """Codes of pairs of videos, int64; the index tensors broadcast."""
        first, second = (index.contiguous() for index in torch.broadcast_tensors(first, second))
        codes = np.empty(first.numel(), np.int64)
        pairs = first.view(-1).numpy(), second.view(-1).numpy()
        _compare(*pairs, self.nearest, self.weights, self.threshold, codes)
        return torch.from_numpy(codes).view(first.shape)

    def similar(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """For each video of `index` [...], one of its similar videos, all equally likely.

        A video is similar to itself and may be its own draw; it is, if no other can be.
        """
        found = self._draw(index, SIMILAR, generator)
        return torch.where(found < 0, index, found)

    def dissimilar(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """For each video of `index` [...], one of its dissimilar videos, all equally likely.

        Without a dissimilar video, an unrelated one; without that (in tiny data sets), any video.
        """
        found = self._draw(index, DISSIMILAR, generator)
        lacking = found < 0
        if lacking.any():
            found[lacking] = self._draw_unrelated(index[lacking], generator)
        return found

    def _draw(self, index: Tensor, wanted: int, generator: torch.Generator) -> Tensor:
        """One video of the wanted code for each of `index`; -1 if there is none."""
        sharing = self._sharing[wanted]
        graph = self.nearest, self.weights, self.threshold
        draws, found = self._random(index, generator), np.empty(index.numel(), np.int64)
        _draw_sharing(index.flatten().numpy(), wanted, draws, *graph, *sharing, found)
        return torch.from_numpy(found).view(index.shape)

    def _draw_unrelated(self, index: Tensor, generator: torch.Generator) -> Tensor:
        draws, found = self._random(index, generator), np.empty(len(index), np.int64)
        _draw_code(index.numpy(), UNRELATED, draws, self.nearest, self.weights, self.threshold, self._rows, found)
        return torch.from_numpy(found)

    def _random(self, index: Tensor, generator: torch.Generator) -> np.ndarray:
        """Numbers in [0, 1) for the tries, and one for the choice among all, float64 [videos, tries + 1]."""
        return torch.rand(index.numel(), self.tries + 1, dtype=torch.float64, generator=generator).numpy()


def nearest_anchors(points: Tensor, anchors: Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances to the nearest anchors, float64, and their numbers, int32; both [N, min(count, M)], nearest first."""
    anchors = anchors.double()
    kept = min(count, len(anchors))
    distances, nearest = np.empty((len(points), kept)), np.empty((len(points), kept), np.int32)
    norms = anchors.square().sum(dim=1)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK].double()
        # The squared norm of the point does not affect the order of anchors.
        squares, numbers = torch.addmm(norms, block, anchors.t(), alpha=-2).topk(kept, dim=1, largest=False)
        squares += block.square().sum(dim=1, keepdim=True)
        distances[start : start + _BLOCK] = squares.clamp_min(0).sqrt()
        nearest[start : start + _BLOCK] = numbers
    return distances, nearest


def _weights(distances: np.ndarray, nearest: np.ndarray, anchors: int, power: int, rows: np.ndarray) -> np.ndarray:
    """Z / sqrt(L) of every kernel, float64 [N, kept, 3]; 0 beyond the s nearest anchors. L and m are of `rows`."""
    videos, kept = nearest.shape
    weights = np.zeros((videos, kept, len(_KERNELS)))
    for kernel, s in enumerate(_KERNELS):
        used = min(s, kept)
        scale = max(distances[rows, used - 1].mean() ** power, np.finfo(float).tiny)
        # Relative to the nearest anchor, so that a video far from all of them has weights, too.
        Z = np.exp((distances[:, :1] ** power - distances[:, :used] ** power) / scale)
        Z /= Z.sum(axis=1, keepdims=True)
        totals = np.bincount(nearest[rows, :used].ravel(), Z[rows].ravel(), anchors)
        totals[totals == 0] = 1  # near held-out videos only, so of no pair with a video of `rows`
        weights[:, :used, kernel] = Z / np.sqrt(totals)[nearest[:, :used]]
    return weights


def _members(nearest: np.ndarray, rows: np.ndarray, anchors: int) -> tuple[int, np.ndarray, np.ndarray]:
    """The videos of `rows` near each anchor: number of anchors per video, first positions, and videos by anchor."""
    width, flat = nearest.shape[1], nearest[rows].ravel()
    starts = np.concatenate([[0], np.bincount(flat, minlength=anchors).cumsum()])
    return width, starts, rows[flat.argsort(kind="stable") // width]


@njit(cache=True)
def _code(i, j, nearest, weights, threshold):
    """The code of videos i and j."""
    a3 = a4 = a5 = 0.0
    for u in range(nearest.shape[1]):
        for v in range(nearest.shape[1]):
            if nearest[i, u] == nearest[j, v]:
                a3 += weights[i, u, 0] * weights[j, v, 0]
                a4 += weights[i, u, 1] * weights[j, v, 1]
                a5 += weights[i, u, 2] * weights[j, v, 2]
                break
    s3, s4, s5 = int(a3 > threshold), int(a4 > threshold), int(a5 > threshold)
    return 2 * (s5 - s4) + s3


@njit(cache=True)
def _compare(first, second, nearest, weights, threshold, codes):
    for pair in range(len(codes)):
        codes[pair] = _code(first[pair], second[pair], nearest, weights, threshold)


@njit(cache=True)
def _shared_before(i, slot, j, nearest, width):
    """Whether videos i and j share an anchor before this slot of video i, among the first `width` of both."""
    for u in range(slot):
        for v in range(width):
            if nearest[i, u] == nearest[j, v]:
                return True
    return False


@njit(cache=True)
def _draw_sharing(videos, wanted, draws, nearest, weights, threshold, width, starts, members, found):
    """For each video, draw one of those that share an anchor with it and have the wanted code; -1 if there is none.

    Only the first `width` anchors of both count, and anchor j's list is members[starts[j] : starts[j + 1]]. Entries of
    the lists of a video's anchors are drawn until one has the wanted code; if all tries fail, all entries are compared
    and one of those with that code is chosen. A video on several of the lists counts on the first one only, so both
    ways are uniform.
    """
    tries = draws.shape[1] - 1
    for number, i in enumerate(videos):
        found[number] = -1
        total = 0
        for slot in range(width):
            total += starts[nearest[i, slot] + 1] - starts[nearest[i, slot]]
        if total == 0:
            continue
        for t in range(tries):
            place, slot = int(draws[number, t] * total), 0
            while place >= starts[nearest[i, slot] + 1] - starts[nearest[i, slot]]:
                place -= starts[nearest[i, slot] + 1] - starts[nearest[i, slot]]
                slot += 1
            j = members[starts[nearest[i, slot]] + place]
            if _code(i, j, nearest, weights, threshold) == wanted and not _shared_before(i, slot, j, nearest, width):
                found[number] = j
                break
        if found[number] >= 0:
            continue
        chosen = -1
        for scan in range(2):  # count, then find the chosen one
            count = 0
            for slot in range(width):
                for entry in range(starts[nearest[i, slot]], starts[nearest[i, slot] + 1]):
                    j = members[entry]
                    if _code(i, j, nearest, weights, threshold) != wanted:
                        continue
                    if not _shared_before(i, slot, j, nearest, width):
                        if count == chosen:
                            found[number] = j
                        count += 1
            if scan == 0:
                chosen = int(draws[number, tries] * count)


@njit(cache=True)
def _draw_code(videos, wanted, draws, nearest, weights, threshold, rows, found):
    """For each video, draw one of `rows` with the wanted code; any of them if there is none."""
    tries = draws.shape[1] - 1
    for number, i in enumerate(videos):
        found[number] = -1
        for t in range(tries):
            j = rows[int(draws[number, t] * len(rows))]
            if _code(i, j, nearest, weights, threshold) == wanted:
                found[number] = j
                break
        if found[number] >= 0:
            continue
        chosen, count = -1, 0
        for _ in range(2):
            count = 0
            for j in rows:
                if _code(i, j, nearest, weights, threshold) == wanted:
                    if count == chosen:
                        found[number] = j
                    count += 1
            chosen = int(draws[number, tries] * count)
        if count == 0:
            found[number] = rows[int(draws[number, tries] * len(rows))]
