"""Compiled kernels: their work shared among threads, and the same code whether compiled now or loaded from a cache."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s5vh.base import threads
from s5vh.base.threads import shared_among_threads


@pytest.fixture
def four_threads(monkeypatch):
    monkeypatch.setattr(threads, "_threads", 4)


@given(jobs=st.integers(0, 100), count=st.integers(1, 8))
def test_every_job_is_done_exactly_once(jobs, count):
    done = np.zeros(jobs, int)

    @shared_among_threads(lambda done: len(done))
    def kernel(first, last, done):
        assert first < last or not jobs
        done[first:last] += 1

    before = threads._threads
    threads.set_kernel_threads(count)
    try:
        kernel(done)
    finally:
        threads.set_kernel_threads(before)
    assert (done == 1).all()


def test_several_threads_work_at_the_same_time(four_threads):
    meeting = threading.Barrier(2, timeout=30)  # passes only if two threads are in the kernel at once

    @shared_among_threads(lambda: 2)
    def kernel(first, last):
        meeting.wait()

    kernel()
    assert not meeting.broken


def test_an_error_in_any_thread_reaches_the_caller(four_threads):
    @shared_among_threads(lambda: 16)
    def kernel(first, last):
        if last == 16:
            raise ValueError("the last piece")

    with pytest.raises(ValueError, match="the last piece"):
        for _ in range(20):
            kernel()


def test_two_callers_at_once_do_not_disturb_each_other(four_threads):
    @shared_among_threads(lambda out, value: len(out))
    def kernel(first, last, out, value):
        out[first:last] += value

    outs = [np.zeros(1000) for _ in range(6)]
    callers = [threading.Thread(target=lambda i=i: [kernel(outs[i], i) for _ in range(50)]) for i in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [set(out) for out in outs] == [{50.0 * i} for i in range(6)]


def test_a_forked_process_has_threads_of_its_own(four_threads):
    @shared_among_threads(lambda: 8)
    def kernel(first, last):
        pass

    kernel()
    child = os.fork()
    if child == 0:
        kernel()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


PROGRAM = """
import hashlib, torch
from s5vh.base.threads import set_kernel_threads
from s5vh.nn.backends import numba_cpu
from s5vh.nn.backends.scan_inputs import ScanInputs
torch.set_num_threads(1)
generator = torch.Generator().manual_seed(0)
normal = lambda *shape: torch.randn(*shape, generator=generator).requires_grad_()
u, delta, z, y = (normal(9, 7, 130) for _ in range(4))
B, C = (normal(9, 7, 3) for _ in range(2))
D, bias, weight, shift = (normal(130) for _ in range(4))
A = (-torch.rand(130, 3, generator=generator)).requires_grad_()
taps = normal(130, 1, 4)
for threads in (1, 2):
    set_kernel_threads(threads)
    (scanned,) = numba_cpu.scan([ScanInputs(u, delta, A, B, C, D, z, bias, True)], [False])
    (convolved,) = numba_cpu.conv_silu([(u, taps, bias)], [True])
    (normed,) = numba_cpu.norm_gate([(y, weight, shift, z)], 1e-5)
    outputs = [scanned, convolved, normed]
    inputs = [u, delta, A, B, C, D, z, bias, taps, y, weight, shift]
    gradients = torch.autograd.grad(sum((x * x).sum() for x in outputs), inputs)
    data = b"".join(x.detach().contiguous().numpy().tobytes() for x in (*outputs, *gradients))
    print(hashlib.sha256(data).hexdigest())
"""


def test_kernels_give_the_same_bits_compiled_or_cached_and_with_any_number_of_threads(tmp_path):
    """Otherwise a training would end with other weights in the process that happens to compile the kernels."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    digests = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert list(tmp_path.rglob("*.nbi"))
        digests += done.stdout.split()
    assert len(digests) == 4 and len(set(digests)) == 1
