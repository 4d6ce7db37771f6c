"""MCMSH: multi-granularity contextualized and multi-structure preserved hashing (ACM Multimedia 2022).

The defaults are the paper; config/departures/mcmsh.yaml lists what the authors' code does otherwise.

Glossary (symbol -> name here)

    v_i               feats                     frame features, [B, T, D]
    MC-MLP            MCMLP                     the network, in `mixing.py`; e_t are its outputs, [B, T, width]
    h~                relaxed_codes             relaxed code, tanh(mean over t of Linear(e_t)), [B, K] in (-1, 1)
    b                 encode(.)                 code, sign(h~), [B, K]
    u_i               targets                   centroid of the cluster of video i, [width]
    S, s_ij           graph, signs              1 for similar, -1 for dissimilar videos; see `semantics.anchor_graph`
    p, n, n'          similar, dissimilar       a video similar to i, and two dissimilar to i (and to each other)
    L_clu             cluster                   squared distance of the mean of e_t to u_i
    L_sim             similarity                squared error of h~_i . h~_j / K as a prediction of s_ij
    -                 quantisation              squared distance of h~ to b
    L_quad            quadruplet                hinges of squared distances, margins K/4 and K/64
    L                 total                     their weighted sum

A batch has the groups [i, p, n, n'], or [i, j, p, n, n'] with sampled partners j. They pass through the network
together; batch norms keep the groups apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.contract import Batch, Shape, TrainedMethod, Videos
from s5vh.methods.mcmsh.mixing import MCMLP
from s5vh.methods.mcmsh.settings import Settings
from s5vh.methods.mcmsh.structure import read_structure
from s5vh.nn.corruption import FrameCorruption
from s5vh.nn.hash_layer import sign_straight_through
from s5vh.semantics.anchor_graph import DISSIMILAR, SIMILAR

DISTANCE_EPS = 1e-6  # added to every difference in the distances of the quadruplet loss
IN_PLACE_WORKERS = 1  # loader processes of the released code


class MCMSH(TrainedMethod):
    """The network with its losses.

    Args: as for `TrainedMethod`; `prepared` has the clusters of the training videos under "semantics".
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        self.settings, self.loss_options = settings, settings.loss
        self.minimum_batch_size = 2 if settings.model.gate_norm else 1  # one video has no variance in a long gate
        self.mc_mlp = MCMLP(settings.model, shape.frames, shape.feature_size)
        self.hash = nn.Linear(settings.model.width, shape.bits)
        self.register_buffer("alpha", torch.ones(()))
        self.register_buffer("targets", None, persistent=False)
        self._semantics = prepared.get("semantics")
        self._graph = self._corruption = None

    def relaxed_codes(self, embeddings: Tensor, alpha: Tensor | float | None = None) -> Tensor:
        """Relaxed codes h~ of videos: e_t, [B, T, width], to [B, K] in (-1, 1); `alpha` defaults to the epoch's."""
        logits = self.hash(embeddings).float() * (self.alpha if alpha is None else alpha)
        if self.settings.model.relaxation == "tanh_of_mean":
            return logits.mean(dim=1).tanh()
        return logits.tanh().mean(dim=1)

    def encode(self, feats: Tensor) -> Tensor:
        """Encode videos: [B, T, D] to [B, K] in {-1, +1}."""
        return sign_straight_through(self.relaxed_codes(self.mc_mlp(feats), self.settings.model.encoding_alpha))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `cluster`, `similarity`, `quantisation` and `quadruplet`, whatever their weights."""
        index, options = batch.index, self.loss_options
        embeddings = self._embeddings(batch)  # [G, B, T, width]
        codes = self.relaxed_codes(embeddings.flatten(0, 1)).view(*index.shape, -1)
        anchored = 2 if options.similarity_pairs == "sampled" else 1  # groups with targets: i, and j if sampled
        with torch.autocast(codes.device.type, enabled=False):  # never compare codes in half precision
            means = embeddings[:anchored].float().mean(dim=2)
            targets = self.targets[index[:anchored].to(self.targets.device)]
            terms = {
                "cluster": squared_error(means, targets, options.cluster_reduction),
                "similarity": self._similarity(codes, index),
                "quantisation": self._quantisation(codes[:anchored]),
                "quadruplet": quadruplet_loss(codes[0], *codes[anchored:]),
            }
        weights = {name: getattr(options, name) for name in terms}
        return {"total": sum(weight * terms[name] for name, weight in weights.items())} | terms

    def _embeddings(self, batch: Batch) -> Tensor:
        """e_t of all groups, [G, B, T, width]."""
        if self._corruption is None:
            embedded = self.mc_mlp.embed(batch.feats)
        else:
            corrupted = self._corruption.read(batch.index, batch.generator, groups=2, keep_edits=self.training)
            embedded = corrupted.embedded(self.mc_mlp.embed, batch.feats)
        mixed = self.mc_mlp.mix(embedded.flatten(0, 1), groups=len(embedded))
        return mixed.view(embedded.shape)

    def _similarity(self, codes: Tensor, index: Tensor) -> Tensor:
        """L_sim of relaxed codes [G, B, K] of the videos `index` [G, B]."""
        if self.loss_options.similarity_pairs == "sampled":
            kinds = self._graph.code(index[0], index[1])
            signs = torch.where(kinds == SIMILAR, 1.0, -1.0).to(codes.device)
            return ((codes[0] * codes[1]).mean(dim=1) - signs).square().mean()
        kinds = self._graph.code(index[0][:, None], index[0][None])
        first, second = ((kinds == SIMILAR) | (kinds == DISSIMILAR)).nonzero().unbind(dim=1)
        signs = torch.where(kinds[first, second] == SIMILAR, 1.0, -1.0).to(codes.device)
        products = (codes[0] @ codes[0].t() / codes.shape[2])[first.to(codes.device), second.to(codes.device)]
        return (products - signs).square().sum() / index.shape[1]

    def _quantisation(self, codes: Tensor) -> Tensor:
        """Squared distance of relaxed codes [groups, B, K] to their signs."""
        signs = sign_straight_through(codes)
        if self.loss_options.quantisation_target == "detached":
            signs = signs.detach()
        return squared_error(codes, signs, self.loss_options.quantisation_reduction)

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        structure = read_structure(self._semantics, self.settings, len(videos), rows)
        self._graph = structure.graph
        self.targets = structure.targets.to(videos.device)
        if self.settings.training.corruption != "none":
            workers = IN_PLACE_WORKERS if self.settings.training.corruption == "in_place" else None
            self._corruption = FrameCorruption(videos, rows, workers=workers)

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        if self.settings.model.alpha == "growing":
            self.alpha.fill_(math.sqrt(epoch + 1))
        if self._corruption is not None:
            self._corruption.begin_epoch()

    def partners(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """[i, p, n, n'], or [i, j, p, n, n'], int64 [4 or 5, B]."""
        graph, groups = self._graph, [index]
        if self.loss_options.similarity_pairs == "sampled":
            heads = torch.rand(len(index), generator=generator) < 0.5
            groups.append(torch.where(heads, graph.similar(index, generator), graph.dissimilar(index, generator)))
        groups.append(graph.similar(index, generator))
        first, second = graph.dissimilar(index.expand(2, -1), generator)
        again = graph.code(first, second) == SIMILAR
        second[again] = graph.dissimilar(index[again], generator)  # once only, as released
        return torch.stack([*groups, first, second])

    def facts(self) -> dict[str, Any]:
        return {"alpha": float(self.alpha)} if self.settings.model.alpha == "growing" else {}


def squared_error(values: Tensor, targets: Tensor, reduction: str) -> Tensor:
    """Squared error of [groups, B, size], summed over groups, averaged over B, and summed or averaged over `size`."""
    errors = (values - targets).square().sum() / values.shape[1]
    return errors / values.shape[2] if reduction == "mean" else errors


def quadruplet_loss(codes: Tensor, similar: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """L_quad of relaxed codes, [B, K] each: of videos, similar ones, and two dissimilar ones."""
    bits = codes.shape[1]
    near = _distances(codes, similar)
    hinges = F.relu(bits / 4 + near - _distances(codes, first)) + F.relu(bits / 64 + near - _distances(first, second))
    return hinges.mean()


def _distances(one: Tensor, other: Tensor) -> Tensor:
    return (one - other + DISTANCE_EPS).square().sum(dim=1)
