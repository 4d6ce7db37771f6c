"""Masked autoencoder that ConMH and AutoSSVH train: Transformers over frames, with a hash layer between them.

B videos, T frames, V of them visible and M hidden, D feature dimension, K bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from s5vh.config.training import TrainingConfig
from s5vh.methods.contract import Shape, TrainedMethod
from s5vh.methods.settings import TrainedSettings
from s5vh.nn.attention import TransformerStack
from s5vh.nn.hash_layer import HashLayer, video_code
from s5vh.nn.layers import xavier_linear
from s5vh.nn.masks import check_mask_ratio, frame_numbers, with_blanks
from s5vh.nn.positions import positions_for, sinusoidal_positions
from s5vh.nn.reconstruction import reconstruction_loss

MASK_TOKEN_STD = 0.02


class Sizes(Protocol):
    """The settings `model` of a method; heads have floor(width / heads) channels."""

    width: int
    depth: int
    heads: int
    decoder_width: int
    decoder_depth: int
    decoder_heads: int
    mlp_ratio: int
    mask_token_cutoff: float  # in standard deviations


class MaskedTransformer(TrainedMethod):
    """The layers, and what is done with them; `encode` also accepts lengths other than T.

    Args:
        settings, shape, prepared: as for `TrainedMethod`.
        frames, norm: kind of frame hashes, see `HashLayer`.
        learned_positions: the decoder's positions are parameters that start at 0, instead of a sinusoid.

    Raises:
        UserError: the mask ratio masks no frame, so there is nothing to reconstruct.
    """

    minimum_batch_size = 2  # a single video has no negatives

    def __init__(
        self,
        settings: TrainedSettings,
        shape: Shape,
        prepared: Mapping[str, Path],
        *,
        frames: str,
        norm: bool,
        learned_positions: bool,
    ):
        super().__init__(settings, shape, prepared)
        size: Sizes = settings.model
        training: TrainingConfig = settings.training
        self.mask_ratio = training.mask_ratio
        if settings.loss.reconstruction > 0:
            check_mask_ratio(shape.frames, self.mask_ratio)
        self.embed = nn.Linear(shape.feature_size, size.width)
        self.encoder = TransformerStack(
            size.width, size.depth, heads=size.heads, head_size=size.width // size.heads, mlp_ratio=size.mlp_ratio
        )
        self.encoder_head = nn.Linear(size.width, size.width)
        self.hash = HashLayer(size.width, shape.bits, frames=frames, norm=norm)
        self.hash_to_decoder = nn.Linear(shape.bits, size.decoder_width, bias=False)
        self.mask_token = nn.Parameter(torch.empty(size.decoder_width))
        self.decoder = TransformerStack(
            size.decoder_width,
            size.decoder_depth,
            heads=size.decoder_heads,
            head_size=size.decoder_width // size.decoder_heads,
            mlp_ratio=size.mlp_ratio,
        )
        self.head = nn.Linear(size.decoder_width, shape.feature_size)
        for part in (self.embed, self.encoder, self.encoder_head, self.decoder, self.head):
            part.apply(xavier_linear)
        cutoff = size.mask_token_cutoff * MASK_TOKEN_STD
        nn.init.trunc_normal_(self.mask_token, std=MASK_TOKEN_STD, a=-cutoff, b=cutoff)
        self.register_buffer("positions", sinusoidal_positions(shape.frames, size.width), persistent=False)
        if learned_positions:
            self.decoder_positions = nn.Parameter(torch.zeros(shape.frames, size.decoder_width))
        else:
            table = sinusoidal_positions(shape.frames, size.decoder_width)
            self.register_buffer("decoder_positions", table, persistent=False)

    def embeddings(self, embedded: Tensor) -> Tensor:
        """Apply the encoder: embedded frames with positions, [B, V, width], to [B, V, width]."""
        return self.encoder_head(self.encoder(embedded))

    def frame_hashes(self, embedded: Tensor) -> Tensor:
        """Apply encoder and hash layer: embedded frames with positions, [B, V, width], to [B, V, K]."""
        return self.hash(self.embeddings(embedded))

    def embedded(self, feats: Tensor) -> Tensor:
        """Unmasked videos as input of the encoder: [B, T, D] to [B, T, width]."""
        return self.embed(feats) + positions_for(feats.shape[1], self.positions)

    def encode(self, feats: Tensor) -> Tensor:
        """Encode unmasked videos: [B, T, D] to [B, K] in {-1, +1}."""
        return video_code(self.frame_hashes(self.embedded(feats)))

    def decode(self, hashes: Tensor, visible: Tensor, hidden: Tensor) -> Tensor:
        """Decode the hidden frames from the visible frames' hashes and [MASK] for every hidden one.

        Args:
            hashes: [B, V, K]; visible: frame indices [B, V]; hidden: frame indices [B, M].

        Returns:
            decoder outputs [B, M, decoder width], which `head` maps to features.
        """
        seen = self.hash_to_decoder(hashes) + self.decoder_positions[visible]
        blank = self.mask_token + self.decoder_positions
        return self.decoder(with_blanks(seen, blank, visible, hidden, "visible_first"), last=hidden.shape[1])

    def reconstruction(self, decoded: Tensor, feats: Tensor, hidden: Tensor) -> Tensor:
        """Mean squared errors of both views' hidden frames, added up.

        Args:
            decoded: outputs of `decode` for the views one after the other, [2B, M, decoder width].
            feats: [B, T, D]; hidden: frame indices [2B, M].
        """
        places = frame_numbers(hidden, *feats.shape[:2])
        return 2 * reconstruction_loss(decoded.flatten(0, 1), self.head, feats.flatten(0, 1), places)
