"""Transfer progress (a bar on a terminal, lines in a log file) and checks of free disk space."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from types import TracebackType

from s5vh.base.errors import UserError

_LINE_SECONDS = 30.0
_RESERVE = 2**26  # bytes to leave free: a completely full disk breaks other programs


class Meter:
    """Progress of one file on stderr; use it as a context manager.

    Args:
        label: description, e.g. "train.h5 from zenodo.org".
        total: total bytes; None if unknown.
        start: bytes already present.
    """

    def __init__(self, label: str, total: int | None, start: int = 0):
        self.label, self.total, self.done = label, total, start
        self._start, self._since = start, time.monotonic()
        self._reported = self._since
        self._bar = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, initial=start, desc=label, unit="B", unit_scale=True, leave=False)

    def add(self, count: int) -> None:
        """Report `count` more bytes."""
        self.done += count
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._reported >= _LINE_SECONDS:
            self._reported = time.monotonic()
            rate = (self.done - self._start) / (self._reported - self._since)
            of = f" of {amount(self.total)}" if self.total is not None else ""
            say(f"{self.label}: {amount(self.done)}{of}, {amount(rate)}/s")

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def say(text: str) -> None:
    """Write one line to stderr, above the progress bar if there is one."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        tqdm.write(text, file=sys.stderr)
    else:
        print(text, file=sys.stderr, flush=True)


def amount(count: float) -> str:
    """Human-readable size, e.g. `1.2 GB`; powers of 1000, as disks are labelled."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def check_space(folder: Path, wanted: int, name: str) -> None:
    """Raise a `UserError` unless the disk of `folder` has room for `wanted` bytes of the file `name`."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if wanted > 0 and wanted + _RESERVE > free:
        raise UserError(
            f"{folder}: {name} needs {amount(wanted)} more, but only {amount(free)} are free; free some space, or put "
            "the data and S5VH_CACHE on another disk"
        )
