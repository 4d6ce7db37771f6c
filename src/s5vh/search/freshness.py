"""Has a file changed since its videos were encoded?

Two answers of different cost: a stamp takes no reading, and an equal stamp means that nothing was written. Where stamps
differ (a touch, a copy, an edit), digests of the content decide.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError

_WHOLE = 64 * 2**20  # bytes; larger files are sampled
_PIECE = 2**20  # bytes
_BYTES = 16  # of a digest
CHANGING = b""  # the digest of a file that was written while it was read; equals no other


def exists(path: str | Path) -> bool:
    """Whether there is a file or folder at `path`.

    Raises:
        UserError: it cannot be told, for example because a folder on the way must not be read.
    """
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    return True


def stamp(files: Iterable[str | Path]) -> str:
    """Size, modification time and change time of files, as hexadecimal digits.

    The change time is the kernel's own: setting the modification time back does not hide an edit.
    """
    states = [os.stat(file) for file in files]
    text = repr([(state.st_size, state.st_mtime_ns, state.st_ctime_ns) for state in states])
    return hashlib.blake2b(text.encode(), digest_size=_BYTES).hexdigest()


def file_digest(path: str | Path) -> bytes:
    """Digest of a file's size and content; of a file above 64 MiB, of 64 evenly spaced pieces of 1 MiB.

    The first and the last piece are the start and the end of the file.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        made = hashlib.blake2b(str(size).encode(), digest_size=_BYTES)
        if size <= _WHOLE:
            while piece := file.read(_PIECE):
                made.update(piece)
            return made.digest()
        pieces = _WHOLE // _PIECE
        for number in range(pieces):
            file.seek((size - _PIECE) * number // (pieces - 1))
            made.update(file.read(_PIECE))
        return made.digest()


def files_digest(paths: Sequence[str | Path]) -> bytes:
    """Digest of the names and contents of several files of one folder."""
    made = hashlib.blake2b(digest_size=_BYTES)
    for path in paths:
        made.update(os.fsencode(os.path.basename(path)) + b"\0" + file_digest(path))
    return made.digest()


def row_digests(feats: np.ndarray) -> list[bytes]:
    """Digest of each video's features [n, T, D]: of type, shape and bytes."""
    kind = f"{feats.dtype.str}{feats.shape[1:]}".encode()
    return [hashlib.blake2b(kind + video.tobytes(), digest_size=_BYTES).digest() for video in feats]
