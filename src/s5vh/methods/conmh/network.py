"""ConMH: contrastive masked autoencoders for self-supervised video hashing (AAAI 2023).

The defaults are the recipe of the authors' code with its obvious bugs fixed; config/departures/conmh.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                     frame features, [B, T, D]
    rho               mask_ratio                share of frames masked in a view: M = floor(rho T) of T; V are visible
    encoder, decoder  encoder, decoder          pre-norm Transformers; the encoder reads visible frames only
    b_t               frame_hashes              binarised LayerNorm(Linear(.)) of each frame, [B, V, K] in {-1, +1}
    [MASK]            mask_token                learnable vector in place of every hidden frame, [decoder width]
    F^                head(decode(.))           reconstruction of the hidden frames, [B, M, D]
    t, tau+           temperature, tau_plus     of the contrastive loss between the views' mean codes, [B, K] each
    L_rec, L_con      reconstruction, contrast  reconstruction is the sum over both views
    L                 total                     L_rec + a L_con, where a is `Loss.contrast`
    b                 encode(.)                 video code: sign of the mean of b_t over all T frames, [B, K]

The layers are those of `MaskedTransformer`. Both masked views pass through the network as one batch of 2B; the first B
rows are view 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from s5vh.methods.conmh.settings import Settings
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.masked_transformer import MaskedTransformer
from s5vh.nn.contrast import debiased_contrastive_loss
from s5vh.nn.masks import embed_visible, two_views


class ConMH(MaskedTransformer):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args: as for `TrainedMethod`; `prepared` is unused.

    Raises:
        UserError: the mask ratio masks no frame, so there is nothing to reconstruct.
    """

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared, frames="binary", norm=True, learned_positions=False)
        self.loss_options = settings.loss

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction` (the sum over both views) and `contrast`; terms with weight 0 are omitted."""
        feats, options = batch.feats[0], self.loss_options
        views = two_views(*feats.shape[:2], self.mask_ratio, batch.generator)
        visible, hidden = (index.to(feats.device, non_blocking=True).flatten(0, 1) for index in views)
        frame_codes = self.frame_hashes(embed_visible(self.embed, self.positions, feats, visible)).to(feats.dtype)
        terms = {}
        total = feats.new_zeros(())
        if options.reconstruction > 0:
            terms["reconstruction"] = self.reconstruction(self.decode(frame_codes, visible, hidden), feats, hidden)
            total = total + options.reconstruction * terms["reconstruction"]
        if options.contrast > 0:
            with torch.autocast(feats.device.type, enabled=False):  # never compare codes in half precision
                pair = frame_codes.mean(dim=1).chunk(2)
                terms["contrast"] = debiased_contrastive_loss(*pair, options.temperature, options.tau_plus)
            total = total + options.contrast * terms["contrast"]
        return {"total": total} | terms
