"""The latest codes of all training videos, and the neighbourhood loss of a batch against them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.base.errors import UserError
from s5vh.semantics.neighbours import read_neighbours


class CodeMemory(nn.Module):
    """H, the latest real-valued codes of the training videos, [N, K], beside the neighbour graph S of {0, 1}.

    Args:
        path: neighbour file of the training videos.
    """

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.graph = path, read_neighbours(path)
        self.register_buffer("codes", None, persistent=False)

    def begin(self, videos: int, rows: Tensor, bits: int, device: torch.device) -> None:
        """Start from zeros, and keep only neighbours among `rows`, the videos that are trained on.

        Raises:
            UserError: the graph is not one of `videos` videos.
        """
        if self.graph.shape[0] != videos:
            raise UserError(
                f"{self.path}: neighbours of {self.graph.shape[0]} videos, but there are {videos} training videos; "
                "make the file again"
            )
        trained = np.zeros((1, videos), bool)
        trained[0, rows.numpy()] = True
        self.graph = self.graph.multiply(trained).tocsr()
        self.graph.eliminate_zeros()
        self.codes = torch.zeros(videos, bits, device=device)

    def pair_loss(self, codes: Tensor, index: Tensor) -> Tensor:
        """Sum over the batch's videos i and all training videos j of (h_i . H_j / K - S_ij)^2.

        In training, the batch's rows of H are the given codes, with their gradients, and stay in memory.

        Nothing of size N is computed: with S_ij^2 = S_ij, the sum is that of h_i' (H'H) h_i / K^2, where H'H is K x K,
        and, for the neighbours alone, of 1 - 2 h_i . H_j / K.

        Args:
            codes: h, [B or more, K]; those after the first B are of padding, similar to no video and not in memory.
            index: rows of the training file, int64 [B] on the CPU.
        """
        near = self.graph[index.numpy()]  # [B, N]
        own, bits = codes[: len(index)], codes.shape[1]
        rows = index.to(codes.device)
        if self.training:
            self.codes[rows] = 0  # counted with their gradients below
        others, starts = (
            torch.from_numpy(part.astype(np.int64)).to(codes.device) for part in (near.indices, near.indptr)
        )
        among_others = F.embedding_bag(others, self.codes, starts[:-1], mode="sum")  # sums over neighbours j of H_j
        gram = self.codes.t() @ self.codes
        agreement = (own * among_others).sum()
        if self.training:
            within = torch.from_numpy(near[:, index.numpy()].toarray()).to(codes)
            gram = gram + own.t() @ own
            agreement = agreement + (own * (within @ own)).sum()
            self.codes[rows] = own.detach().to(self.codes.dtype)
        return ((codes @ gram) * codes).sum() / bits**2 - (2 / bits) * agreement + near.nnz
