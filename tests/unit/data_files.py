"""Small files for the tests of `s5vh.data`, in the formats that the papers' authors publish."""

from __future__ import annotations

import re
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.sparse

from s5vh.base.errors import UserError

T, D, CLASSES = 3, 4, 3
LABELS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]], np.uint8)


def random_features(videos: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((videos, T, D)).astype(np.float32)


def save(path: Path, **arrays: np.ndarray) -> Path:
    with h5py.File(path, "w") as file:
        for key, array in arrays.items():
            file[key] = array
    return path


def save_mat73(path: Path, **arrays) -> Path:
    """What MATLAB's `save -v7.3` writes: a 512-byte header, arrays transposed, sparse arrays as a group."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for key, array in arrays.items():
            if scipy.sparse.issparse(array):
                array = array.tocsc()
                group = file.create_group(key)
                group.attrs["MATLAB_sparse"] = np.uint64(array.shape[0])
                group["jc"] = array.indptr.astype(np.uint64)
                if array.nnz:
                    group["ir"], group["data"] = array.indices.astype(np.uint64), array.data
                item = group
            else:
                file[key] = np.asarray(array).T
                item = file[key]
            item.attrs["MATLAB_class"] = np.bytes_("double")
    header = b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\x00\x02IM"
    with path.open("r+b") as file:
        file.write(header)
    return path


def fails(message: str):
    return pytest.raises(UserError, match=f"^{re.escape(message)}$")
