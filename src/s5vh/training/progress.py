"""Training progress: a progress bar on a terminal, plain lines in a log file."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from s5vh.training.checkpoint import History

_LINE_SECONDS = 10.0


class Progress:
    """Reports to `stream` (default: stderr), with at most one plain line every ten seconds."""

    def __init__(self, label: str = "training", stream: TextIO | None = None):
        self.label = label
        self.stream = stream or sys.stderr
        self._bar = None
        self._last_line = -_LINE_SECONDS

    def line(self, text: str) -> None:
        """Write one line, above the bar if there is one."""
        if self._bar is not None:
            self._bar.write(f"{self.label}: {text}", file=self.stream)
        else:
            print(f"{self.label}: {text}", file=self.stream, flush=True)

    def epoch(self, done: int, total: int, history: History) -> None:
        """Report a finished epoch."""
        text = f"loss {history.steps[-1]['total']:.4f}"
        latest = history.evaluations[-1] if history.evaluations else {}
        for name, column in (("held-out loss", "held_out_total"), ("GmAP", "GmAP")):
            if column in latest:
                text += f", {name} {latest[column]:.4f}"
        if self.stream.isatty():
            if self._bar is None:
                from tqdm import tqdm

                self._bar = tqdm(total=total, initial=done - 1, desc=self.label, unit="epoch", file=self.stream)
            self._bar.update()
            self._bar.set_postfix_str(text)
            if done == total:
                self._bar.close()
        elif done == total or time.monotonic() - self._last_line >= _LINE_SECONDS:
            self._last_line = time.monotonic()
            self.line(f"epoch {done}/{total}, {text}, {history.seconds:.0f} s")
