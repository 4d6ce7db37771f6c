"""Files that cannot be read, each for another reason, and what may become of them."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest

from s5vh.base.errors import UserError


def with_unknown_filter(path: Path, key: str = "feats", shape: tuple[int, ...] = (4, 3, 4)) -> Path:
    """An HDF5 file whose array is compressed with a filter that nobody has."""
    with h5py.File(path, "w") as file:
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk(shape)
        settings.set_filter(32999, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple(shape)
        array = h5py.h5d.create(file.id, key.encode(), h5py.h5t.IEEE_F32LE, space, settings)
        array.write_direct_chunk((0,) * len(shape), bytes(4 * int(np.prod(shape))))
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that HDF5 holds while it writes."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def refuse(monkeypatch: pytest.MonkeyPatch, path: Path, number: int = errno.EACCES) -> None:
    """Let the system refuse to open a file for reading; tests may run as root, whom permissions do not stop."""
    import builtins
    import io

    def refusing(real: Callable) -> Callable:
        def opened(file, *arguments, **options):
            if isinstance(file, str | os.PathLike) and os.path.abspath(file) == os.path.abspath(path):
                raise OSError(number, os.strerror(number), str(file))
            return real(file, *arguments, **options)

        return opened

    for module, name in ((builtins, "open"), (io, "open"), (h5py, "File")):
        monkeypatch.setattr(module, name, refusing(getattr(module, name)))


def told(call: Callable, *arguments, **options) -> str:
    """The one line that a call ends in."""
    with pytest.raises(UserError) as caught:
        call(*arguments, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message
