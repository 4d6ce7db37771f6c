"""Provenance of results: version, commit, settings, seed, device and library versions. No host or user names."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import s5vh
from s5vh.base.cores import available_cores
from s5vh.base.installation import checkout_folder

_LIBRARIES = (
    *("torch", "numpy", "scipy", "scikit-learn", "h5py", "numba", "snakemake", "triton", "mamba-ssm"),
    *("av", "pillow"),
)


def digest(value: Any) -> str:
    """Truncated SHA-256 of a JSON-serializable value, independent of key order."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _git_commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=10, check=True).stdout.strip()

    folder = checkout_folder()
    if folder is None:  # an installed package may lie in somebody else's repository
        return "unknown"
    try:
        commit = git("rev-parse", "HEAD")
        return commit + ("-dirty" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, UnicodeDecodeError, subprocess.SubprocessError):
        return "unknown"


@cache
def library_versions() -> dict[str, str]:
    """Versions of the libraries that can affect results; those not installed are omitted."""
    from importlib import metadata  # here, because every command imports this file and few need it

    versions = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


@cache
def hardware() -> dict[str, Any]:
    """Processor name, usable cores and memory in GiB; GPUs are recorded by the stages that use them."""
    cpu = platform.processor() or platform.machine()
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": cpu, "cores": available_cores(), "memory_gib": round(memory, 1)}


def origin(path: Path) -> dict[str, Any]:
    """Name, size and SHA-256 of an external file that an artifact is created from."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256}


def provenance(*, settings: Any = None, seed: int | None = None, device: str = "cpu", **extra: Any) -> dict[str, Any]:
    """The provenance record stored in every artifact.

    Args:
        settings: settings of the stage; stored with their digest.
        seed: the seed used, if any.
        device: "cpu" or the GPU's name.
        extra: further JSON-serializable facts about the stage.
    """
    record: dict[str, Any] = {
        "s5vh": s5vh.__version__,
        "commit": _git_commit(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": device,
        "hardware": hardware(),
        "libraries": library_versions(),
    }
    if settings is not None:
        record |= {"settings": settings, "settings_digest": digest(settings)}
    if seed is not None:
        record["seed"] = seed
    return record | extra
