"""DKPH: dual-stream knowledge-preserving hashing for unsupervised video retrieval (ECCV 2022).

The defaults are the recipe of the authors' code with its plain bugs mended; config/departures/dkph.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                     frame features, [G, B, T, D]; a video i and its partner j: G = 2
    E                 embeddings                output of the Transformer block for each frame, [G, B, T, width]
    b                 codes                     semantic stream: binarised Linear of all of E at once, [G, B, K] in
                                                {-1, +1}; also the video code `encode(.)`
    t_f               temporal(E)               reconstruction stream: a real vector per frame, [G, B, T, K]
    F^                decoder(b + t_f)          reconstruction of each frame, [G, B, T, D]
    s_ij              signs                     +1 if i and j are similar, -1 if not, [B]
    a                 anchored.nearest(.)       anchor next to a video in the latent space of stage 1, [width]
    L_rec             reconstruction            over all frames of both videos
    L_b               similarity                squared error of the codes' inner product / K against s_ij
    L_t               anchor, triplet           0.9 L_t = 0.9 anchor + 0.09 triplet
    L                 total                     L_rec + 0.9 L_t + 0.11 L_b

The reconstruction stream is not used for codes. Stage 1 is that of BTH.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from s5vh.methods.bth.pairs import PairedMethod
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.dkph.settings import Settings
from s5vh.nn.hash_layer import binary_straight_through

DISTANCE_OFFSET = 1e-6  # added to every difference, so that a distance of 0 has a gradient


class DKPH(PairedMethod):
    """The network with its losses.

    Args and errors: as for `PairedMethod`.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        self.loss_options = settings.loss
        width = settings.model.width
        self.hash = nn.Linear(shape.frames * width, shape.bits)
        self.temporal = nn.Linear(width, shape.bits)
        self.decoder = nn.Linear(shape.bits, shape.feature_size)

    def codes(self, embeddings: Tensor) -> Tensor:
        """Semantic stream: [..., T, width] to [..., K] in {-1, +1}."""
        return binary_straight_through(self.hash(embeddings.flatten(-2)))

    def encode(self, feats: Tensor) -> Tensor:
        """Encode uncorrupted videos of T frames: [B, T, D] to [B, K] in {-1, +1}."""
        return self.codes(self.encoder(feats))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction`, `anchor`, `triplet` and `similarity`; terms with weight 0 are omitted."""
        feats, options = batch.feats, self.loss_options
        corrupted = self.read(batch.index, batch.generator)
        embeddings = self.encoder(feats, corrupted)
        codes = self.codes(embeddings)
        terms = {}
        if options.reconstruction > 0:
            decoded = (codes[:, :, None] + self.temporal(embeddings)).to(feats.dtype)
            terms["reconstruction"] = self.cloze_loss(decoded, feats, corrupted)
        if self.anchored is not None:
            means, anchors = embeddings.to(feats.dtype).mean(dim=2), self.anchored.nearest(batch.index)
            signs = self.anchored.signs(batch.index)
            if options.anchor > 0:
                terms["anchor"] = (means - anchors).square().mean(dim=(1, 2)).sum()
            if options.triplet > 0:
                terms["triplet"] = self.triplet(means[0], anchors, signs).mean()
            if options.similarity > 0:
                first, second = codes.to(feats.dtype)
                terms["similarity"] = ((first * second).mean(dim=1) - signs).square().mean()
        total = sum((getattr(options, name) * term for name, term in terms.items()), feats.new_zeros(()))
        return {"total": total} | terms

    def triplet(self, means: Tensor, anchors: Tensor, signs: Tensor) -> Tensor:
        """Hinge of each pair, [B]: a video is nearer to its own anchor than to that of a dissimilar partner.

        Args:
            means: mean embeddings of the videos i, [B, width].
            anchors: of i and j, [2, B, width].
            signs: s_ij, [B].
        """
        dissimilar = (1 - signs) / 2
        own, other = (means - dissimilar[:, None] * anchors + DISTANCE_OFFSET).norm(dim=-1)
        hinge = (own - other + self.loss_options.margin).clamp_min(0)
        return hinge if self.loss_options.similar_triplet == "margin" else hinge * dissimilar
