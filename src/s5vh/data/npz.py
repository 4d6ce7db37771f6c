"""NumPy archives (.npz) of this package, read without unpickling anything."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import check_file, report_read_errors
from s5vh.data.kinds import wrong_kind

_DAMAGE = (ValueError, EOFError, NotImplementedError, RuntimeError, KeyError, zlib.error, zipfile.BadZipFile)


def read_npz(path: str | Path, kind: str, advice: str) -> dict[str, np.ndarray]:
    """All arrays of an archive, by name.

    Args:
        path: the file.
        kind: what it should be, for messages, e.g. "codes file".
        advice: what to do if it is none.

    Raises:
        UserError: the file is missing, unreadable, of another kind or damaged.
    """
    check_file(path)
    with report_read_errors(path), open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            wrong = wrong_kind(path, f"a {kind}")
            raise wrong or UserError(f"{path}: not a readable {kind} (truncated or damaged); {advice}")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
        except MemoryError as error:
            raise UserError(f"{path}: does not fit in memory ({error})") from None
        except _DAMAGE as error:
            raise UserError(f"{path}: not a readable {kind} ({error}); {advice}") from None
