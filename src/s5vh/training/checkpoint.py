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
    """One row per step, one row per evaluation, and the selected epoch."""

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
