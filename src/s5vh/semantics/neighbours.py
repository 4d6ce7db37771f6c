"""Neighbour graph of the training videos: nearest neighbours, expanded by videos that share neighbours.

The graph of SSVH (Song et al., IEEE TIP 2018), as its released code builds it from time-averaged features:

1. the neighbourhood of a video is itself and its k nearest videos by cosine similarity;
2. a video is expanded by the e videos, including itself, whose neighbourhoods overlap most with its own;
3. it is adjacent to all videos in the neighbourhoods of these e videos; the graph is made symmetric.

No dense N x N matrix is ever held: similarities are computed in blocks, and everything else is sparse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import create_hdf5, read_arrays
from s5vh.semantics.means import video_means

_BLOCK = 1024  # videos whose similarities to all others are held at once


def find_neighbours(feats: Any, neighbours: int = 10, expansions: int = 5) -> csr_array:
    """Build the neighbour graph.

    Args:
        feats: array or h5py-like dataset [N, T, D]; read once, in blocks.
        neighbours: k, excluding the video itself.
        expansions: e, including the video itself.

    Returns:
        Boolean, symmetric adjacency matrix [N, N] with the diagonal set and at least k + 1 entries per row. Ties in
        similarity and in overlap go to the lower index.

    Raises:
        UserError: fewer than k + 1 videos, or a zero mean, whose cosine is undefined.
    """
    videos = feats.shape[0]
    if neighbours + 1 > videos or expansions > videos:
        raise UserError(
            f"{neighbours} neighbours and {expansions} expansions requested for {videos} training videos; use fewer"
        )
    near = _incidence(_nearest(video_means(feats), neighbours))
    expanded = _incidence(_sharing_most(near, expansions))
    similar = (expanded @ near).astype(bool)
    return csr_array((similar + similar.T).astype(bool))


def _nearest(means: np.ndarray, neighbours: int) -> np.ndarray:
    """Each video, then its nearest ones, int64 [N, k + 1]."""
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    if not lengths.all():
        raise UserError(f"training video {int(np.argmin(lengths))} has a zero mean, so its cosine is undefined")
    unit = (means / lengths).astype(np.float64)
    found = np.empty((len(means), neighbours + 1), np.int64)
    for start in range(0, len(means), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(means)))
        distances = -(unit[rows] @ unit.T)
        distances[np.arange(len(rows)), rows] = -np.inf  # a video comes first even if it has a duplicate
        found[rows] = np.argsort(distances, axis=1, kind="stable")[:, : neighbours + 1]
    return found


def _sharing_most(near: csr_array, expansions: int) -> np.ndarray:
    """For each video, those whose neighbourhoods overlap most with its own, itself first, int64 [N, e]."""
    found = np.empty((near.shape[0], expansions), np.int64)
    counts = near.astype(np.int32)
    for start in range(0, near.shape[0], _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, near.shape[0]))
        shared = (counts[rows] @ counts.T).toarray()
        shared[np.arange(len(rows)), rows] += 1  # first even if another video has the same neighbourhood
        found[rows] = np.argsort(-shared, axis=1, kind="stable")[:, :expansions]
    return found


def _incidence(members: np.ndarray) -> csr_array:
    """Boolean [N, N] whose row i has the entries `members[i]`."""
    count, width = members.shape
    pointers = np.arange(0, count * width + 1, width)
    return csr_array((np.ones(count * width, bool), members.ravel(), pointers), shape=(count, count))


def write_neighbours(path: str | Path, graph: csr_array, provenance: dict[str, Any]) -> None:
    """Write `pointers` int64 [N + 1] and `indices` int32: row i has indices[pointers[i]:pointers[i + 1]]."""
    graph.sort_indices()
    with create_hdf5(path) as file:
        file["pointers"] = graph.indptr.astype(np.int64)
        file["indices"] = graph.indices.astype(np.int32)
        file.attrs["provenance"] = json.dumps(provenance)


def read_neighbours(path: str | Path) -> csr_array:
    """Read a neighbour file; raises `UserError` if it is missing or broken."""
    arrays, _ = read_arrays(path, ["pointers", "indices"], kind="a neighbour file")
    pointers, indices = arrays["pointers"], arrays["indices"]
    count = len(pointers) - 1 if pointers.ndim == 1 else -1
    try:
        graph = csr_array((np.ones(len(indices), bool), indices, pointers), shape=(count, count))
        graph.check_format()
    except (TypeError, ValueError) as error:
        raise UserError(f"{path}: a damaged neighbour file ({error}); restore the file or make it again") from None
    return graph
