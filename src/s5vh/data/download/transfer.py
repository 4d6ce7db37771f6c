"""Progress of bytes: a bar on a terminal, a line now and then in a log file."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_LINE_SECONDS = 30.0


class Meter:
    """Counts bytes of one file on standard error; use it in a `with` statement.

    Args:
        label: what is happening, e.g. "train.h5 from zenodo.org".
        total: bytes in all; None when unknown.
        start: bytes that are there already.
    """

    def __init__(self, label: str, total: int | None, start: int = 0):
        self.label, self.total, self.done = label, total, start
        self._start, self._since = start, time.monotonic()
        self._told = self._since
        self._bar = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, initial=start, desc=label, unit="B", unit_scale=True, leave=False)

    def add(self, count: int) -> None:
        """`count` more bytes are done."""
        self.done += count
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._told >= _LINE_SECONDS:
            self._told = time.monotonic()
            rate = (self.done - self._start) / (self._told - self._since)
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
    """Write one line to standard error, above a bar if there is one."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        tqdm.write(text, file=sys.stderr)
    else:
        print(text, file=sys.stderr, flush=True)


def amount(count: float) -> str:
    """A number of bytes for people: `1.2 GB`; powers of 1000, as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
