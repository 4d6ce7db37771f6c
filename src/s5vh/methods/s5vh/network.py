"""S5VH: self-supervised video hashing with selective state spaces (AAAI 2025).

The defaults are the paper's; options of `Model` and `Loss` described "as released" reproduce the authors' code; all of
them are set in config/methods/s5vh-released.yaml.

Glossary (paper -> names here)

    x_1 .. x_T          feats               frame features, [B, T, D]
    E                   embed + positions   frame embeddings, [B, T, width]
    encoder, decoder    encoder, decoder    stacks of bidirectional Mamba layers (equations 5 to 8); others in Table 2
    H                   frame_hashes        tanh(Linear(.)) of each frame, [B, T, K]
    b                   code                sign of the mean of H over frames, [B, K]
    [MASK]              mask_token          learnable K-vector in place of every hidden frame
    Phi                 centers             fixed hash centers, [C, K]
    TR, CL, CA          reconstruction, contrast, alignment    (equations 19 to 21)
    L                   total               1/2 (TR1 + TR2) + alpha CL + beta/2 (CA1 + CA2)    (equation 22)

Both masked views pass through the network as one batch of 2B; the first B rows are view 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.contract import Batch, Shape, TrainedMethod, Videos
from s5vh.methods.s5vh.layers import layer_options
from s5vh.methods.s5vh.settings import Settings
from s5vh.methods.s5vh.targets import Targets, read_targets
from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.contrast import contrastive_loss, debiased_contrastive_loss
from s5vh.nn.hash_layer import HashLayer, video_code
from s5vh.nn.layers import xavier_linear
from s5vh.nn.masks import check_mask_ratio, embed_visible, frame_numbers, two_views
from s5vh.nn.positions import positions_for, sinusoidal_positions
from s5vh.nn.reconstruction import reconstruction_loss

MASK_TOKEN_STD = 0.02


class S5VH(TrainedMethod):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args: as for `TrainedMethod`. `prepared` has `semantics` (pseudo-labels) and `centers` if the settings use them.

    Raises:
        UserError: the mask ratio masks no frame, so there is nothing to reconstruct; artifacts are inconsistent.
    """

    minimum_batch_size = 2  # a single video has no negatives

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        frames, feature_size, bits = shape
        size, self.loss_options, self.mask_ratio = settings.model, settings.loss, settings.training.mask_ratio
        self.frames = frames
        if self.loss_options.reconstruction > 0:
            check_mask_ratio(frames, self.mask_ratio)
        layers = layer_options(size)
        self.embed = nn.Linear(feature_size, size.width)
        self.encoder = BidirectionalStack(size.width, size.depth, drop_path=size.drop_path, **layers)
        self.encoder_head = nn.Linear(size.width, size.width) if size.encoder_head else nn.Identity()
        self.hash = HashLayer(size.width, bits, frames=size.frame_hashes, norm=size.hash_norm)
        self.token_is_hash, self.decoder_order = size.mask_token == "hash", size.decoder_order
        self.mask_token = nn.Parameter(_first_token(bits, size.decoder_width, size.mask_token))
        self.hash_to_decoder = nn.Linear(bits, size.decoder_width, bias=self.token_is_hash)
        self.decoder = BidirectionalStack(size.decoder_width, size.decoder_depth, **layers)
        self.head = nn.Linear(size.decoder_width, feature_size)
        self.classifier = None
        if settings.needs_labels and not settings.needs_centers:
            self.classifier = nn.Linear(bits, settings.semantics.clusters, bias=False)
        if size.initialisation == "xavier":
            for part in (self.embed, self.encoder, self.encoder_head, self.decoder, self.head):
                part.apply(xavier_linear)
        self.register_buffer("positions", sinusoidal_positions(frames, size.width), persistent=False)
        self.register_buffer("decoder_positions", sinusoidal_positions(frames, size.decoder_width), persistent=False)
        targets = read_targets(settings, shape, prepared) if prepared else Targets()
        self.register_buffer("centers", targets.centers, persistent=False)
        self.register_buffer("labels", targets.labels, persistent=False)
        self._targets = targets

    def frame_hashes(self, embeddings: Tensor) -> Tensor:
        """Apply encoder and hash layer: [B, T, width] to [B, T, K]."""
        return self.hash(self.encoder_head(self.encoder(embeddings)))

    def encode(self, feats: Tensor) -> Tensor:
        """Encode unmasked videos: [B, T, D] to [B, K] in {-1, +1}."""
        positions = positions_for(feats.shape[1], self.positions)
        return video_code(self.frame_hashes(self.embed(feats) + positions))

    def decode(self, hashes: Tensor, visible: Tensor, hidden: Tensor) -> Tensor:
        """Decode the hidden frames from the visible frames' hash vectors and [MASK] in the other positions.

        Args:
            hashes: [B, V, K]; visible: frame indices [B, V]; hidden: frame indices [B, M].

        Returns:
            decoder outputs [B, M, decoder width], which `head` maps to features.
        """
        seen = self.hash_to_decoder(hashes) + self.decoder_positions[visible]
        token = self.hash_to_decoder(self.mask_token) if self.token_is_hash else self.mask_token
        return self.decoder.at_hidden(seen, token + self.decoder_positions, visible, hidden, self.decoder_order)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction`, `contrast` and `alignment`; terms with weight 0 are omitted."""
        labels = None if self.labels is None else self._labels_of(batch)
        return self.loss(batch.feats[0], labels, batch.generator)

    def loss(self, feats: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Losses of videos [B, T, D] with pseudo-labels, int64 [B] or soft [B, C], or None if there is no alignment."""
        return self.losses_from(feats, *self._views(feats, generator), *([] if labels is None else [labels]))

    def inputs(self, batch: Batch) -> tuple[Tensor, ...] | None:
        if self.loss_options.refinement > 0:  # which begins after some epochs
            return None
        targets = [] if self.labels is None else [self._labels_of(batch)]
        return (batch.feats[0], *self._views(batch.feats[0], batch.generator), *targets)

    def _views(self, feats: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Frame indices of both views, visible int64 [2B, V] and hidden [2B, M], on the device of the features."""
        views = two_views(len(feats), self.frames, self.mask_ratio, generator)
        visible, hidden = (index.to(feats.device, non_blocking=True).flatten(0, 1) for index in views)
        return visible, hidden

    def losses_from(
        self, feats: Tensor, visible: Tensor, hidden: Tensor, labels: Tensor | None = None
    ) -> dict[str, Tensor]:
        """Losses of videos [B, T, D], given the frames of both views and pseudo-labels as for `loss`."""
        options = self.loss_options
        hashes = self.frame_hashes(embed_visible(self.embed, self.positions, feats, visible)).to(feats.dtype)
        codes = video_code(hashes)
        terms = {}
        total = feats.new_zeros(())
        if options.reconstruction > 0:
            # The mean over both views' rows is 1/2 (TR1 + TR2).
            decoded = self.decode(hashes, visible, hidden)
            frames, places = feats.flatten(0, 1), frame_numbers(hidden, *feats.shape[:2])
            terms["reconstruction"] = reconstruction_loss(
                decoded.flatten(0, 1), self.head, frames, places, options.reconstruction_reduction
            )
            total = total + options.reconstruction * terms["reconstruction"]
        with torch.autocast(feats.device.type, enabled=False):  # keep codes and their losses out of half precision
            means = hashes.mean(dim=1)
            if options.alpha > 0:
                pair = (codes if options.contrast_on == "codes" else means).chunk(2)
                if options.contrast == "debiased":
                    terms["contrast"] = debiased_contrastive_loss(*pair, options.contrast_temperature, options.tau_plus)
                else:
                    directions = "sum" if options.contrast == "infonce_sum" else "mean"
                    terms["contrast"] = contrastive_loss(*pair, options.contrast_temperature, directions)
                total = total + options.alpha * terms["contrast"]
            if options.beta > 0:
                aligned = codes if options.alignment_on == "codes" else means
                # The mean over both views' rows is 1/2 (CA1 + CA2).
                targets = torch.cat([labels, labels])
                terms["alignment"] = alignment_loss(aligned, self._anchors(), targets, options.alignment_temperature)
                total = total + options.beta * terms["alignment"]
        return {"total": total} | terms

    def begin_training(self, videos: Videos, rows: Tensor) -> None:
        """Convert hard pseudo-labels to soft ones, float32 [N, C], if they are to be refined."""
        self._targets.check(len(videos))
        if self.labels is not None and self.loss_options.refinement > 0:
            self.labels = F.one_hot(self.labels, len(self._anchors())).float()

    def training_state(self) -> dict[str, Any]:
        return {"labels": self.labels}

    def load_training_state(self, state: dict[str, Any]) -> None:
        if self.labels is not None:
            self.labels = state["labels"].to(self.labels.device)

    def facts(self) -> dict[str, Any]:
        centers = self._targets.centers
        distinct = {} if centers is None else {"distinct_centers": len(centers.unique(dim=0)), "centers": len(centers)}
        return self._targets.agreement | distinct

    def _labels_of(self, batch: Batch) -> Tensor:
        """Pseudo-labels of a batch, refined first during training."""
        rows = batch.index[0].to(self.labels.device)
        if self.training:
            self.labels[rows] = self.refined_labels(batch.feats[0], self.labels[rows], batch.epoch)
        return self.labels[rows]

    @torch.no_grad()
    def refined_labels(self, feats: Tensor, labels: Tensor, epoch: int) -> Tensor:
        """A batch's pseudo-labels from this epoch (counted from 0) on.

        As released: after `refine_after` epochs, each label moves by `refinement` towards the prediction for the
        unmasked video, with stochastic depth and without the hash layer's norm.

        Args:
            feats: [B, T, D]; labels: [B] or [B, C].
        """
        rate = self.loss_options.refinement
        if rate == 0 or epoch < self.loss_options.refine_after:
            return labels
        hashes = self.hash(self.encoder_head(self.encoder(self.embed(feats) + self.positions)), normed=False)
        prediction = F.linear(hashes.mean(dim=1).to(feats.dtype), self._anchors()).softmax(dim=1)
        return (1 - rate) * labels + rate * prediction

    def _anchors(self) -> Tensor:
        """Vectors that codes are aligned with, [C, K]."""
        return self.centers if self.classifier is None else self.classifier.weight


def _first_token(bits: int, decoder_width: int, kind: str) -> Tensor:
    """[MASK] before training, [K] or [decoder_width]; see `Model.mask_token`."""
    if kind == "hash":
        return torch.randn(bits) * MASK_TOKEN_STD
    # As released: within one standard deviation of 0, which leaves a standard deviation of 0.0108.
    return nn.init.trunc_normal_(torch.empty(decoder_width), std=MASK_TOKEN_STD, a=-MASK_TOKEN_STD, b=MASK_TOKEN_STD)


def alignment_loss(codes: Tensor, centers: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of the similarities to all hash centers against the pseudo-label, equation 21.

    Args:
        codes: [B, K] in {-1, +1}.
        centers: [C, K]; in {-1, +1} and fixed, or the weights of a trained classifier.
        labels: pseudo-labels, int64 [B], or soft ones, [B, C] with rows summing to 1.
    """
    logits = codes @ centers.t() / (centers.shape[1] * temperature)
    return F.cross_entropy(logits, labels)
