"""As `s5vh.py`; `plain_step.py` writes out the mixer that the network's layers have."""

from __future__ import annotations

from plain_steps.s5vh import plain_loss

__all__ = ["plain_loss"]
