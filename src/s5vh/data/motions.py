"""Motions of the demo corpora: four axes, each with a motion and its reverse, and one motion without a direction.

A motion is a path of position, angle and size as a function of its progress, which runs from -1 to 1. The reverse of a
motion takes the same path with the progress negated, so both show the same frames. Straight motions change one quantity
at constant speed. Curved ones bend, change speed, or change several quantities at once, and share no path with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from s5vh.config.dataset import DemoConfig, Motions

_Offsets = Callable[[np.ndarray, DemoConfig], dict[str, np.ndarray]]

MOTIONS: Mapping[Motions, tuple[str, ...]] = {
    "straight": (
        *("drifts right", "drifts left", "drifts down", "drifts up", "turns clockwise", "turns anticlockwise"),
        *("grows", "shrinks", "stands still"),
    ),
    "curved": (
        *("zigzags right", "zigzags left", "waves down", "waves up", "circles clockwise", "circles anticlockwise"),
        *("approaches", "recedes", "rocks"),
    ),
}
AXES = (0, 0, 1, 1, 2, 2, 3, 3, 4)  # of each motion, whose path it shares
DIRECTIONS = (0, 1, 0, 1, 0, 1, 0, 1, -1)  # 1: the reverse; -1: none


def offsets(motions: Motions, motion: int, progress: np.ndarray, config: DemoConfig) -> dict[str, np.ndarray]:
    """What a motion adds to `x`, `y`, `angle` and `log_size`; quantities that it leaves alone are missing.

    Args:
        motions, motion: set of motions and number of the motion.
        progress: of any shape, from -1 to 1.

    Returns:
        By quantity, an array of the same shape: half canvas widths (x to the right, y down), radians, log of a ratio.
    """
    if DIRECTIONS[motion] == 1:
        progress = -progress
    return _PATHS[motions][AXES[motion]](progress, config)


def _zigzag(p: np.ndarray, config: DemoConfig) -> dict[str, np.ndarray]:
    teeth = 2 / np.pi * np.arcsin(np.sin(2 * np.pi * p))  # a triangle wave of two periods
    return {"x": config.drift * p, "y": 0.5 * config.drift * teeth}


def _wave(p: np.ndarray, config: DemoConfig) -> dict[str, np.ndarray]:
    return {"x": 0.5 * config.drift * np.sin(2 * np.pi * p), "y": config.drift * p}


def _circle(p: np.ndarray, config: DemoConfig) -> dict[str, np.ndarray]:
    return {"x": config.drift * np.cos(np.pi * p), "y": config.drift * np.sin(np.pi * p)}


def _approach(p: np.ndarray, config: DemoConfig) -> dict[str, np.ndarray]:
    faster = 0.5 * (1 + p) ** 2 - 1  # from -1 to 1, at a speed that grows from 0
    return {"x": config.drift * faster, "y": config.drift * faster, "log_size": config.zoom * faster}


_PATHS: Mapping[Motions, tuple[_Offsets, ...]] = {
    "straight": (
        lambda p, config: {"x": config.drift * p},
        lambda p, config: {"y": config.drift * p},
        lambda p, config: {"angle": config.turn * p},
        lambda p, config: {"log_size": config.zoom * p},
        lambda p, config: {},
    ),
    "curved": (
        _zigzag,
        _wave,
        _circle,
        _approach,
        lambda p, config: {"angle": config.turn * np.sin(np.pi * p)},
    ),
}
