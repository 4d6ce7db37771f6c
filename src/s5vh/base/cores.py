"""How many CPU cores this process may use."""

from __future__ import annotations

import math
import os
from pathlib import Path

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


def available_cores() -> int:
    """Cores this process may use, at least 1: those it is bound to, and no more than a container's CPU quota allows."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([bound, *(math.ceil(quota) for quota in _quotas())]))


def _quotas() -> list[float]:
    """CPU quotas, in cores, of the control groups (versions 1 and 2) that this process is in."""
    quotas = []
    for folder in _group_folders():
        try:
            if (file := folder / "cpu.max").is_file():
                quota, period = file.read_text(encoding="ascii").split()
            else:
                quota, period = (
                    (folder / f"cpu.cfs_{name}_us").read_text(encoding="ascii") for name in ("quota", "period")
                )
            if quota != "max" and int(quota) > 0:
                quotas.append(int(quota) / int(period))
        except (OSError, ValueError, ZeroDivisionError):  # no such controller
            continue
    return quotas


def _group_folders() -> list[Path]:
    """Folders of the process's groups and of those around them; in a container, often only the topmost exists."""
    try:
        lines = _OWN_GROUPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    folders = {_CONTROL_GROUPS: None, _CONTROL_GROUPS / "cpu": None}
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = _CONTROL_GROUPS / "cpu" if controllers else _CONTROL_GROUPS
        path = Path(group.strip("/"))
        folders |= dict.fromkeys([top / path, *(top / parent for parent in path.parents)])
    return list(folders)
