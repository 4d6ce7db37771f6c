"""Training history and checkpoints; a checkpoint holds all state needed to resume, in one file.

Checkpoints are not declared as rule outputs, because Snakemake deletes the outputs of failed jobs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from s5vh.base.files import atomic


@dataclass
class History:
    """One row per step, one row per evaluation, and the selected epoch.

    Attributes:
        steps: rows of train.csv.
        evaluations: evaluations that checkpoint selection considers: epoch, measures, and `seconds` at that epoch.
        curve: further evaluations, for training curves only.
        seconds: the time that the epochs took so far, without evaluations and checkpoints.
    """

    steps: list[dict[str, float]] = field(default_factory=list)
    evaluations: list[dict[str, float]] = field(default_factory=list)
    curve: list[dict[str, float]] = field(default_factory=list)
    best: float = -math.inf
    best_epoch: int = 0
    evaluations_since_best: int = 0
    seconds: float = 0.0

    @property
    def all_evaluations(self) -> list[dict[str, float]]:
        """Rows of evals.csv, in order of epochs; `eligible` tells which ones selection considers."""
        rows = [row | {"eligible": True} for row in self.evaluations]
        rows += [row | {"eligible": False} for row in self.curve]
        return sorted(rows, key=lambda row: row["epoch"])


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, numbers, strings, lists and dictionaries of those) atomically."""
    with atomic(path) as temporary:
        torch.save(state, temporary)


def load_checkpoint(path: Path, digest: str) -> dict[str, Any] | None:
    """Load the state saved with this settings digest, or None if there is none.

    Only plain data is unpickled. Unreadable checkpoints and those of other settings are ignored, so the run starts from
    scratch.
    """
    if not path.exists():
        return None
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception:  # torch.load raises many exception types for damaged files; start from scratch
        return None
    return state if isinstance(state, dict) and state.get("digest") == digest else None
