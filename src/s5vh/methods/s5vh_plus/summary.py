"""One vector for a video of any length: cosine coefficients over time in the principal directions of its features."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from s5vh.data.summaries import dct_basis
from s5vh.methods.contract import Shape, Videos
from s5vh.methods.s5vh_plus.settings import Model
from s5vh.nn.summaries import temporal_summary
from s5vh.semantics.clustering import fit_pca

_FRAMES = 40_000  # frames of the training videos that decide the principal directions
_BATCH = 128
_VECTORS = {"mean": 1, "dct5": 5, "dct5_rest": 6}


class VideoSummary(nn.Module):
    """Frames [B, T, D] to vectors [B, P], with linear maps that `fit` learns and the model file keeps.

    1. Frames are projected onto their leading `frame_size` principal directions.
    2. Over time, each of these values is described by its first five cosine coefficients (of which the first is its
       mean) and the root mean square of the rest. Without the order of frames, only the first and the last remain; a
       motion and its reverse differ in the second and the fourth.
    3. These are projected onto their leading `summary_size` principal directions, each divided by its singular value
       to the power `whitening`, and all by a common factor, so that their mean square over the training videos is 1.

    Directions that the training videos do not have are zero.
    """

    def __init__(self, shape: Shape, options: Model):
        super().__init__()
        self.kind, self.whitening = options.summary, options.whitening
        frame_size = min(options.frame_size, shape.feature_size)
        described = _VECTORS[self.kind] * frame_size
        self.size = min(options.summary_size, described)
        self.register_buffer("frame_mean", torch.zeros(shape.feature_size))
        self.register_buffer("frame_map", torch.zeros(frame_size, shape.feature_size))
        self.register_buffer("mean", torch.zeros(described))
        self.register_buffer("map", torch.zeros(self.size, described))

    def forward(self, feats: Tensor) -> Tensor:
        """Vectors float32 [B, P] of videos [B, T, D], in float32 at any precision, as small differences count."""
        with torch.autocast(feats.device.type, enabled=False):
            return (self.described(feats.float()) - self.mean) @ self.map.t()

    def described(self, feats: Tensor) -> Tensor:
        """Steps 1 and 2: [B, T, D] to [B, S * frame_size]."""
        frames = (feats - self.frame_mean) @ self.frame_map.t()
        if self.kind != "dct5_rest":
            return temporal_summary(frames, self.kind)
        summary = temporal_summary(frames, "dct5")
        mean, *coefficients = summary.unflatten(1, (-1, frames.shape[2])).split(1, dim=1)
        basis = torch.from_numpy(dct_basis(feats.shape[1])[1:]).to(frames)  # [4, T]
        rest = frames - mean - feats.shape[1] * (basis.t() @ torch.cat(coefficients, dim=1))
        return torch.cat([summary, rest.square().mean(dim=1).sqrt()], dim=1)

    @torch.no_grad()
    def fit(self, videos: Videos, rows: Tensor, seed: int) -> Tensor:
        """Learn the maps from the training videos `rows` int64 [N], and return the vectors of all videos, [all, P]."""
        length = videos.shape[1]
        count = min(_FRAMES, len(rows) * length)
        chosen = torch.linspace(0, len(rows) * length - 1, count, dtype=torch.float64).round().long()
        frames = videos.frames(rows[chosen // length], chosen % length).cpu().numpy()
        mean, components, _ = _principal(frames, len(self.frame_map), seed)
        self._keep(self.frame_mean, mean)
        self._keep(self.frame_map, components)
        described = torch.cat([self.described(feats).cpu() for feats in videos.in_order(_BATCH)])
        mean, components, scales = _principal(described[rows].numpy(), self.size, seed)
        factor = np.sqrt(np.square(scales ** (1 - self.whitening)).sum() / (len(rows) * self.size))
        self._keep(self.mean, mean)
        self._keep(self.map, components / (scales[:, None] ** self.whitening * factor))
        return ((described.to(self.map) - self.mean) @ self.map.t()).to(videos.device)

    @staticmethod
    def _keep(buffer: Tensor, learned: np.ndarray) -> None:
        """Write to the first rows of a buffer; the others, directions that do not exist, stay 0."""
        buffer.zero_()
        buffer[: len(learned)] = torch.from_numpy(np.ascontiguousarray(learned)).to(buffer)


def _principal(points: np.ndarray, size: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean [D], at most `size` principal directions [P, D] and their singular values [P] of points [n, D].

    Directions in which the points do not vary beyond rounding are left out.
    """
    projected, mean, components = fit_pca(points, min(size, *points.shape), seed)
    scales = np.linalg.norm(projected.astype(np.float64), axis=0)
    kept = scales > 1e-4 * max(scales.max(), np.finfo(np.float32).tiny)
    return mean, components[kept], scales[kept]
