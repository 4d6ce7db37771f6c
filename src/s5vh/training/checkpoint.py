"""Checkpoints: everything that decides the rest of a run, in one file written atomically.

They are no declared output of a rule, because Snakemake deletes the outputs of a failed job.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from s5vh.files import atomic


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, numbers, strings, lists and dictionaries of those)."""
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
    except Exception:  # torch.load raises many types for a damaged file; any of them means "start anew"
        return None
    return state if isinstance(state, dict) and state.get("digest") == digest else None
