"""MFH, multiple feature hashing, with one feature: a linear spectral embedding of a neighbour graph.

Sources: Song, Yang, Huang, Shen and Hong, "Multiple feature hashing for real-time large scale near-duplicate video
retrieval", ACM Multimedia 2011; Song, Yang, Huang, Shen and Luo, "Effective multiple feature hashing for large-scale
near-duplicate video retrieval", IEEE Transactions on Multimedia 2013. Paper symbols and names here:

    X      `centered`, vectors of the training videos minus their mean, [N, D]
    k, A   `neighbours`; A_pq = 1 if one of videos p and q is among the k nearest (Euclidean) of the other, else 0
    L      `laplacian`, the degrees minus A, sparse [N, N]
    Y      `embedding`, relaxed codes of the training videos, [N, K], orthonormal columns that sum to 0
    W, b   hash function sign(W'x + b); W is `hyperplanes` [D, K], and b puts each hyperplane through the mean
    alpha  weight of the regression of Y on X;  beta  its ridge penalty

MFH minimises tr(Y'LY) + alpha (|XW + 1b' - Y|^2 + beta |W|^2). The best W for a given Y is that of a ridge regression,
(X'X + beta I)^-1 X'Y, so Y has the K leading eigenvectors after the constant one of D = L + alpha B, where
B Y = Y - X (X'X + beta I)^-1 X'Y is what the regression leaves. Unseen videos get the code sign(W'x + b).

What needs several features is not here: an embedding per feature (Y^g), the term gamma |Y - Y^g|^2 that draws these
together, which would be 0, and the concatenation of features in X. The papers hash key frames and combine their codes
to one of the video; here, as everywhere in this package, a video is one vector, a temporal summary of its frames.

D is formed for a few videos only. Otherwise its eigenvectors come from SciPy's LOBPCG iteration, which multiplies all K
of them at once and starts from the best ones that are linear in the features; neighbours are found in blocks of videos.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.principal_hash import PrincipalHash, fixed_signs

_ROWS = 1024  # videos whose distances to all others, or vectors in double precision, are held at once
_COLUMNS = 64  # values per video that are smoothed by the graph at once
_DENSE = 1000  # videos up to which D is formed
_TOLERANCE = 1e-3  # relative, of the sum of eigenvalues over a round, and of residuals
_ITERATIONS, _MOST_ROUNDS = 20, 10  # iterations of a round, and rounds


class MFH(PrincipalHash):
    """Multiple feature hashing of one feature.

    Args: as `LinearHash`; options `neighbours` (k), `alpha` and `beta`. X is held in memory, float32 [N, D].

    After `fit`, `arrays` has `hyperplanes` float32 [D, bits].
    """

    defaults: ClassVar[dict[str, Any]] = {"neighbours": 5, "alpha": 10.0, "beta": 1.0}
    learned: ClassVar[tuple[str, ...]] = ("mean", "hyperplanes")

    def __init__(self, *, bits: int, seed: int, features: str = "mean", **options: Any):
        super().__init__(bits=bits, seed=seed, features=features, **options)
        for name in self.defaults:
            if not self.options[name] > 0:
                raise UserError(f"MFH: {name} must be positive, got {self.options[name]}")

    def _learn(self, feats: Any) -> None:
        from scipy.linalg import solve_triangular

        count, k = len(feats), self.options["neighbours"]
        if k >= count:
            raise UserError(f"MFH: {k} neighbours requested for {count} training videos; use at most {count - 1}")
        centered = np.empty((count, self.arrays["mean"].size), np.float32)
        for rows, block in self._blocks(feats):
            centered[rows] = block
        # For its check of the rank, without reading the feature file again.
        self._principal_directions(centered, np.random.default_rng(self.seed))
        centered -= self.arrays["mean"]
        laplacian = _laplacian(centered, k)
        factor = _whiten(centered, self.options["beta"])
        embedding = _embedding(laplacian, centered, self.options["alpha"], self.bits)
        hyperplanes = solve_triangular(factor, centered.T @ embedding, trans="T", lower=True)
        self.arrays["hyperplanes"] = fixed_signs(hyperplanes).astype(np.float32)

    def _projection(self) -> np.ndarray:
        return self._fitted("hyperplanes")


def _laplacian(vectors: np.ndarray, neighbours: int) -> Any:
    """L of the graph of nearest neighbours of `vectors`, float32 [N, D], sparse float64 [N, N]."""
    from scipy.sparse import csr_array, diags_array

    count = len(vectors)
    squared = np.einsum("nd,nd->n", vectors, vectors)
    near = np.empty((count, neighbours), np.int64)
    for start in range(0, count, _ROWS):
        rows = np.arange(start, min(start + _ROWS, count))
        distances = squared - 2 * (vectors[rows] @ vectors.T)  # squared, but for the square of the row's own length
        distances[np.arange(len(rows)), rows] = np.inf
        near[rows] = np.argpartition(distances, neighbours - 1, axis=1)[:, :neighbours]
    pointers = np.arange(0, count * neighbours + 1, neighbours)
    directed = csr_array((np.ones(near.size), near.ravel(), pointers), shape=(count, count))
    adjacency = directed.maximum(directed.T)
    return (diags_array(adjacency.sum(axis=1)) - adjacency).tocsr()


def _whiten(centered: np.ndarray, beta: float) -> np.ndarray:
    """Replace X by Z = X C^-T, where C is the Cholesky factor of X'X + beta I, so that B = I - Z Z'.

    Args:
        centered: X, float32 [N, D], overwritten.

    Returns:
        C, lower triangular, float64 [D, D]; the regression's weights are C^-T Z'Y.
    """
    from scipy.linalg import cholesky, solve_triangular

    blocks = [slice(start, start + _ROWS) for start in range(0, len(centered), _ROWS)]
    gram = beta * np.eye(centered.shape[1])
    for rows in blocks:
        block = centered[rows].astype(np.float64)
        gram += block.T @ block
    factor = cholesky(gram, lower=True, overwrite_a=True)
    for rows in blocks:
        centered[rows] = solve_triangular(factor, centered[rows].T, lower=True).T
    return factor


def _embedding(laplacian: Any, whitened: np.ndarray, alpha: float, bits: int) -> np.ndarray:
    """Y: eigenvectors of D with the smallest eigenvalues, ascending, without the constant one, float32 [N, bits].

    The iteration ends when the sum of the eigenvalues, which is what MFH minimises, hardly decreases. Where eigenvalues
    lie close together, single eigenvectors need far more iterations, but are no better than mixtures of them.

    Args:
        whitened: Z of `_whiten`, float32 [N, D].
    """
    from scipy.linalg import eigh
    from scipy.sparse.linalg import lobpcg

    count = len(whitened)

    def times(y: np.ndarray) -> np.ndarray:
        fitted = whitened @ (whitened.T @ y.astype(np.float32))
        return laplacian @ y + alpha * (y - fitted)

    if count <= _DENSE:
        # No eigenvalue is larger than `beyond`, so the constant vector comes last instead of first.
        beyond = 2 * laplacian.diagonal().max() + alpha
        matrix = laplacian.toarray() + alpha * (np.eye(count) - whitened @ whitened.T.astype(np.float64))
        return eigh(matrix + beyond / count, subset_by_index=[0, bits - 1])[1].astype(np.float32)
    vectors, values = _embedding_in_features(laplacian, whitened, alpha, bits)
    weights = 1 / (laplacian.diagonal() + alpha)[:, None]
    constant = np.full((count, 1), count**-0.5)
    for _ in range(_MOST_ROUNDS):
        before = values.sum()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that residuals are still larger than `tol`
            values, vectors = lobpcg(times, vectors, M=lambda y: weights * y, Y=constant, tol=_TOLERANCE * values[-1],
                                     maxiter=_ITERATIONS, largest=False)  # fmt: skip
        if before - values.sum() <= _TOLERANCE * before:
            break
    return vectors[:, np.argsort(values)].astype(np.float32)


def _embedding_in_features(
    laplacian: Any, whitened: np.ndarray, alpha: float, bits: int
) -> tuple[np.ndarray, np.ndarray]:
    """The best Y that is linear in the features, the limit for large alpha: float64 [N, bits], and its eigenvalues."""
    from scipy.linalg import eigh

    size = whitened.shape[1]
    gram = (whitened.T @ whitened).astype(np.float64)
    smoothness = np.empty_like(gram)  # Z'LZ
    for start in range(0, size, _COLUMNS):
        columns = slice(start, start + _COLUMNS)
        smoothness[:, columns] = whitened.T @ (laplacian @ whitened[:, columns]).astype(np.float32)
    values, directions = eigh(gram)
    kept = max(bits, int((values > 1e-4 * values[-1]).sum()))  # in the others, rounding errors would be magnified
    basis = directions[:, -kept:] / np.sqrt(np.maximum(values[-kept:], 1e-12 * values[-1]))
    restricted = basis.T @ (smoothness + alpha * (gram - gram @ gram)) @ basis
    values, vectors = eigh((restricted + restricted.T) / 2, subset_by_index=[0, bits - 1])
    return (whitened @ (basis @ vectors).astype(np.float32)).astype(np.float64), values
