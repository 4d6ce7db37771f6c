"""BerVAE's decoder, and gradients of its expected error over random codes.

The decoder is linear and separable: frame n is reconstructed as w_n A b + d, where b is the code in {-1, +1}^K. So the
squared error of a video is quadratic in its code,

    |F|^2 - 2 d . sum_n F_n + T |d|^2  +  s b'G b - 2 q . b,
    s = sum_n w_n^2,   G = A'A,   q = A' sum_n w_n (F_n - d),

and no reconstruction is ever computed, neither for the sampled code nor for those that an estimator compares.

Shapes: B videos, T frames, D feature dimension, K bits, S pairs of codes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SeparableDecoder(nn.Module):
    """Frame n is w_n A b + d: [B, K] to [B, T, D].

    Args:
        frames: T.
        feature_size: D.
    """

    def __init__(self, bits: int, frames: int, feature_size: int):
        super().__init__()
        self.time_map = nn.Linear(1, frames, bias=False)  # w
        self.frame_map = nn.Linear(bits, feature_size)  # A and d

    def forward(self, codes: Tensor) -> Tensor:
        return self.frame_map(self.time_map(codes[..., None]).transpose(1, 2))

    def error(self, feats: Tensor) -> CodeError:
        """The error of every code as reconstruction of feats [B, T, D], a mean over B, T and D."""
        weights, A, d = self.time_map.weight[:, 0], self.frame_map.weight, self.frame_map.bias
        # Both sums over frames at once, because reading the features is what takes time.
        weighted, plain = (torch.stack([weights, torch.ones_like(weights)]) @ feats).unbind(1)
        linear = (weighted - weights.sum() * d) @ A
        constant = torch.linalg.vector_norm(feats, dim=(1, 2)).square() - 2 * (plain @ d) + len(weights) * (d @ d)
        return CodeError(constant, linear, weights.square().sum() * (A.t() @ A), feats.numel())


class CodeError:
    """(constant + b'Gb - 2 q . b) / count, the share of each video in the mean squared error, as function of its code.

    Args:
        constant: [B].
        linear: q, [B, K].
        quadratic: G, symmetric, [K, K].
        count: B T D.
    """

    def __init__(self, constant: Tensor, linear: Tensor, quadratic: Tensor, count: int):
        self.constant, self.linear, self.quadratic, self.count = constant, linear, quadratic, count

    def of(self, codes: Tensor) -> Tensor:
        """Codes [..., B, K] to errors [..., B]."""
        return (self.constant + (codes @ self.quadratic * codes - 2 * self.linear * codes).sum(-1)) / self.count

    def expected(self, logits: Tensor) -> Tensor:
        """Expectation over independent bits that are +1 with probability sigmoid(logits): [B, K] to [B].

        It is `of` the bits' means, but for the squares of bits, which are 1.
        """
        means = torch.tanh(logits / 2)
        return self.of(means) + ((1 - means.square()) @ self.quadratic.diagonal()) / self.count

    def gradient(self, logits: Tensor, estimator: str, uniform: Tensor | None = None) -> Tensor:
        """Gradient at the logits [B, K] of the expected error, exact or estimated, without a gradient of its own.

        U2G (unbiased uniform gradient) and ARM compare two codes that are drawn with the same noise u:
        b1 = [u > sigmoid(-t)] and b2 = [u < sigmoid(t)].

        Args:
            estimator: "closed_form" (exact), "u2g" or "arm".
            uniform: u of the S pairs of codes, in [0, 1), [S, B, K]; None for the closed form.
        """
        logits = logits.detach()
        if estimator == "closed_form":
            probabilities, means = logits.sigmoid(), torch.tanh(logits / 2)
            off_diagonal = means @ self.quadratic.detach() - means * self.quadratic.detach().diagonal()
            slope = 2 * (off_diagonal - self.linear.detach()) / self.count
            return 2 * probabilities * (1 - probabilities) * slope
        bits = torch.stack([uniform > torch.sigmoid(-logits), uniform < torch.sigmoid(logits)]).to(logits.dtype)
        with torch.no_grad():
            first, second = self.of(2 * bits - 1)
        difference = (first - second)[..., None]
        if estimator == "arm":
            return (difference * (uniform - 0.5)).mean(0)
        return (difference * (bits[0] - bits[1])).mean(0) * torch.sigmoid(logits.abs()) / 2
