"""Choosing where to run, and running reproducibly."""

from __future__ import annotations

import fcntl
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from s5vh.errors import UserError


def set_determinism(seed: int) -> None:
    """Seed every generator and ask torch for deterministic algorithms: same seed, same machine, same result."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is deterministic only with a fixed workspace
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False


def set_threads(threads: int | None) -> None:
    """Use this many CPU threads in torch and in the numba kernels; None leaves both as they are."""
    if threads is None:
        return
    import numba

    torch.set_num_threads(threads)
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))


@contextmanager
def device_lock(name: str = "auto") -> Iterator[torch.device]:
    """The device to run on; a GPU is held exclusively, among processes of this software, until the block ends.

    Snakemake starts several jobs but never tells them which GPU is theirs, so jobs agree through lock files.

    Args:
        name: "auto" (a free GPU if there is any GPU, else the CPU), "cpu", "cuda" or "cuda:1".

    Raises:
        UserError: a device that this machine does not have.
    """
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        yield torch.device("cpu")
        return
    if name != "auto" and not name.startswith("cuda"):
        raise UserError(f"device {name!r}: unknown; choose auto, cpu, cuda or cuda:N")
    count = torch.cuda.device_count()
    if count == 0:
        raise UserError(f"device {name!r}: this machine has no usable GPU; choose cpu or auto")
    if ":" in name:
        index = name.split(":", 1)[1]
        if not index.isdigit() or int(index) >= count:
            raise UserError(f"device {name!r}: this machine has GPUs 0 to {count - 1}")
        candidates = [int(index)]
    else:
        candidates = list(range(count))
    with _first_free(candidates) as index:
        yield torch.device("cuda", index)


@contextmanager
def _first_free(candidates: list[int]) -> Iterator[int]:
    # Indices count visible devices, so processes with different CUDA_VISIBLE_DEVICES must not share a lock.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "all").replace(",", "-")
    folder = Path(tempfile.gettempdir()) / f"s5vh-gpu-locks-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    files = [(index, open(folder / f"{visible}-{index}.lock", "w")) for index in candidates]  # noqa: SIM115
    try:
        while True:
            for index, file in files:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield index
                return
            time.sleep(1)
    finally:
        for _, file in files:
            file.close()  # closing releases the lock


def device_name(device: torch.device) -> str:
    """Name for provenance: "cpu" or the GPU's model."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
