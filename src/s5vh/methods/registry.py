"""Implementations by the name that a method's file gives in `implementation`. Loaded only when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Networks are trained by the engine; the others are fitted in one go and need no torch.
NETWORKS = {"s5vh": "s5vh.methods.s5vh:S5VH"}
FITTED = {"itq": "s5vh.methods.itq:ITQ", "lsh": "s5vh.methods.lsh:LSH"}


def implementation(name: str) -> Any:
    """The class of an implementation."""
    module, attribute = (NETWORKS | FITTED)[name].split(":")
    return getattr(import_module(module), attribute)
