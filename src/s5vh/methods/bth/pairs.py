"""Anchors and pairs of videos, as BTH and DKPH learn from them.

A network that was trained by reconstruction only (stage 1) gives every training video a latent feature, the mean of
its frame embeddings. Anchors are the centroids of a k-means on them. Two videos are similar or dissimilar by the
anchors that they share (`s5vh.semantics.anchor_graph`). In stage 2, every video is seen with a partner that is a
similar one with probability 1/2, and a dissimilar one otherwise.

G videos per group (2 in stage 2, 1 in stage 1), B batch size, T frames, D feature dimension, N training videos.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.methods.bth.settings import Anchors, PairedSettings
from s5vh.methods.contract import Shape, TrainedMethod, Videos
from s5vh.methods.model_file import StoredModel, read_model, restore_network
from s5vh.nn.bert import BertEncoder
from s5vh.nn.corruption import CorruptedFrames, FrameCorruption
from s5vh.nn.reconstruction import reconstruction_loss
from s5vh.semantics.anchor_graph import SIMILAR, AnchorGraph
from s5vh.semantics.clustering import kmeans_centroids
from s5vh.semantics.released_clustering import lloyd_centroids

_READ_AT_ONCE = 256  # videos
_RESTARTS, _MAX_ITERATIONS = 1, 100  # of the k-means


@dataclass(frozen=True)
class AnchoredVideos:
    """The training videos and their anchors.

    Attributes:
        anchors: float32 [M, width], on the device of the network.
        graph: tells which pairs are similar and draws partners.
    """

    anchors: Tensor
    graph: AnchorGraph

    def nearest(self, index: Tensor) -> Tensor:
        """The nearest anchor of each video: int64 [...] to float32 [..., width]."""
        numbers = torch.from_numpy(self.graph.nearest[:, 0])[index]
        return F.embedding(numbers.to(self.anchors.device), self.anchors)

    def partners(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """A similar video with probability 1/2, otherwise a dissimilar one, for each of `index` [B]."""
        similar = torch.rand(len(index), generator=generator) < 0.5
        partners = torch.empty_like(index)
        partners[similar] = self.graph.similar(index[similar], generator)
        partners[~similar] = self.graph.dissimilar(index[~similar], generator)
        return partners

    def signs(self, index: Tensor) -> Tensor:
        """s_ij of pairs [2, B]: +1 if they are similar, else -1, float32 [B] on the device of the network."""
        similar = self.graph.code(*index) == SIMILAR
        return torch.where(similar, 1.0, -1.0).to(self.anchors.device)


class PairedMethod(TrainedMethod):
    """Corruption of frames, anchors and partners, shared by BTH and DKPH.

    Subclasses have an `encoder` and a linear `decoder`.

    Attributes:
        corruption: set when training begins.
        anchored: set when the first epoch begins, or from a checkpoint; None in stage 1.

    Args: as for `TrainedMethod`; `prepared` has the model of `stage1` if the settings use pairs.

    Raises:
        UserError: the model of stage 1 has no frame embeddings, or embeddings of another width or for other features.
    """

    encoder: BertEncoder
    decoder: torch.nn.Linear

    def __init__(self, settings: PairedSettings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        size = settings.model
        self.encoder = BertEncoder(
            shape.frames, shape.feature_size, width=size.width, hidden=size.hidden, dropout=size.dropout
        )
        self.corruption: FrameCorruption | None = None
        self.anchored: AnchoredVideos | None = None
        self._settings, self._rows = settings, torch.empty(0, dtype=torch.int64)
        self._stage1 = prepared.get("stage1")
        if self._stage1 is not None:
            _check_stage1(self._stage1, shape, size.width)

    def latents(self, feats: Tensor) -> Tensor:
        """Means of the frame embeddings, float32 [B, T, D] to [B, width]."""
        return self.encoder(feats).mean(dim=1)

    def read(self, index: Tensor, generator: torch.Generator) -> CorruptedFrames:
        """Corrupt the videos of a batch [G, B]; in eval mode without effect on later batches."""
        return self.corruption.read(index, generator, keep_edits=self.training)

    def cloze_loss(self, decoded: Tensor, feats: Tensor, corrupted: CorruptedFrames) -> Tensor:
        """Mean squared error of `decoder(decoded)` [G, B, T, D] over all frames, chosen for corruption or not."""
        if self._settings.loss.target == "corrupted":
            return corrupted.reconstruction_loss(decoded, self.decoder, feats)
        frames = feats.flatten(0, 2)
        places = torch.arange(len(frames), device=frames.device)
        return reconstruction_loss(decoded.flatten(0, 2), self.decoder, frames, places)

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        options = self._settings.training
        self._rows = rows
        self.corruption = FrameCorruption(videos, rows, rate=options.corruption, workers=options.loader_processes)

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        """Forget the edits in place of the last epoch; find the anchors, unless a checkpoint had them."""
        self.corruption.begin_epoch()
        if self._settings.uses_pairs and self.anchored is None:
            seed = int(torch.randint(2**31, ()))
            points = _latents(self._stage1, videos)
            anchors = find_anchors(points[self._rows], self._settings.anchors, seed)
            self._set_anchored(anchors, AnchorGraph(points, anchors, self._rows))

    def partners(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """Each video and its partner, [2, B]; [1, B] without losses of pairs."""
        if self.anchored is None:
            return index[None]
        return torch.stack([index, self.anchored.partners(index, generator)])

    def training_state(self) -> dict[str, Any]:
        """The anchors and the graph, which depend on a network's rounding and on a k-means: neither is repeated."""
        if self.anchored is None:
            return {}
        return {"anchors": self.anchored.anchors.cpu(), "graph": self.anchored.graph.state()}

    def load_training_state(self, state: dict[str, Any]) -> None:
        if state:
            self._set_anchored(state["anchors"], AnchorGraph.from_state(state["graph"], self._rows))

    def facts(self) -> dict[str, Any]:
        """The number of anchors."""
        return {} if self.anchored is None else {"anchors": len(self.anchored.anchors)}

    def _set_anchored(self, anchors: Tensor, graph: AnchorGraph) -> None:
        self.anchored = AnchoredVideos(anchors.to(self.decoder.weight.device), graph)


def find_anchors(points: Tensor, settings: Anchors, seed: int) -> Tensor:
    """Anchors of the latent features [N, width] of the training videos: float32 [M, width].

    M is `settings.count`, or less if there are few videos or if the released k-means drops clusters.
    """
    most = max(1, int(len(points) / settings.videos_per_anchor))
    count = min(settings.count, most)
    if settings.kmeans == "released":
        picks = np.random.default_rng(seed).integers(len(points), size=count)
        return torch.from_numpy(lloyd_centroids(points.numpy(), picks))
    return torch.from_numpy(kmeans_centroids(points.numpy(), count, seed, _RESTARTS, _MAX_ITERATIONS))


def _latents(stage1: Path, videos: Videos) -> Tensor:
    """Latent features of all videos by the network of stage 1, float32 [N, width] on the CPU."""
    network = restore_network(read_model(stage1)).to(videos.device)
    with torch.inference_mode():
        parts = [network.latents(feats).cpu() for feats in videos.in_order(_READ_AT_ONCE)]
    return torch.cat(parts).clone()


def _check_stage1(path: Path, shape: Shape, width: int) -> None:
    stored: StoredModel = read_model(path)
    if not isinstance(stored.cell.settings, PairedSettings):
        raise UserError(
            f"{path}: a model of '{stored.cell.method}', which has no frame embeddings; set stage1.method to a recipe "
            "that extends bth_stage1"
        )
    if stored.feature_size != shape.feature_size:
        raise UserError(
            f"{path}: for {stored.feature_size}-dimensional frame features, got {shape.feature_size} dimensions; train "
            "it again"
        )
    found = stored.cell.settings.model.width
    if found != width:
        raise UserError(
            f"{path}: frame embeddings of width {found}, expected model.width {width}; give '{stored.cell.method}' and "
            "this method the same model.width"
        )
