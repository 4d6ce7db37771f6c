"""AutoSSVH: automated frame sampling for efficient self-supervised video hashing (CVPR 2025).

The defaults are the paper's; options described "as released" reproduce the authors' code; all of them are set in
config/methods/autossvh-released.yaml. The paper's equations were not available, only its text; what they leave open is
decided in `settings.py`.

Glossary (symbol -> name here)

    F                 feats                     frame features, [B, T, D]
    x                 embedded                  frame embeddings with positions, [B, T, width]
    rho               mask_ratio                share of frames hidden from a view: M = floor(rho T) of T; V are visible
    s                 sampler.scores            scores of frames, sigmoid of Grade-Net, [B, T]
    eta, g, tau       Sampler.noise, gumbel_noise, Sampler.temperature    of the Gumbel softmax over scores
    m, r              top_k_mask, Choice.gate   chosen frames, with straight-through gradient
    GRL               scale_gradient            identity forward, gradient times -1 backward: theta_s ascends the total
                                                loss, theta_h descends it
    h_t               frame_hashes              tanh(Linear(.)) of each frame, [B, V, K]
    b                 video_code, encode(.)     sign of the mean of h_t over frames, straight-through, [B, K]
    c                 voted, Clustering         component voting over the codes of a cluster, [C, K]
    L_FR              reconstruction            squared error of the hidden frames, sum over both views
    L_VC, alpha       contrast                  contrast of the two views, and `Loss.contrast`
    L_P2Set, beta     prototypes                codes against voted prototypes of M clusterings, and `Loss.prototypes`
    L                 total                     L_FR + alpha L_VC + beta L_P2Set

The layers are those of `MaskedTransformer`, the samplers are in `samplers.py`, clusters and P2Set in `prototypes.py`.
Both views pass through the network as one batch of 2B; the first B rows are view 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from s5vh.base.errors import UserError
from s5vh.methods.autossvh.prototypes import Clustering, cluster_videos, prototype_loss
from s5vh.methods.autossvh.samplers import AdaMAELike, Choice, make_sampler
from s5vh.methods.autossvh.settings import Settings
from s5vh.methods.contract import Batch, Shape, Videos
from s5vh.methods.masked_transformer import MaskedTransformer
from s5vh.nn.contrast import contrastive_loss, debiased_contrastive_loss
from s5vh.nn.hash_layer import video_code
from s5vh.nn.layers import xavier_linear
from s5vh.nn.masks import embed_visible, frames_at, two_views, visible_count

_BATCH = 256  # videos encoded at once for clustering


class AutoSSVH(MaskedTransformer):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args: as for `TrainedMethod`; `prepared` is unused.

    Raises:
        UserError: the mask ratio masks no frame, so there is nothing to reconstruct.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        size = settings.model
        super().__init__(
            settings, shape, prepared, frames=size.frame_hashes, norm=size.hash_norm, learned_positions=True
        )
        self.loss_options, self.cluster_options = settings.loss, settings.prototypes
        self.input_dropout = size.input_dropout
        self.sampler = make_sampler(settings.sampler, size.width, size.heads)
        if self.sampler is not None:
            self.sampler.apply(xavier_linear)
        self.clusterings: list[Clustering] = []
        self._rows = torch.empty(0, dtype=torch.int64)

    def views(self, feats: Tensor, generator: torch.Generator) -> tuple[Tensor, Choice]:
        """Choose the frames of both views: the encoder's input [2B, V, width], and the choice.

        The sampler sees embeddings without their gradient, so it is all that descends or ascends through the gate.
        """
        seen = F.dropout(feats, self.input_dropout, self.training)
        if self.sampler is None:
            drawn = two_views(*feats.shape[:2], self.mask_ratio, generator)
            choice = Choice(*(index.to(feats.device, non_blocking=True) for index in drawn))
            return embed_visible(self.embed, self.positions, seen, choice.visible.flatten(0, 1)), choice
        embedded = self.embedded(seen)
        count = visible_count(feats.shape[1], self.mask_ratio)
        choice = self.sampler(embedded.detach(), self.encoder, count, generator)
        chosen = frames_at(embedded, choice.visible.flatten(0, 1))
        return chosen if choice.gate is None else chosen * choice.gate.flatten(0, 1)[..., None], choice

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction` (the sum over both views), `contrast`, `prototypes` (0 during warm-up) and, for the
        AdaMAE-like sampler, its own loss `sampler`; terms with weight 0 are omitted."""
        feats, options = batch.feats[0], self.loss_options
        chosen, choice = self.views(feats, batch.generator)
        visible, hidden = choice.visible.flatten(0, 1), choice.hidden.flatten(0, 1)
        hashes = self.frame_hashes(chosen).to(feats.dtype)
        terms = {}
        total = feats.new_zeros(())
        if options.reconstruction > 0:
            decoded = self.decode(hashes, visible, hidden)
            terms["reconstruction"] = self.reconstruction(decoded, feats, hidden)
            total = total + options.reconstruction * terms["reconstruction"]
            if isinstance(self.sampler, AdaMAELike):
                terms["sampler"] = self.sampler.loss(choice, self._errors(decoded, feats, hidden))
                total = total + terms["sampler"]
        with torch.autocast(feats.device.type, enabled=False):  # never compare codes in half precision
            compared = video_code(hashes) if options.compared == "codes" else hashes.mean(dim=1)
            first, second = compared.chunk(2)
            if options.contrast > 0:
                if options.contrast_kind == "debiased":
                    terms["contrast"] = debiased_contrastive_loss(first, second, options.temperature, options.tau_plus)
                else:
                    terms["contrast"] = contrastive_loss(first, second, options.temperature)
                total = total + options.contrast * terms["contrast"]
            if options.prototypes > 0:
                terms["prototypes"] = feats.new_zeros(())
                if self.clusterings:
                    terms["prototypes"] = prototype_loss(
                        (first, second),
                        batch.index[0],
                        self.clusterings,
                        self.cluster_options.negatives,
                        batch.generator,
                    )
                total = total + options.prototypes * terms["prototypes"]
        return {"total": total} | terms

    @torch.no_grad()
    def _errors(self, decoded: Tensor, feats: Tensor, hidden: Tensor) -> Tensor:
        """Mean squared error of each hidden frame, [2, B, M]."""
        targets = frames_at(feats, hidden)
        return (self.head(decoded) - targets).square().mean(dim=-1).view(2, -1, hidden.shape[1])

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Remember which videos form clusters.

        Raises:
            UserError: fewer training videos than clusters.
        """
        most = max(self.cluster_options.clusters)
        if self.loss_options.prototypes > 0 and most > len(rows):
            raise UserError(
                f"prototypes.clusters: {most} clusters requested for {len(rows)} training videos; "
                f"use at most {len(rows)}"
            )
        self._rows = rows

    def begin_epoch(self, epoch: int, videos: Videos) -> None:
        """Cluster the training videos with the current network, from the end of the warm-up on."""
        options = self.cluster_options
        epochs = epoch - options.warm_up
        if self.loss_options.prototypes > 0 and epochs >= 0 and epochs % options.every == 0:
            points, codes = self._encoded(videos)
            self.clusterings = cluster_videos(points, codes, self._rows.to(points.device), options)

    @torch.no_grad()
    def _encoded(self, videos: Videos) -> tuple[Tensor, Tensor]:
        """What is clustered, [N, width] or [N, K] with rows of unit length, and codes, [N, K]."""
        was_training = self.training
        self.eval()
        points, codes = [], []
        for feats in videos.in_order(_BATCH):
            embeddings = self.embeddings(self.embedded(feats))
            hashes = self.hash(embeddings)
            points.append((hashes if self.cluster_options.of == "codes" else embeddings).mean(dim=1))
            codes.append(video_code(hashes))
        self.train(was_training)
        return F.normalize(torch.cat(points), dim=1), torch.cat(codes)

    def training_state(self) -> dict[str, Any]:
        """The clusterings, which with `prototypes.every` outlive the epoch that they were found in."""
        return {"clusterings": [vars(clustering) for clustering in self.clusterings]}

    def load_training_state(self, state: dict[str, Any]) -> None:
        place = self.positions.device
        self.clusterings = [
            Clustering(saved["labels"], saved["prototypes"].to(place), saved["temperatures"].to(place))
            for saved in state["clusterings"]
        ]
