"""Lock of a working directory, held by the main process of a run.

Snakemake's own lock is a set of files, which remain when the process is killed and then block the next run. This one
belongs to the process: the operating system releases it when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import sys
from pathlib import Path

from s5vh.base.errors import UserError

LOCK = Path(".snakemake/s5vh.lock")
_held: list[int] = []  # open for as long as this process lives


def lock_working_directory(lock: Path = LOCK) -> None:
    """Lock the working directory until this process ends.

    Raises:
        UserError: another run holds the lock.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 200).decode(errors="replace").strip() or "an unknown process"
        os.close(handle)
        raise UserError(
            f"{Path.cwd()}: another run is in progress here ({holder}); wait until it ends, or stop it first"
        ) from None
    except OSError as error:
        os.close(handle)
        print(f"s5vh: {lock}: cannot be locked ({error.strerror}); do not start two runs at once here", file=sys.stderr)
        return
    os.truncate(handle, 0)
    os.write(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
    _held.append(handle)
