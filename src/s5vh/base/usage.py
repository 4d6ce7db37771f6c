"""Peak memory and processor time of commands, recorded in a folder that the environment names.

Snakemake's benchmarks look at a job now and then, and see nothing of one that runs in a copy of another process. What
the system has counted until the end of the process is exact for both.
"""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json

USAGE = "S5VH_USAGE"
_KIBIBYTE = 1024


def record_usage(words: Sequence[str]) -> None:
    """Write the usage of this process to a new file in the folder `S5VH_USAGE`, if that is there.

    The file has the `words` of the command, `peak_bytes`, the largest resident memory of this process or of one that it
    started, and `cpu_seconds` of all of them. In a copy of another process, the peak includes the libraries that were
    loaded before. A folder that is missing or cannot be written is passed over: the command itself has done its work.
    """
    folder = os.environ.get(USAGE, "")
    if not os.path.isdir(folder):
        return
    times = os.times()
    record = {
        "words": list(words),
        "peak_bytes": max(_peak_of_this_process(), _maximum(resource.RUSAGE_CHILDREN)),
        "cpu_seconds": times.user + times.system + times.children_user + times.children_system,
    }
    with contextlib.suppress(UserError):
        write_json(Path(folder, f"{os.uname().nodename}-{os.getpid()}-{time.time_ns()}.json"), record)


def read_usage(folder: Path) -> list[dict]:
    """All records in a folder, in no particular order."""
    return [read_json(file) for file in sorted(folder.glob("*.json"))]


def _maximum(who: int) -> int:
    return resource.getrusage(who).ru_maxrss * _KIBIBYTE


def _peak_of_this_process() -> int:
    """Not `ru_maxrss` if there is something better: that starts at the memory of the process that started this one."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _KIBIBYTE
    return _maximum(resource.RUSAGE_SELF)
