"""S5VH: self-supervised video hashing with selective state spaces (AAAI 2025), as the paper has it.

Glossary (paper -> names here)

    x_1 .. x_T          feats               frame features, [B, T, D]
    E                   embed + positions   frame embeddings, [B, T, width]
    encoder, decoder    encoder, decoder    stacks of bidirectional Mamba layers (equations 5 to 8)
    H                   frame_hashes        tanh(Linear(.)) of each frame, [B, T, K]
    b                   code                sign of the mean of H over frames, [B, K]
    [MASK]              mask_token          learnable K-vector in the place of every hidden frame
    Phi                 centers             fixed hash centers, [C, K]
    TR, CL, CA          reconstruction, contrast, alignment    (equations 19 to 21)
    L                   total               1/2 (TR1 + TR2) + alpha CL + beta/2 (CA1 + CA2)    (equation 22)

Both masked views go through the network as one batch of 2B; the first B rows are view 1.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s5vh.config.method import S5VHMethod
from s5vh.errors import UserError
from s5vh.methods.losses import alignment_loss, contrastive_loss, reconstruction_loss
from s5vh.nn.hash_layer import HashLayer, video_code
from s5vh.nn.mamba import BidirectionalStack
from s5vh.nn.masks import frame_numbers, frames_at, two_views, visible_count
from s5vh.nn.positions import sinusoidal_positions


class S5VH(nn.Module):
    """The network with its losses.

    Args:
        method: settings, see `S5VHMethod`.
        frames: T of the training videos; `encode` also takes other lengths.
        feature_size: D.
        bits: K.
        centers: hash centers, [C, K] in {-1, +1}; None if the alignment has no weight.

    Raises:
        UserError: the mask ratio hides no frame, so there is nothing to reconstruct.
    """

    def __init__(self, method: S5VHMethod, *, frames: int, feature_size: int, bits: int, centers: Tensor | None = None):
        super().__init__()
        size, self.loss_options, self.mask_ratio = method.model, method.loss, method.training.mask_ratio
        self.frames, self.decoder_width = frames, size.decoder_width
        if self.loss_options.reconstruction > 0 and visible_count(frames, self.mask_ratio) == frames:
            raise UserError(
                f"training.mask_ratio {self.mask_ratio} hides none of {frames} frames; raise it, or set "
                "loss.reconstruction to 0"
            )
        mamba = {
            "d_state": size.d_state,
            "d_conv": size.d_conv,
            "expand": size.expand,
            "directions": size.directions,
            "norms": size.norms,
        }
        self.embed = nn.Linear(feature_size, size.width)
        self.encoder = BidirectionalStack(size.width, size.depth, drop_path=size.drop_path, **mamba)
        self.hash = HashLayer(size.width, bits)
        self.mask_token = nn.Parameter(torch.randn(bits) * 0.02)
        self.hash_to_decoder = nn.Linear(bits, size.decoder_width)
        self.decoder = BidirectionalStack(size.decoder_width, size.decoder_depth, **mamba)
        self.head = nn.Linear(size.decoder_width, feature_size)
        self.register_buffer("positions", sinusoidal_positions(frames, size.width), persistent=False)
        self.register_buffer("decoder_positions", sinusoidal_positions(frames, size.decoder_width), persistent=False)
        self.register_buffer("centers", None if centers is None else centers.float(), persistent=False)

    def frame_hashes(self, embeddings: Tensor) -> Tensor:
        """Encoder and hash layer: [B, T, width] to [B, T, K]."""
        return self.hash(self.encoder(embeddings))

    def encode(self, feats: Tensor) -> Tensor:
        """Codes of whole videos: [B, T, D] to [B, K] in {-1, +1}."""
        length = feats.shape[1]
        positions = self.positions
        if length != self.frames:
            positions = sinusoidal_positions(length, positions.shape[1]).to(positions)
        return video_code(self.frame_hashes(self.embed(feats) + positions))

    def decode(self, hashes: Tensor, visible: Tensor, hidden: Tensor) -> Tensor:
        """Decoder outputs at the hidden frames, from the visible frames' hash vectors and [MASK] in the other places.

        Args:
            hashes: [B, V, K]; visible: frame indices [B, V]; hidden: frame indices [B, M].

        Returns:
            [B, M, decoder width]; `head` makes features of it.
        """
        seen = self.hash_to_decoder(hashes) + self.decoder_positions[visible]
        blank = self.hash_to_decoder(self.mask_token) + self.decoder_positions
        return self.decoder.at_hidden(seen, blank, visible, hidden)

    def loss(self, feats: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Training losses of a batch.

        Args:
            feats: [B, T, D].
            labels: pseudo-labels, int64 [B]; None if the alignment has no weight.
            generator: source of the masks.

        Returns:
            Scalars `total`, `reconstruction`, `contrast` and `alignment`; a term whose weight is 0 is left out.
        """
        options = self.loss_options
        views = two_views(len(feats), self.frames, self.mask_ratio, generator)
        visible, hidden = (index.to(feats.device, non_blocking=True).flatten(0, 1) for index in views)
        hashes = self.frame_hashes(self._embed_visible(feats, visible)).to(feats.dtype)
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
        with torch.autocast(feats.device.type, enabled=False):  # codes and their losses are never in half precision
            if options.alpha > 0:
                contrasted = codes if options.contrast_on == "codes" else hashes.mean(dim=1)
                terms["contrast"] = contrastive_loss(*contrasted.chunk(2), options.contrast_temperature)
                total = total + options.alpha * terms["contrast"]
            if options.beta > 0:
                temperature = options.alignment_temperature
                terms["alignment"] = alignment_loss(codes, self.centers, labels.repeat(2), temperature)
                total = total + options.beta * terms["alignment"]
        return {"total": total} | terms

    def _embed_visible(self, feats: Tensor, visible: Tensor) -> Tensor:
        """Embeddings of both views' visible frames, [2B, V, width]; no frame is embedded twice."""
        if 2 * visible.shape[1] <= self.frames:  # then the views share no frame
            embeddings = self.embed(frames_at(feats, visible))
        else:
            embeddings = frames_at(self.embed(feats), visible)
        return embeddings + self.positions[visible]
