"""Peak memory of workloads on the CPU, each measured in a process of its own.

So a measurement cannot disturb the next one, and a batch that is too large cannot end the study. Starting Python and
loading compiled kernels takes seconds, so a server process does it once and makes a copy of itself per measurement.
Until then it runs on a single thread, because a copy of a process does not have the threads of the original. Server and
copies end with the process that they work for, however that ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import torch

from s5vh.base.errors import UserError
from s5vh.base.memory import separate_pages
from s5vh.base.parent import end_at_once_with
from s5vh.config.studies import EfficiencyConfig
from s5vh.studies.probing import STEP, peak_memory
from s5vh.studies.workload import PURPOSES, Purpose, Workload
from s5vh.training.device import set_determinism, set_threads

_CPU = torch.device("cpu")
_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory")  # in torch's RuntimeError


class FreshProcesses:
    """Measures the memory of a method's workloads on the CPU; a context manager.

    Args:
        name: the method.
        config: settings of the study.
        folder: has the files made by `prepare`, in a folder per length.
        threads: CPU threads; None: as many as torch takes.
    """

    def __init__(self, name: str, config: EfficiencyConfig, folder: Path, threads: int | None):
        self._name = name
        words = [name, config.model_dump_json(), str(folder), json.dumps(threads), str(os.getpid())]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "s5vh.studies.fresh_process", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> FreshProcesses:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: Any, trace: TracebackType | None) -> None:
        if kind is not None:  # nobody waits for the measurement that may be in progress
            self._server.kill()
        with suppress(OSError):  # it has ended
            self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()

    def memory(self, purpose: Purpose, frames: int, videos: int) -> float | None:
        """Peak memory of a batch in bytes, see `peak_memory`; None if memory ran out or the system ended the process.

        Raises:
            UserError: the measurement failed for another reason, which is on the terminal.
        """
        try:
            self._server.stdin.write(json.dumps([purpose, frames, videos]) + "\n")
            self._server.stdin.flush()
            answer = json.loads(self._server.stdout.readline())
        except (OSError, ValueError):
            answer = "failed"
        if answer == "failed":
            raise UserError(
                f"{self._name}: the memory of {videos} videos of {frames} frames ({purpose}) could not be measured; "
                "the reason is above"
            )
        return answer


def _serve(name: str, config: EfficiencyConfig, folder: Path, threads: int | None) -> None:
    """Answer requests on the standard input, one line of JSON each."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed
    set_determinism(1)
    at_first = torch.get_num_threads()
    set_threads(1)
    separate_pages()
    _load_kernels(name, config, folder)
    for line in sys.stdin:
        purpose, frames, videos = json.loads(line)
        outcome = _in_a_copy(name, config, folder, threads or at_first, purpose, frames, videos)
        print(json.dumps(outcome), file=answers, flush=True)


def _load_kernels(name: str, config: EfficiencyConfig, folder: Path) -> None:
    """Run every purpose once with short videos."""
    frames = min(config.frames)
    for purpose in PURPOSES if config.training else PURPOSES[:1]:
        workload = Workload(name, config, purpose, frames, folder / str(frames))
        workload.load(STEP, _CPU)
        workload.run()


def _in_a_copy(
    name: str, config: EfficiencyConfig, folder: Path, threads: int, purpose: Purpose, frames: int, videos: int
) -> float | str | None:
    """Peak memory in bytes, None for lack of memory, or "failed"."""
    reading, writing = os.pipe()
    server = os.getpid()
    process = os.fork()
    if process == 0:
        end_at_once_with(server)
        os.close(reading)
        try:
            outcome = _measure(name, config, folder, threads, purpose, frames, videos)
        except BaseException:
            traceback.print_exc()
            outcome = "failed"
        os.write(writing, json.dumps(outcome).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return None if os.WTERMSIG(status) == 9 else "failed"  # 9 is how the kernel ends a process to free memory
    return json.loads(text)


def _measure(
    name: str, config: EfficiencyConfig, folder: Path, threads: int, purpose: Purpose, frames: int, videos: int
) -> float | None:
    set_threads(threads)
    try:
        return peak_memory(Workload(name, config, purpose, frames, folder / str(frames)), videos, _CPU)
    except MemoryError:
        return None
    except RuntimeError as error:
        if any(words in str(error) for words in _OUT_OF_MEMORY):
            return None
        raise


if __name__ == "__main__":
    method, settings, place, number, parent = sys.argv[1:]
    end_at_once_with(int(parent))
    try:
        _serve(method, EfficiencyConfig.model_validate_json(settings), Path(place), json.loads(number))
    except UserError as error:
        sys.exit(f"s5vh: error: {error}")
