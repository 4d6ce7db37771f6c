"""Peak memory of a workload, and the largest batch that fits."""

import math

import pytest
import torch

from s5vh.base.errors import UserError
from s5vh.studies import probing
from s5vh.studies.probing import largest_batch, memory_if_it_suffices, memory_mark, memory_peak, peak_memory

CPU, GPU = torch.device("cpu"), torch.device("cuda")
AFFINE = lambda videos: 3e6 + 1.1e6 * videos  # noqa: E731
BENT = lambda videos: 50e6 + 2e6 * max(0, videos - 37) ** 1.5 + 1e4 * videos  # noqa: E731
STEPS = lambda videos: 1e7 * math.ceil(videos / 64)  # noqa: E731


@pytest.mark.parametrize("memory", [AFFINE, BENT, STEPS], ids=["affine", "bent", "steps"])
@pytest.mark.parametrize("budget", [1e6, 6e6, 8.6e6, 64e6, 65e6, 2.56e8, 1e10])
def test_the_largest_batch_is_exact(memory, budget):
    asked = []

    def remembered(videos):
        asked.append(videos)
        return memory(videos)

    found = largest_batch(remembered, budget, most=20_000)
    expected = max([videos for videos in range(5, 20_001, 5) if memory(videos) <= budget], default=0)
    assert found.videos == expected and found.memory == (memory(expected) if expected else 0)
    assert len(asked) == len(set(asked)) <= 24 and list(found.probes) == asked
    if 0 < expected < 20_000:
        assert found.probes[expected] <= budget < found.probes[expected + 5]


def test_affine_memory_needs_few_batches():
    for budget in (64e6, 2.56e8, 8e10):
        assert len(largest_batch(AFFINE, budget).probes) <= 6


def test_measurements_with_noise_end_with_a_batch_that_fits():
    noise = iter([0, 3e6, -4e6, 2e6, -1e6] * 20)
    found = largest_batch(lambda videos: AFFINE(videos) + next(noise), 1e8)
    assert found.probes[found.videos] <= 1e8 < found.probes[found.videos + 5]


@pytest.mark.parametrize("limit", [4, 5, 93, 1000])
def test_running_out_of_memory_is_an_answer(limit):
    found = largest_batch(lambda videos: AFFINE(videos) if videos <= limit else None, 1e15, most=5_000)
    assert found.videos == limit // 5 * 5
    assert all((peak is None) == (videos > limit) for videos, peak in found.probes.items())


def test_batches_have_a_limit():
    assert largest_batch(lambda videos: 1.0, 100.0, most=42).videos == 40
    assert largest_batch(lambda videos: 0.0, 100.0, most=42).videos == 40


class Work:
    """A workload whose run takes memory in proportion to the loaded videos."""

    def __init__(self, most=10**9, error=None):
        self.events, self.network, self.most, self.error = [], torch.nn.Linear(1, 1), most, error

    def load(self, videos, device):
        self.events.append(("load", videos))
        self.loaded = torch.ones(videos, 2**18)

    def run(self):
        self.events.append("run")
        if len(self.loaded) > self.most:
            raise self.error
        self.loaded.exp().sum()

    def unload(self):
        self.events.append("unload")
        self.loaded = None


def test_memory_grows_with_what_is_used():
    for videos in (8, 64):  # MiB of features, and as much again
        assert peak_memory(Work(), videos, CPU) / 2**20 == pytest.approx(2 * videos, abs=8)


def test_peak_memory_is_what_one_batch_adds_after_a_small_one_has_warmed_up(monkeypatch):
    for peak, expected in ((130.0, 30.0), (90.0, 0.0)):
        work = Work()
        monkeypatch.setattr(probing, "memory_mark", lambda device, work=work: work.events.append("mark") or 100.0)
        monkeypatch.setattr(probing, "memory_peak", lambda device, peak=peak: peak)
        assert peak_memory(work, 7, CPU) == expected
        assert work.events == [("load", 5), "run", "unload", "mark", ("load", 7), "run", "unload"]


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("Triton Error [CUDA]: out of memory"),
    ],
    ids=["torch", "cublas", "triton"],
)
def test_a_gpu_without_memory_is_an_answer_after_which_its_memory_is_free(monkeypatch, error):
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: work.events.append("emptied"))
    monkeypatch.setattr(probing, "memory_mark", lambda device: 0.0)
    monkeypatch.setattr(probing, "memory_peak", lambda device: 9.0)
    work = Work(most=10, error=error)
    assert memory_if_it_suffices(work, 10, CPU) == 9.0 and "emptied" not in work.events
    assert memory_if_it_suffices(work, 11, CPU) is None
    assert work.events[-2:] == ["unload", "emptied"] and work.loaded is None
    with pytest.raises(RuntimeError, match="illegal memory access"):
        memory_if_it_suffices(Work(most=1, error=RuntimeError("an illegal memory access")), 2, CPU)


def test_memory_of_a_gpu_is_that_of_its_allocator(monkeypatch):
    calls = []
    answers = {"reset_peak_memory_stats": None, "memory_allocated": 5, "max_memory_allocated": 12}
    for name, answer in answers.items():
        monkeypatch.setattr(torch.cuda, name, lambda device, n=name, a=answer: calls.append((n, device)) or a)
    assert (memory_mark(GPU), memory_peak(GPU)) == (5.0, 12.0)
    assert calls == [(name, GPU) for name in answers]


def test_memory_of_a_process_is_in_bytes(monkeypatch):
    class File:
        def __init__(self, name):
            self.name = name

        def read_text(self):
            assert self.name == "/proc/self/status"
            return "Name:\tVmRSS\nVmHWM:\t    300 kB\nVmRSS:\t      7 kB\n"

        def write_text(self, text):
            events.append((self.name, text))

    events = []
    monkeypatch.setattr(probing, "Path", File)
    monkeypatch.setattr(probing, "_return_free_memory", lambda: events.append("freed"))
    assert (memory_mark(CPU), memory_peak(CPU)) == (7 * 1024, 300 * 1024)
    assert events == ["freed", ("/proc/self/clear_refs", "5")]
    with pytest.raises(UserError, match="no field VmSwap; CPU memory can only be measured on Linux"):
        probing._status("VmSwap")
