"""ConMH: contrastive masked autoencoders for self-supervised video hashing (AAAI 2023).

The defaults are the recipe of the authors' code with its obvious bugs fixed; config/departures/conmh.yaml lists them.

Glossary (symbol -> name here)

    F                 feats                     frame features, [B, T, D]
    rho               mask_ratio                share of frames masked in a view: M = floor(rho T) of T; V are visible
    encoder, decoder  encoder, decoder          pre-norm Transformers; the encoder reads visible frames only
    b_t               frame_codes               binarised LayerNorm(Linear(.)) of each frame, [B, V, K] in {-1, +1}
    [MASK]            mask_token                learnable vector in place of every hidden frame, [decoder width]
    F^                head(decode(.))           reconstruction of the hidden frames, [B, M, D]
    t, tau+           temperature, tau_plus     of the contrastive loss between the views' mean codes, [B, K] each
    L_rec, L_con      reconstruction, contrast  reconstruction is the sum over both views
    L                 total                     L_rec + a L_con, where a is `Loss.contrast`
    b                 encode(.)                 video code: sign of the mean of b_t over all T frames, [B, K]

Both masked views pass through the network as one batch of 2B; the first B rows are view 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from s5vh.methods.conmh.settings import Settings
from s5vh.methods.contract import Batch, Shape, TrainedMethod
from s5vh.nn.attention import TransformerStack
from s5vh.nn.contrast import debiased_contrastive_loss
from s5vh.nn.hash_layer import HashLayer, video_code
from s5vh.nn.layers import xavier_linear
from s5vh.nn.masks import check_mask_ratio, embed_visible, frame_numbers, two_views, with_blanks
from s5vh.nn.positions import positions_for, sinusoidal_positions
from s5vh.nn.reconstruction import reconstruction_loss

MASK_TOKEN_STD = 0.02


class ConMH(TrainedMethod):
    """The network with its losses; `encode` also accepts lengths other than T.

    Args: as for `TrainedMethod`; `prepared` is unused.

    Raises:
        UserError: the mask ratio masks no frame, so there is nothing to reconstruct.
    """

    minimum_batch_size = 2  # a single video has no negatives

    def __init__(self, settings: Settings, shape: Shape, prepared: Mapping[str, Path]):
        super().__init__(settings, shape, prepared)
        frames, feature_size, bits = shape
        size, self.loss_options, self.mask_ratio = settings.model, settings.loss, settings.training.mask_ratio
        self.frames = frames
        if self.loss_options.reconstruction > 0:
            check_mask_ratio(frames, self.mask_ratio)
        self.embed = nn.Linear(feature_size, size.width)
        self.encoder = TransformerStack(
            size.width, size.depth, heads=size.heads, head_size=size.width // size.heads, mlp_ratio=size.mlp_ratio
        )
        self.encoder_head = nn.Linear(size.width, size.width)
        self.hash = HashLayer(size.width, bits, frames="binary", norm=True)
        self.hash_to_decoder = nn.Linear(bits, size.decoder_width, bias=False)
        self.mask_token = nn.Parameter(torch.empty(size.decoder_width))
        self.decoder = TransformerStack(
            size.decoder_width,
            size.decoder_depth,
            heads=size.decoder_heads,
            head_size=size.decoder_width // size.decoder_heads,
            mlp_ratio=size.mlp_ratio,
        )
        self.head = nn.Linear(size.decoder_width, feature_size)
        for part in (self.embed, self.encoder, self.encoder_head, self.decoder, self.head):
            part.apply(xavier_linear)
        cutoff = size.mask_token_cutoff * MASK_TOKEN_STD
        nn.init.trunc_normal_(self.mask_token, std=MASK_TOKEN_STD, a=-cutoff, b=cutoff)
        self.register_buffer("positions", sinusoidal_positions(frames, size.width), persistent=False)
        self.register_buffer("decoder_positions", sinusoidal_positions(frames, size.decoder_width), persistent=False)

    def frame_codes(self, embeddings: Tensor) -> Tensor:
        """Apply encoder and hash layer: embeddings with positions, [B, V, width], to [B, V, K] in {-1, +1}."""
        return self.hash(self.encoder_head(self.encoder(embeddings)))

    def encode(self, feats: Tensor) -> Tensor:
        """Encode unmasked videos: [B, T, D] to [B, K] in {-1, +1}."""
        positions = positions_for(feats.shape[1], self.positions)
        return video_code(self.frame_codes(self.embed(feats) + positions))

    def decode(self, frame_codes: Tensor, visible: Tensor, hidden: Tensor) -> Tensor:
        """Decode the hidden frames from the visible frames' codes and [MASK] for every hidden one.

        Args:
            frame_codes: [B, V, K]; visible: frame indices [B, V]; hidden: frame indices [B, M].

        Returns:
            decoder outputs [B, M, decoder width], which `head` maps to features.
        """
        seen = self.hash_to_decoder(frame_codes) + self.decoder_positions[visible]
        blank = self.mask_token + self.decoder_positions
        return self.decoder(with_blanks(seen, blank, visible, hidden, "visible_first"), last=hidden.shape[1])

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """`total`, `reconstruction` (the sum over both views) and `contrast`; terms with weight 0 are omitted."""
        feats, options = batch.feats[0], self.loss_options
        views = two_views(len(feats), self.frames, self.mask_ratio, batch.generator)
        visible, hidden = (index.to(feats.device, non_blocking=True).flatten(0, 1) for index in views)
        frame_codes = self.frame_codes(embed_visible(self.embed, self.positions, feats, visible)).to(feats.dtype)
        terms = {}
        total = feats.new_zeros(())
        if options.reconstruction > 0:
            decoded = self.decode(frame_codes, visible, hidden)
            frames, places = feats.flatten(0, 1), frame_numbers(hidden, *feats.shape[:2])
            mean_of_views = reconstruction_loss(decoded.flatten(0, 1), self.head, frames, places)
            terms["reconstruction"] = 2 * mean_of_views
            total = total + options.reconstruction * terms["reconstruction"]
        if options.contrast > 0:
            with torch.autocast(feats.device.type, enabled=False):  # never compare codes in half precision
                pair = frame_codes.mean(dim=1).chunk(2)
                terms["contrast"] = debiased_contrastive_loss(*pair, options.temperature, options.tau_plus)
            total = total + options.contrast * terms["contrast"]
        return {"total": total} | terms
