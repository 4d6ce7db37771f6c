"""Binary codes: binarization, packing, storage, and statistics.

Unpacked codes are int8 [N, K] in {-1, +1}; packed codes are uint8 [N, ceil(K/8)] in the layout of `numpy.packbits`
(bit 1 = +1, big-endian within a byte, the last byte padded with zeros).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import atomic
from s5vh.data.npz import read_npz

MAX_BITS = 4096


@dataclass(frozen=True)
class Codes:
    """Contents of a codes file.

    Attributes:
        database: uint8 [N, ceil(bits/8)], packed codes of the database.
        query: uint8 [Q, ceil(bits/8)], packed codes of the queries.
        bits: code length K.
        extra: every other array in the file, by name.
    """

    database: np.ndarray
    query: np.ndarray
    bits: int
    extra: dict[str, np.ndarray] = field(default_factory=dict)


def binarize(x: np.ndarray) -> np.ndarray:
    """Signs of real values, with sign(0) = +1.

    Args:
        x: real array of any shape, finite or infinite.

    Returns:
        int8 array of the same shape in {-1, +1}.

    Raises:
        UserError: `x` contains NaN, which has no sign.
    """
    x = np.asarray(x)
    if np.issubdtype(x.dtype, np.floating) and np.isnan(x).any():
        raise UserError("codes: the values to binarize contain NaN; check the features and the training")
    return np.where(x >= 0, np.int8(1), np.int8(-1))


def pack(codes: np.ndarray) -> np.ndarray:
    """Pack int8 [N, K] codes in {-1, +1} into uint8 [N, ceil(K/8)].

    Raises:
        UserError: not a matrix, no columns, or values other than -1 and +1.
    """
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.shape[1] == 0:
        raise UserError(f"codes: expected a matrix [videos, bits], got shape {codes.shape}")
    positive = codes == 1
    if not np.logical_or(positive, codes == -1).all():
        raise UserError("codes: only -1 and +1 can be packed; binarize the values first")
    return np.packbits(positive, axis=1)


def unpack(packed: np.ndarray, bits: int) -> np.ndarray:
    """Unpack uint8 [N, ceil(bits/8)] into int8 [N, bits] in {-1, +1}.

    Raises:
        UserError: dtype or width does not fit `bits`, or padding bits are set.
    """
    packed = as_packed(packed, bits)
    return (np.unpackbits(packed, axis=1, count=bits).astype(np.int8) << 1) - np.int8(1)


def as_packed(codes: np.ndarray, bits: int, where: str = "codes") -> np.ndarray:
    """Packed codes from packed or unpacked ones, validated against `bits`.

    Args:
        codes: uint8 [N, ceil(bits/8)] packed, or int8 [N, bits] in {-1, +1}.
        bits: code length K.
        where: description of the codes for error messages, e.g. "query codes".

    Raises:
        UserError: wrong dtype, shape or values, or codes whose length is not `bits`.
    """
    codes = np.asarray(codes)
    if not 1 <= bits <= MAX_BITS:
        raise UserError(f"{where}: the number of bits must be between 1 and {MAX_BITS}, got {bits}")
    if codes.ndim != 2:
        raise UserError(f"{where}: expected a matrix with one row per video, got shape {codes.shape}")
    if codes.dtype == np.int8:
        if codes.shape[1] != bits:
            raise UserError(f"{where}: expected {bits} bits per video, got {codes.shape[1]}")
        return pack(codes)
    if codes.dtype != np.uint8:
        raise UserError(f"{where}: expected uint8 (packed) or int8 (-1 and +1), got {codes.dtype}")
    width = -(-bits // 8)
    if codes.shape[1] != width:
        raise UserError(f"{where}: {bits} bits take {width} bytes per video, got {codes.shape[1]} bytes")
    # Non-zero padding means that the codes are longer than `bits`, and would distort all distances.
    if bits % 8 and (codes[:, -1] & (0xFF >> bits % 8)).any():
        raise UserError(f"{where}: padding bits beyond {bits} bits are set; the code length is wrong")
    return codes


def code_words(packed: np.ndarray) -> np.ndarray:
    """Packed bytes uint8 [N, B] as machine words uint64 [N, ceil(B/8)], zero padded."""
    rows, width = packed.shape
    padded = np.zeros((rows, -(-width // 8) * 8), np.uint8)
    padded[:, :width] = packed
    return padded.view(np.uint64)


def write_codes(path: str | Path, database: np.ndarray, query: np.ndarray, bits: int, **extra: Any) -> None:
    """Write a codes file (npz, no pickle), atomically.

    Args:
        path: target, ending in .npz.
        database: packed uint8 [N, ceil(bits/8)] or unpacked int8 [N, bits].
        query: likewise, [Q, ...].
        bits: code length K.
        extra: further arrays, numbers or strings to store with the codes.

    Raises:
        UserError: codes that do not match `bits`, or a file that cannot be written.
        ValueError: an extra that would need pickle.
    """
    arrays = {name: np.asarray(value) for name, value in extra.items()}
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"{name}: only arrays, numbers and strings can be stored with codes")
    arrays["database"] = as_packed(database, bits, "database codes")
    arrays["query"] = as_packed(query, bits, "query codes")
    arrays["bits"] = np.int64(bits)
    with atomic(path) as temporary:
        np.savez(temporary, **arrays)


def read_codes(path: str | Path) -> Codes:
    """Read a codes file; nothing in it is unpickled.

    Raises:
        UserError: missing, broken or incomplete file, or codes that do not match the stored number of bits.
    """
    arrays = read_npz(path, "codes file", "encode again")
    missing = [name for name in ("database", "query", "bits") if name not in arrays]
    if missing:
        raise UserError(f"{path}: not a codes file, {', '.join(missing)} missing; encode again")
    bits = arrays.pop("bits")
    if bits.shape != () or bits.dtype.kind not in "iu":
        raise UserError(f"{path}: bits must be a single integer; encode again")
    packed = {}
    for name in ("database", "query"):
        codes = arrays.pop(name)
        if codes.dtype != np.uint8:
            raise UserError(f"{path}: {name} codes: expected packed uint8, got {codes.dtype}")
        packed[name] = as_packed(codes, int(bits), f"{path}: {name} codes")
    return Codes(packed["database"], packed["query"], int(bits), arrays)


def code_statistics(codes: np.ndarray) -> dict[str, Any]:
    """Statistics of bit balance, bit correlation and collisions.

    Args:
        codes: int8 [N, K] in {-1, +1}, N >= 1.

    Returns:
        `bit_balance` float64 [K]: mean of each bit, 0 if balanced; `constant_bits`: number of constant bits;
        `correlation` float64 [K, K]: Pearson correlation between bits (for a constant bit, 0 with the others and 1 with
        itself); `mean_absolute_correlation`: mean of its absolute off-diagonal entries; `distinct_codes`: number of
        distinct codes; `colliding_share`: fraction of videos that share their code with another video.

    Raises:
        UserError: no videos, or values other than -1 and +1.
    """
    packed = pack(codes)
    videos, bits = np.shape(codes)
    if videos == 0:
        raise UserError("codes: statistics require at least one video")
    balance = np.mean(codes, axis=0, dtype=np.float64)
    # float32 is exact for sums of +-1 products below 2**24, and makes this a fast BLAS call.
    signs = np.asarray(codes, dtype=np.float32 if videos < 2**24 else np.float64)
    covariance = (signs.T @ signs).astype(np.float64) / videos - np.outer(balance, balance)
    deviation = np.sqrt(np.clip(1 - balance**2, 0, None))
    constant = np.abs(balance) == 1
    deviation[constant] = 1
    correlation = np.clip(covariance / np.outer(deviation, deviation), -1, 1)
    np.fill_diagonal(correlation, 1)
    off_diagonal = np.abs(correlation).sum() - bits
    _, counts = np.unique(packed, axis=0, return_counts=True)
    return {
        "bit_balance": balance,
        "constant_bits": int(constant.sum()),
        "mean_absolute_correlation": float(off_diagonal / (bits * (bits - 1))) if bits > 1 else 0.0,
        "correlation": correlation,
        "distinct_codes": len(counts),
        "colliding_share": float(counts[counts > 1].sum() / videos),
    }
