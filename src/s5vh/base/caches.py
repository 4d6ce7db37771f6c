"""Where libraries keep their caches if their usual folders cannot be written, as in a container or on a cluster."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import s5vh

_PACKAGE = Path(s5vh.__file__).parent


def prepare_caches() -> None:
    """Make numba and matplotlib use a temporary folder if they cannot write to their own; call before importing them.

    numba would refuse to compile, matplotlib would warn at every start.
    """
    if "NUMBA_CACHE_DIR" not in os.environ and not _numba_has_a_folder():
        os.environ["NUMBA_CACHE_DIR"] = str(temporary_caches() / "numba")
    folders = [user_caches() / "matplotlib", _home("XDG_CONFIG_HOME", "~/.config") / "matplotlib"]
    if "MPLCONFIGDIR" not in os.environ and not all(map(is_writable, folders)):
        os.environ["MPLCONFIGDIR"] = str(temporary_caches() / "matplotlib")


def user_caches() -> Path:
    """The user's folder for caches."""
    return _home("XDG_CACHE_HOME", "~/.cache")


def temporary_caches() -> Path:
    """A folder for caches below the system's folder for temporary files; nobody else can write to it.

    Caches are unpickled, so a folder that somebody else prepared must not be used.
    """
    folder = Path(tempfile.gettempdir()) / f"s5vh-caches-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022:
        return folder
    return Path(tempfile.mkdtemp(prefix="s5vh-caches-"))


def is_writable(folder: Path) -> bool:
    """Whether files can be created in `folder`, which may have to be created first; leaves nothing behind."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError:
        return False
    return True


def _numba_has_a_folder() -> bool:
    if is_writable(user_caches() / "numba"):
        return True
    folders = {file.parent for file in _PACKAGE.rglob("*.py")}
    return all(is_writable(folder / "__pycache__") for folder in folders)


def _home(variable: str, default: str) -> Path:
    # As the libraries do it: without a home directory, "~" stays as it is.
    return Path(os.environ.get(variable) or os.path.expanduser(default))
