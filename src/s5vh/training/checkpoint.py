"""What a training run has recorded so far, and checkpoints: all that decides the rest of it, in one file.

Checkpoints are no declared output of a rule, because Snakemake deletes the outputs of a failed job.
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
    """One row per step, one row per evaluation, and the epoch whose weights are kept."""

    steps: list[dict[str, float]] = field(default_factory=list)
    evaluations: list[dict[str, float]] = field(default_factory=list)
    best: float = -math.inf
    best_epoch: int = 0
    evaluations_since_best: int = 0
    seconds: float = 0.0


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, numbers, strings, lists and dictionaries of those) atomically."""
    with atomic(path) as temporary:
        torch.save(state, temporary)


def load_checkpoint(path: Path, digest: str) -> dict[str, Any] | None:
    """The state saved for the run with this settings digest; None if there is none.

    Only plain data is unpickled. A checkpoint of other settings, or one that cannot be read, is not used: the run
    starts from the beginning.
    """
    if not path.exists():
        return None
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception:  # torch.load raises many types for a damaged file; any of them means "start from the beginning"
        return None
    return state if isinstance(state, dict) and state.get("digest") == digest else None
