"""Choosing where to run, and running reproducibly."""

from __future__ import annotations

import fcntl
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import torch

from s5vh.base.errors import UserError

GPU_SLOTS = 24  # lock files of a GPU
GPU_SHARES = (1, 2, 3, 4, 6, 8)  # so many jobs may have one together


def set_determinism(seed: int) -> None:
    """Seed every generator and ask torch for deterministic algorithms: same seed, same machine, same result."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is deterministic only with a fixed workspace
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False
    torch.utils.deterministic.fill_uninitialized_memory = False  # a pass over every new tensor, for debugging only


@contextmanager
def matrix_products(precision: str) -> Iterator[None]:
    """Context of whole training steps, backward passes included; codes computed outside it are never in TF32."""
    flags = torch.backends.cuda.matmul
    before = flags.allow_tf32
    flags.allow_tf32 = precision == "tf32"
    try:
        yield
    finally:
        flags.allow_tf32 = before


def set_threads(threads: int | None) -> None:
    """Use this many CPU threads in torch and in the numba kernels; None leaves both as they are."""
    if threads is None:
        return
    import numba

    torch.set_num_threads(threads)
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))


@contextmanager
def device_lock(name: str = "auto", share: int = 1) -> Iterator[torch.device]:
    """The device to run on; a share of a GPU is held, among processes of this software, until the block ends.

    Snakemake starts several jobs but never tells them which GPU is theirs, so jobs agree through lock files.

    Args:
        name: "auto" (a free GPU if there is any GPU, else the CPU), "cpu", "cuda" or "cuda:1".
        share: how many jobs like this one may use a GPU at a time, one of `GPU_SHARES`; 1 has it alone.

    Raises:
        UserError: a device that this machine does not have, or a share that is not offered.
    """
    if share not in GPU_SHARES:
        raise UserError(f"jobs that share a GPU: {share} is none of {', '.join(map(str, GPU_SHARES))}")
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
    with _slots_of_one(candidates, GPU_SLOTS // share) as index:
        yield torch.device("cuda", index)


@contextmanager
def _slots_of_one(candidates: list[int], wanted: int) -> Iterator[int]:
    """Hold `wanted` lock files of the GPU that has most of them free; all or none, so no two jobs wait for another."""
    # Indices count visible devices, so processes with different CUDA_VISIBLE_DEVICES must not share a lock.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "all").replace(",", "-")
    folder = Path(tempfile.gettempdir()) / f"s5vh-gpu-locks-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    while True:
        with ExitStack() as stack:  # closing a file releases its lock
            free = {}
            for index in candidates:
                files = [
                    stack.enter_context(open(folder / f"{visible}-{index}-{n}.lock", "w")) for n in range(GPU_SLOTS)
                ]
                free[index] = [file for file in files if _locked(file)]
            best = max(candidates, key=lambda index: len(free[index]))
            if len(free[best]) >= wanted:
                for index, files in free.items():
                    for file in files[wanted:] if index == best else files:
                        file.close()
                yield best
                return
        time.sleep(1 + random.random())  # not in step with another job that looks at the same moment


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def device_name(device: torch.device) -> str:
    """Name for provenance: "cpu" or the GPU's model."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
