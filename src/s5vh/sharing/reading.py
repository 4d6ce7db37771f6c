"""Files that somebody else has made: read without trusting any size, name or type that they state."""

from __future__ import annotations

import io
import json
import math
import os
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import report_read_errors
from s5vh.retrieval.codes import MAX_BITS, Codes, as_packed

_LARGEST_TEXT = 2**28  # bytes; a text in memory takes several times as much
_CODES = ("bits.npy", "database.npy", "query.npy")
_NAME = 255  # characters of one part of a path
_DEEPEST = 32  # levels of lists and objects


def safe_path(text: str) -> str | None:
    """The relative path itself if it stays in its folder and can be printed; None if not."""
    parts = text.split("/")
    plain = text.isprintable() and not re.search(r'[\\:*?"<>|]', text)
    inside = all(part not in ("", ".", "..") and len(part) <= _NAME for part in parts)
    return text if plain and inside else None


def regular_file(folder: Path, name: str) -> Path:
    """The file `name` in `folder`; raises `UserError` if it or a folder on the way is a link, or it is no file."""
    path = folder
    for part in name.split("/"):
        path = path / part
        with report_read_errors(path):
            mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            raise UserError(f"{path}: is a link; an exported folder has only files (download it without links)")
    if not stat.S_ISREG(mode):
        raise UserError(f"{path}: is not a regular file; export the results again")
    return path


def read_small_text(path: Path) -> str:
    """UTF-8 text, with line ends as they are; raises `UserError` for anything else, or too much of it."""
    with report_read_errors(path), path.open("rb") as file:
        data = file.read(_LARGEST_TEXT + 1)
    if len(data) > _LARGEST_TEXT:
        raise UserError(f"{path}: more than {_LARGEST_TEXT // 2**20} MiB, which no exported text has")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not text in UTF-8") from None


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object without NaN, infinity, repeated keys and what `check_tree` refuses.

    Raises:
        UserError: anything else.
    """
    try:
        value = json.loads(
            read_small_text(path), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite
        )
        check_tree(value)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not valid JSON ({error})") from None
    if not isinstance(value, dict):
        raise UserError(f"{path}: not a JSON object")
    return value


def check_tree(value: Any) -> None:
    """Raise a `ValueError` for what no file of results has and code that walks or prints a value would stumble over.

    That is deep nesting, keys that are no printable text, and whole numbers of more than 64 bits.
    """
    level = [value]
    for _ in range(_DEEPEST):
        found: list[Any] = []
        for one in level:
            if isinstance(one, int) and one.bit_length() > 64:
                raise ValueError("a whole number of more than 64 bits")
            if isinstance(one, dict):
                if not all(isinstance(key, str) and key.isprintable() for key in one):
                    raise ValueError("a key is no printable text")
                found += one.values()
            elif isinstance(one, list):
                found += one
        level = found
        if not level:
            return
    raise ValueError(f"more than {_DEEPEST} levels")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def field(record: Any, name: str, kind: type | tuple[type, ...], path: Path) -> Any:
    """`record[name]` if it has this type; raises `UserError` naming the file otherwise. A bool is no int."""
    value = record.get(name) if isinstance(record, dict) else None
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise UserError(f"{path}: '{name}' is missing or of the wrong type; export the results again")
    return value


def read_shared_codes(path: Path) -> Codes:
    """Packed codes of an exported `codes.npz`, which has these arrays, uncompressed, and nothing else.

    Nothing is unpickled, and no more is read than the file has bytes.

    Raises:
        UserError: anything else.
    """
    try:
        with report_read_errors(path), zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sorted(member.filename for member in members) != list(_CODES):
                raise UserError(f"{path}: must have the arrays bits, database and query, and nothing else")
            if any(member.compress_type != zipfile.ZIP_STORED for member in members):
                raise UserError(f"{path}: is compressed, which exported codes are not")
            if sum(member.file_size for member in members) > path.stat().st_size:
                raise UserError(f"{path}: states arrays that are larger than the file")
            bits, database, query = (_array(archive.read(name), f"{path}: {name[:-4]}") for name in _CODES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OverflowError, ValueError) as error:
        raise UserError(f"{path}: not a readable file of codes ({error})") from None
    if bits.shape != () or bits.dtype.kind not in "iu" or not 1 <= int(bits) <= MAX_BITS:
        raise UserError(f"{path}: bits must be a whole number from 1 to {MAX_BITS}")
    packed = []
    for name, codes in (("database", database), ("query", query)):
        if codes.dtype != np.uint8 or codes.ndim != 2 or not len(codes):
            raise UserError(f"{path}: {name}: an array {codes.dtype} {list(codes.shape)}, expected packed codes, uint8")
        packed.append(as_packed(codes, int(bits), f"{path}: {name} codes"))
    return Codes(packed[0], packed[1], int(bits))


def _array(data: bytes, where: str) -> np.ndarray:
    """One array of an npz file, whose header must describe exactly the bytes that follow it."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"version {version} of the format")
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, in_columns, dtype = read(file)
    except (ValueError, EOFError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise UserError(f"{where}: not a readable array ({' '.join(str(error).split())[:200]})") from None
    left = len(data) - file.tell()
    if dtype.hasobject or dtype.kind not in "iu":
        raise UserError(f"{where}: has type {dtype}, expected whole numbers")
    try:
        if in_columns or min(shape, default=0) < 0:
            raise ValueError
        return np.frombuffer(data, dtype, offset=file.tell()).reshape(shape)
    except (ValueError, TypeError):  # TypeError: a size that is True, which numpy's reader takes for a number
        raise UserError(f"{where}: states shape {list(shape)} of {dtype}, but has {left} bytes") from None
