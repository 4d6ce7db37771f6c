"""Device selection and reproducibility."""

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
from s5vh.base.threads import set_kernel_threads

GPU_SLOTS = 24  # lock files per GPU
GPU_SHARES = (1, 2, 3, 4, 6, 8)  # allowed numbers of jobs sharing one GPU


def set_determinism(seed: int) -> None:
    """Seed all generators and enable deterministic algorithms: same seed on the same machine, same result."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is only deterministic with a fixed workspace
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    # Like `torch.use_deterministic_algorithms(True, warn_only=True)`, which imports the compiler: 2 s at every start.
    torch.set_deterministic_debug_mode("warn")
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False  # torch's default for convolutions and LSTMs, other than for products
    # Costs a pass over every new tensor, for debugging only.
    torch.utils.deterministic.fill_uninitialized_memory = False


@contextmanager
def matrix_products(precision: str) -> Iterator[None]:
    """Matmul precision of whole training steps, including backward; codes are computed outside and never in TF32."""
    backends = torch.backends.cuda.matmul, torch.backends.cudnn
    before = [backend.allow_tf32 for backend in backends]
    for backend in backends:
        backend.allow_tf32 = precision == "tf32"
    try:
        yield
    finally:
        for backend, allowed in zip(backends, before, strict=True):
            backend.allow_tf32 = allowed


@contextmanager
def deterministic_attention(device: torch.device) -> Iterator[None]:
    """Attention on a GPU without fused kernels, whose gradients are sums in an order that varies.

    Torch has a deterministic variant, which it only chooses where all operations without one are errors. On the CPU,
    where the same flags apply, fused kernels are deterministic and stay.
    """
    if device.type != "cuda":
        yield
        return
    from torch.nn.attention import SDPBackend, sdpa_kernel

    with sdpa_kernel(SDPBackend.MATH):
        yield


def set_threads(threads: int | None) -> None:
    """Set the number of CPU threads of torch and the compiled kernels; None leaves both unchanged."""
    if threads is None:
        return
    torch.set_num_threads(threads)
    set_kernel_threads(threads)


@contextmanager
def device_lock(name: str = "auto", share: int = 1) -> Iterator[torch.device]:
    """Select a device; a GPU, or a share of one, is reserved among this package's processes until the block ends.

    Snakemake starts jobs in parallel but does not assign GPUs to them, so jobs coordinate through lock files.

    Args:
        name: "auto" (a free GPU if there is any GPU, else the CPU), "cpu", "cuda" or "cuda:N".
        share: number of jobs that may share a GPU, one of `GPU_SHARES`; 1 reserves it exclusively.

    Raises:
        UserError: the device does not exist, or the share is not allowed.
    """
    if share not in GPU_SHARES:
        raise UserError(f"jobs per GPU: {share} is not one of {', '.join(map(str, GPU_SHARES))}")
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        yield torch.device("cpu")
        return
    if name != "auto" and not name.startswith("cuda"):
        raise UserError(f"device {name!r}: unknown; choose auto, cpu, cuda or cuda:N")
    count = torch.cuda.device_count()
    if count == 0:
        raise UserError(f"device {name!r}: no usable GPU on this machine; choose cpu or auto")
    if ":" in name:
        index = name.split(":", 1)[1]
        if not index.isdigit() or int(index) >= count:
            raise UserError(f"device {name!r}: this machine has GPUs 0 to {count - 1}")
        candidates = [int(index)]
    else:
        candidates = list(range(count))
    with _acquire_slots(candidates, GPU_SLOTS // share) as index:
        yield torch.device("cuda", index)


@contextmanager
def _acquire_slots(candidates: list[int], wanted: int) -> Iterator[int]:
    """Lock `wanted` slots of the GPU with the most free ones, all or none, so that jobs cannot deadlock.

    Jobs take turns at waiting, so that one that needs a whole GPU is not passed again and again by those that share.
    """
    # Indices refer to visible devices, so processes with different CUDA_VISIBLE_DEVICES must not share locks.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "all").replace(",", "-")
    folder = Path(tempfile.gettempdir()) / f"s5vh-gpu-locks-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    with ExitStack() as held:  # closing a file releases its lock
        with open(folder / f"{visible}-{'-'.join(map(str, candidates))}.turn", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            while (index := _try_slots(folder / visible, candidates, wanted, held)) is None:
                time.sleep(0.2)
        yield index


def _try_slots(prefix: Path, candidates: list[int], wanted: int, held: ExitStack) -> int | None:
    """The GPU whose slots were locked, with the files in `held`; None if none has enough free ones."""
    with ExitStack() as stack:
        free = {}
        for index in candidates:
            names = [f"{prefix}-{index}-{n}.lock" for n in range(GPU_SLOTS)]
            free[index] = [file for name in names if _try_lock(file := stack.enter_context(open(name, "w")))]
        best = max(candidates, key=lambda index: len(free[index]))
        if len(free[best]) < wanted:
            return None
        for index, files in free.items():
            for file in files[wanted:] if index == best else files:
                file.close()
        held.enter_context(stack.pop_all())
        return best


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def device_name(device: torch.device) -> str:
    """Device name for provenance: "cpu" or the GPU model."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
