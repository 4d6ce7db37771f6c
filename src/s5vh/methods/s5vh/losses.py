"""The loss that only S5VH has (paper, equation 21); reconstruction and contrast are in `s5vh.nn`.

B videos, K bits, C hash centers.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def alignment_loss(codes: Tensor, centers: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of the similarities to all hash centers against the pseudo-label, equation 21.

    Args:
        codes: [B, K] in {-1, +1}.
        centers: [C, K]; in {-1, +1} and fixed, or the weights of a trained classifier.
        labels: pseudo-labels, int64 [B], or soft ones, [B, C] with rows that sum to 1.
    """
    logits = codes @ centers.t() / (centers.shape[1] * temperature)
    return F.cross_entropy(logits, labels)
