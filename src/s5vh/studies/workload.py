"""What the efficiency study runs: a batch of random videos is encoded, or passes through a training step.

Weights and features are random, because they do not affect the cost. What a training needs besides videos (clusters,
hash centers, neighbour graphs, the model of an earlier stage) is made from a few random videos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from s5vh.centers.centers_file import write_centers
from s5vh.centers.solve import solve
from s5vh.config.grid_cell import GridCell
from s5vh.config.semantics import ClusteringConfig, NeighboursConfig
from s5vh.config.studies import EfficiencyConfig
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Batch, Shape, TrainedMethod
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import load_method
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.methods.settings import TrainedSettings
from s5vh.semantics.neighbours import find_neighbours, write_neighbours
from s5vh.semantics.recipes import cluster_videos
from s5vh.semantics.semantics_file import read_semantics, write_semantics

Purpose = Literal["encode", "train"]
PURPOSES: tuple[Purpose, ...] = ("encode", "train")

_DATASET = "random"
_VIDEOS = 400  # of the training file, unless a method needs more
_CLUSTERS, _PCA, _SIZE = 100, 64, 96  # at most; the last is the dimension of the features that are clustered
_AT_ONCE = 5  # videos of the training file that are in memory together
_FRAMES = 211  # distinct random frames; a prime, so that videos of any length begin at different ones


class RandomVideos:
    """A training file of N videos of T frames each, made of `_FRAMES` random frames in turn, on a device.

    It is `Videos` of the contract of methods; only the batches that are asked for take memory. Whoever reads the whole
    file gets few videos at a time, whatever the batch size, so that this takes no more than a batch that is measured.
    """

    def __init__(self, frames: int, feature_size: int, device: torch.device, videos: int):
        self.shape, self.device = (videos, frames, feature_size), device
        self._frames = _random_frames(feature_size, device)

    def __len__(self) -> int:
        return self.shape[0]

    def batches(self, indices: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        for index in indices:
            frame = torch.arange(self.shape[1])
            yield index, self.frames(*torch.broadcast_tensors(index[..., None], frame))

    def in_order(self, batch_size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        rows = torch.arange(len(self)) if rows is None else rows
        for _, feats in self.batches(rows.split(min(batch_size, _AT_ONCE))):
            yield feats

    def frames(self, video: Tensor, frame: Tensor) -> Tensor:
        number = (video.cpu() * self.shape[1] + frame.cpu()) % _FRAMES
        feats = self._frames.index_select(0, number.flatten().to(self.device))
        return feats.view(*number.shape, self.shape[2])


@cache
def _random_frames(feature_size: int, device: torch.device) -> Tensor:
    return torch.randn(_FRAMES, feature_size, generator=torch.Generator().manual_seed(0)).to(device)


class Workload:
    """Encoding, or forward plus backward of a training step, of batches of videos with T frames.

    The optimizer's step is not part of it: its cost does not depend on the length. A training step is that of the
    method's last epoch, which begins with the first batch that is loaded, so what a method does before an epoch, such
    as clustering all videos, is not part of later batches.

    Args:
        name: the method.
        config: D and K are taken from here.
        purpose: "encode", or "train" for losses and gradients.
        frames: T.
        folder: files that were made by `prepare`; unused for encoding.
    """

    def __init__(self, name: str, config: EfficiencyConfig, purpose: Purpose, frames: int, folder: Path):
        self.purpose, self._shape = purpose, Shape(frames, config.feature_size, config.bits)
        method = with_few_clusters(load_method(name))
        prepared = _places(name, method, config.bits, folder) if purpose == "train" else {}
        self.network: TrainedMethod = implementation_of(method)(method, self._shape, prepared)
        self.network.train(purpose == "train")
        self._epoch, self._videos = method.training.epochs - 1, _videos(method, config.bits)
        self._source: RandomVideos | None = None
        self._feats: Tensor | None = None
        self._batch: Batch | None = None

    def load(self, videos: int, device: torch.device) -> None:
        """Put the network and a batch of this many random videos on the device."""
        self.unload()
        self.network.to(device)
        frames, feature_size, _ = self._shape
        source = RandomVideos(frames, feature_size, device, self._videos)
        index = torch.arange(videos) % len(source)
        if self.purpose == "encode":
            ((_, self._feats),) = source.batches([index])
            return
        if self._source is None:
            self._source = source
            self.network.begin_training(source, torch.arange(len(source)))
            self.network.begin_epoch(self._epoch, source)
        generator = torch.Generator().manual_seed(1)
        ((index, feats),) = self._source.batches([self.network.partners(index, generator)])
        self._batch = Batch(feats, index, self._epoch, generator)

    def run(self) -> None:
        """Encode the loaded batch, or compute its losses and add their gradients to those that there are."""
        if self.purpose == "encode":
            with torch.inference_mode():
                self.network.encode(self._feats)
            return
        with self.network.arithmetic(self._batch.feats.device):
            total = self.network.losses(self._batch)["total"]
        total.backward()

    def forget_gradients(self) -> None:
        self.network.zero_grad(set_to_none=True)

    def unload(self) -> None:
        """Free the batch, and take the network with its gradients off the device."""
        self._feats = self._batch = None
        self.network.to("cpu")


def prepare(name: str, config: EfficiencyConfig, frames: int, folder: Path) -> None:
    """Make what a training of this method requires in `folder`, from random videos of T frames.

    Models of earlier stages have random weights.
    """
    method = with_few_clusters(load_method(name))
    clusterings = {
        value.label: value
        for field in type(method).model_fields
        if isinstance(value := getattr(method, field), ClusteringConfig)
    }
    feats = np.random.default_rng(0).standard_normal((_videos(method, config.bits), 1, _SIZE), dtype=np.float32)
    for path in _places(name, method, config.bits, folder).values():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.name == "semantics":
            write_semantics(path, cluster_videos(feats, clusterings[path.stem]), {})
        elif path.parent.name == "centers":  # after the clusters, which a method names first
            clusters = folder / _DATASET / "semantics" / f"{_clustering_of(path, clusterings)}.h5"
            write_centers(path, solve(read_semantics(clusters).W, config.bits, "bernoulli"), {})
        elif path.parent.name == "neighbours":
            write_neighbours(path, find_neighbours(feats, **NeighboursConfig.from_label(path.stem).model_dump()), {})
        else:
            _save_untrained(path, config, frames, folder)


def with_few_clusters(method: TrainedSettings) -> TrainedSettings:
    """The settings with no more clusters than the random videos allow."""
    fewer: dict[str, Any] = {}
    for field in type(method).model_fields:
        value = getattr(method, field)
        if isinstance(value, ClusteringConfig):
            limits = {"clusters": min(value.clusters, _CLUSTERS), "pca": value.pca and min(value.pca, _PCA)}
            fewer[field] = value.model_copy(update=limits)
    return method.model_copy(update=fewer)


def _videos(method: TrainedSettings, bits: int) -> int:
    return max(_VIDEOS, method.minimum_videos(bits))


def _places(name: str, method: TrainedSettings, bits: int, folder: Path) -> dict[str, Path]:
    """Files that a training requires, by name, under `folder`."""
    required = method.requires(GridCell(_DATASET, name, bits, 1))
    return {key: folder.joinpath(*path.parts[path.parts.index(_DATASET) :]) for key, path in required.items()}


def _clustering_of(centers: Path, labels: Iterable[str]) -> str:
    """The clustering that a file of hash centers belongs to, from its name."""
    return max((label for label in labels if f"_{label}_k" in centers.name), key=len)


def _save_untrained(path: Path, config: EfficiencyConfig, frames: int, folder: Path) -> None:
    """The model of an earlier stage, at results/DATASET/METHOD/BITSbit/seedS/, with its initial weights."""
    name, bits = path.parents[2].name, int(path.parents[1].name.removesuffix("bit"))
    method = with_few_clusters(load_method(name))
    if method.requires(GridCell(_DATASET, name, bits, 1)):
        prepare(name, config.model_copy(update={"bits": bits}), frames, folder)
    network = implementation_of(method)(method, Shape(frames, config.feature_size, bits), {})
    arrays = {key: value.numpy() for key, value in network.state_dict().items()}
    cell = Cell(dataset=_DATASET, method=name, bits=bits, seed=1, settings=method)
    save_model(path, StoredModel(arrays, cell, frames, config.feature_size, None, {}))
