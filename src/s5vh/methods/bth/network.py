"""BTH: self-supervised video hashing via bidirectional Transformers (CVPR 2021).

The defaults are the recipe of the authors' code with its plain bugs mended; config/departures/bth.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                     frame features, [G, B, T, D]; a video i and its partner j: G = 2
    h_t               embeddings                output of the Transformer block for each frame, [G, B, T, width]
    b_t               frame_codes               binarised Linear(h_t), [G, B, T, K] in {-1, +1}
    F^                decoder(b_t)              reconstruction of each frame, [G, B, T, D]
    s_ij              signs                     +1 if i and j are similar, -1 if not, [B]
    a                 anchored.nearest(.)       anchor next to a video in the latent space of stage 1, [width]
    L_mask            reconstruction            visual cloze, over all frames of both videos
    L_nei             similarity                squared error of the mean codes' inner product / K against s_ij
    L_mu              anchor                    squared distance of mean embedding and anchor / width, sum of i and j
    L                 total                     0.92 L_mask + 0.08 L_nei + 0.8 L_mu
    b                 encode(.)                 video code: sign of the mean of b_t over all frames, [B, K]

Stage 1 is the same network with L_mask only, and without partners: G = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from s5vh.methods.bth.pairs import PairedMethod
from s5vh.methods.bth.settings import Settings
from s5vh.methods.contract import Batch, Shape
from s5vh.nn.hash_layer import HashLayer, video_code


class BTH(PairedMethod):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args and errors: as for `PairedMethod`.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        self.loss_options = settings.loss
        self.hash = HashLayer(settings.model.width, shape.bits, frames="binary")
        self.decoder = nn.Linear(shape.bits, shape.feature_size)

    def encode(self, feats: Tensor) -> Tensor:
        """Encode uncorrupted videos: [B, T, D] to [B, K] in {-1, +1}."""
        return video_code(self.hash(self.encoder(feats)))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction`, `similarity` and `anchor`; terms with weight 0 are omitted."""
        feats, options = batch.feats, self.loss_options
        corrupted = self.read(batch.index, batch.generator)
        embeddings = self.encoder(feats, corrupted)
        frame_codes = self.hash(embeddings).to(feats.dtype)
        terms = {}
        if options.reconstruction > 0:
            terms["reconstruction"] = self.cloze_loss(frame_codes, feats, corrupted)
        if options.similarity > 0:
            first, second = frame_codes.mean(dim=2)
            product = (first * second).mean(dim=1)
            terms["similarity"] = (product - self.anchored.signs(batch.index)).square().mean()
        if options.anchor > 0:
            difference = embeddings.to(feats.dtype).mean(dim=2) - self.anchored.nearest(batch.index)
            terms["anchor"] = difference.square().mean(dim=(1, 2)).sum()
        total = sum((getattr(options, name) * term for name, term in terms.items()), feats.new_zeros(()))
        return {"total": total} | terms
